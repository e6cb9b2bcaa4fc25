"""Cases of the stem arithmetic."""

from __future__ import annotations

import numpy as np

from op_cases.case import BROADCAST, Case, away_from_zero, normal

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
CASES += [
    Case("negative", normal(shape), np.negative, ulps=0, name=name)
    for name, shape in [("3d", (2, 3, 4)), ("odd", (37,)), ("no_dimensions", ()), ("empty", (0, 4))]
]
