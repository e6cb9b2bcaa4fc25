"""Cases of the stem tensordot."""

from __future__ import annotations

import numpy as np
from numpy.exceptions import AxisError

from op_cases.case import Case, normal

CASES: list[Case] = [
    Case(
        "tensordot",
        normal(a, b),
        np.tensordot,
        options={"axes": axes},
        differentiate=(0, 1),
        terms=lambda a, b: 15,  # at most
        errors=(
            (
                (np.ones((2, 3)), np.ones((2, 3)), 1),
                ValueError,
                r"\[tensordot\] x1.shape\[1\] must equal x2.shape\[0\]; "
                r"received x1 \(2, 3\), x2 \(2, 3\), axes 1",
            ),
            (
                (np.ones((2, 3)), np.ones((2, 3)), 3),
                AxisError,
                r"\[tensordot\] axes must be dimensions of x1",
            ),
            ((np.ones(2), np.ones(2), (0, 1)), AxisError, r"\[tensordot\] axes must be dimensions of x2"),
            ((np.ones(2), np.ones((2, 2)), ([0], [0, 1])), ValueError, "as many dimensions"),
            ((np.ones((2, 2)), np.ones((2, 2)), ([0, 0], [0, 0])), ValueError, "a dimension twice"),
        ),
        name=name,
    )
    for name, a, b, axes in [
        ("two", (2, 3, 5), (3, 5, 2), 2),
        ("one", (3, 5), (5, 2), 1),
        ("none", (2, 3), (2,), 0),
        ("all", (3, 5), (3, 5), 2),
        ("pair", (2, 3), (2, 4), (0, 0)),
        ("pairs", (2, 3, 5), (5, 3, 4), ([1, 2], [1, 0])),
        ("negative", (2, 5, 3), (5, 2, 4), ([-2], [-3])),
        ("no_pairs", (2,), (3,), ([], [])),
        ("numbers", (), (), 0),
        ("no_terms", (2, 0), (0, 3), 1),
        ("empty", (0, 3), (3, 2), 1),
    ]
]
