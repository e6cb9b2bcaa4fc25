"""Cases of the stem arithmetic."""

from __future__ import annotations

import numpy as np

from op_cases.case import BROADCAST, SHAPES, Case, away_from_zero, normal, positive

CASES: list[Case] = []


CASES += [
    Case(
        reference.__name__,
        away_from_zero(a, b),
        reference,
        differentiate=(0, 1),
        ulps=0.5,
        errors=(
            (
                (np.ones((2, 3)), np.ones((2, 4))),
                ValueError,
                rf"\[{reference.__name__}\] shapes must broadcast; received \(2, 3\) and \(2, 4\)",
            ),
        ),
        name=name,
    )
    for reference in (np.add, np.subtract, np.multiply, np.divide)
    for name, a, b in BROADCAST
]
CASES += [Case("negative", normal(shape), np.negative, ulps=0, name=name) for name, shape in SHAPES]

CASES += [
    Case(op, make(shape), reference, ulps=ulps, differentiate=(0,), name=name)
    for op, make, reference, ulps in [
        ("absolute", away_from_zero, np.absolute, 0),
        ("sign", away_from_zero, np.sign, 0),
        ("square", normal, np.square, 0.5),
        ("sqrt", positive, np.sqrt, 0.5),
        ("rsqrt", positive, lambda x: 1 / np.sqrt(x), 1.5),
        ("reciprocal", away_from_zero, np.reciprocal, 0.5),
    ]
    for name, shape in SHAPES
]
