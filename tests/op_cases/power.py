"""Cases of the stem power."""

from __future__ import annotations

import numpy as np

from op_cases.case import BROADCAST, Case, away_from_zero, positive

CASES = [
    Case(
        "power",
        positive(a, b),
        np.power,
        differentiate=(0, 1),
        ulps=2,
        errors=(
            (
                (np.ones((2, 3)), np.ones((2, 4))),
                ValueError,
                r"\[power\] shapes must broadcast; received \(2, 3\) and \(2, 4\)",
            ),
        ),
        name=name,
    )
    for name, a, b in BROADCAST
]
CASES += [
    Case(
        "power",
        away_from_zero((3, 7)),
        lambda x1, x2: np.power(x1, x2),
        options={"x2": exponent},
        ulps=2,
        name=f"to_the_{exponent}",
    )
    for exponent in (0, 1, 2, 3, -1)
]
