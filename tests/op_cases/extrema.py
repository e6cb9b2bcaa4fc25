"""Cases of the stem extrema."""

from __future__ import annotations

import numpy as np

from op_cases.case import BROADCAST, Case, normal

CASES = [
    Case(
        reference.__name__,
        normal(a, b),
        reference,
        differentiate=(0, 1),
        ulps=0,
        errors=(
            (
                (np.ones((2, 3)), np.ones((2, 4))),
                ValueError,
                rf"\[{reference.__name__}\] shapes must broadcast; received \(2, 3\) and \(2, 4\)",
            ),
        ),
        name=name,
    )
    for reference in (np.maximum, np.minimum, np.fmax, np.fmin)
    for name, a, b in BROADCAST
]
CASES += [
    Case("clip", normal(x, low, high), np.clip, differentiate=(0, 1, 2), ulps=0, name=name)
    for name, x, low, high in [
        ("numbers", (3, 4), (), ()),
        ("arrays", (3, 4), (4,), (3, 1)),
        ("odd", (37,), (37,), (37,)),
        ("no_dimensions", (), (), ()),
        ("empty", (0, 4), (4,), ()),
    ]
]
CASES += [
    Case(
        "clip",
        lambda rng: (np.array(rng.standard_normal((3, 7))),),
        lambda x, x_min, x_max: np.clip(x, x_min, x_max),
        options={"x_min": x_min, "x_max": x_max},
        ulps=0,
        name=name,
    )
    for name, x_min, x_max in [
        ("python_numbers", -0.5, 0.5),
        ("from_below_alone", -0.5, None),
        ("from_above_alone", None, 0.5),
    ]
]
