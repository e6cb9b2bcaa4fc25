"""Cases of the stem pad."""

from __future__ import annotations

from typing import Any

import numpy as np

from op_cases.case import Array, Case, normal

CASES: list[Case] = []


def _pad(x: Array, pad_width: Any, mode: Any = "constant", constant_values: Any = 0) -> Array:
    return np.pad(x, pad_width, mode, **({"constant_values": constant_values} if mode == "constant" else {}))


CASES += [
    Case(
        "pad",
        normal(shape),
        _pad,
        options={"pad_width": width, "mode": mode, **options},
        ulps=0,
        errors=(
            (
                (np.ones(2), -1),
                ValueError,
                r"\[pad\] .* must not be negative; received x \(2,\), pad_width -1",
            ),
            ((np.ones(2), ((1, 1), (1, 1))), ValueError, r"\[pad\] .* received x \(2,\)"),
            ((np.ones(2), 1.5), TypeError, r"\[pad\] pad_width must hold integers"),
            ((np.ones(2), 1, "mirror"), ValueError, r"\[pad\] mode 'mirror' is not supported"),
            ((np.ones(2), 1, "edge", 3.0), ValueError, r"\[pad\] constant_values need mode 'constant'"),
            ((np.ones((0, 2)), 1, "edge"), ValueError, r"\[pad\] can't extend empty axis 0"),
        ),
        name=name,
    )
    for name, shape, width, mode, options in [
        ("all", (2, 3), 1, "constant", {}),
        ("pair", (2, 3), (1, 2), "constant", {}),
        ("each", (2, 3), ((0, 1), (2, 0)), "constant", {"constant_values": 7.0}),
        ("values", (2,), (1, 2), "constant", {"constant_values": (3.0, 4.0)}),
        ("nothing", (2, 3), 0, "constant", {}),
        ("no_dimensions", (), 1, "constant", {}),
        ("empty", (0, 2), 1, "constant", {}),
        ("edge", (2, 3), ((1, 2), (0, 2)), "edge", {}),
        ("reflect", (2, 3), ((1, 0), (2, 1)), "reflect", {}),
        ("reflect_often", (3,), (7, 5), "reflect", {}),
        ("symmetric", (2, 3), ((1, 2), (3, 0)), "symmetric", {}),
        ("symmetric_often", (2,), (5, 7), "symmetric", {}),
        ("wrap", (2, 3), ((1, 3), (0, 2)), "wrap", {}),
    ]
]
CASES += [
    Case("pad", normal((3, 4)), _pad, {"pad_width": 2, "mode": "mean"}, (), terms=lambda x: 4, name="mean")
]
