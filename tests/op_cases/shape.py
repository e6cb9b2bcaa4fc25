"""Cases of the stem shape."""

from __future__ import annotations

import numpy as np

from op_cases.case import Case, normal

CASES: list[Case] = []

CASES += [
    Case(
        "reshape",
        normal(shape),
        np.reshape,
        options={"shape": to},
        ulps=0,
        errors=(((np.ones((2, 3)), (4, -1)), ValueError, "cannot reshape"),),
        name=name,
    )
    for name, shape, to in [
        ("flat", (2, 3, 4), (-1,)),
        ("rows", (12,), (3, 4)),
        ("more", (1,), (1, 1, 1)),
        ("empty", (0, 4), (2, 0)),
        ("no_dimensions", (1, 1), ()),
    ]
]
CASES += [
    Case(
        "transpose",
        normal(shape),
        np.transpose,
        options={"axes": axes},
        ulps=0,
        errors=(((np.ones((2, 3)), (0, 0)), ValueError, "repeated axis"),),
        name=name,
    )
    for name, shape, axes in [
        ("matrix", (2, 3), None),
        ("3d", (2, 3, 4), (2, 0, 1)),
        ("negative_axes", (2, 3, 4), (0, -1, 1)),
        ("vector", (3,), None),
        ("no_dimensions", (), None),
    ]
]
