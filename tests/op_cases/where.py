"""Cases of the stem where."""

from __future__ import annotations

import numpy as np

from op_cases.case import Array, Case


def _chosen(condition: tuple[int, ...], a: tuple[int, ...], b: tuple[int, ...]):
    def make(rng: np.random.Generator) -> tuple[Array, ...]:
        return (
            np.array(rng.random(condition) < 0.5),
            np.array(rng.standard_normal(a)),
            np.array(rng.standard_normal(b)),
        )

    return make


CASES = [
    Case("where", _chosen(condition, a, b), np.where, differentiate=(1, 2), ulps=0, name=name)
    for name, condition, a, b in [
        ("same", (3, 4), (3, 4), (3, 4)),
        ("odd", (37,), (37,), (37,)),
        ("number", (3, 4), (3, 4), ()),
        ("row", (4,), (3, 4), (3, 4)),
        ("column", (3, 1), (3, 4), (4,)),
        ("outer", (3, 1), (1, 4), ()),
        ("no_dimensions", (), (), ()),
        ("empty", (0, 4), (1, 4), (4,)),
    ]
]
