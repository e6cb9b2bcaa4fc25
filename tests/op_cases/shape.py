"""Cases of the stem shape."""

from __future__ import annotations

import numpy as np
from numpy.exceptions import AxisError

from op_cases.case import Case, normal

CASES: list[Case] = []

CASES += [
    Case(
        "reshape",
        normal(shape),
        np.reshape,
        options={"shape": to},
        ulps=0,
        errors=(
            (
                (np.ones((2, 3)), (4, -1)),
                ValueError,
                r"\[reshape\] cannot reshape .* x \(2, 3\), shape \(4, -1\)",
            ),
        ),
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
    Case("ravel", normal(shape), np.ravel, ulps=0, name=name)
    for name, shape in [("3d", (2, 3, 4)), ("vector", (3,)), ("no_dimensions", ()), ("empty", (0, 3))]
]
CASES += [
    Case(
        "expand_dims",
        normal(shape),
        np.expand_dims,
        options={"axis": axis},
        ulps=0,
        errors=(
            ((np.ones(2), 2), AxisError, r"\[expand_dims\] axis 2 .* received x \(2,\), axis 2"),
            ((np.ones(2), (0, 0)), ValueError, "repeated axis"),
            ((np.ones(2), 1.5), TypeError, "expand_dims"),
        ),
        name=name,
    )
    for name, shape, axis in [
        ("first", (2, 3), 0),
        ("last", (2, 3), -1),
        ("after_last", (2, 3), 2),
        ("before", (2, 3), -3),
        ("two", (2, 3), (0, -1)),
        ("no_dimensions", (), 0),
        ("empty", (0,), 1),
    ]
]
CASES += [
    Case(
        "squeeze",
        normal(shape),
        np.squeeze,
        options={"axis": axis},
        ulps=0,
        errors=(
            ((np.ones((1, 2)), 1), ValueError, r"\[squeeze\] cannot .* received x \(1, 2\), axis 1"),
            ((np.ones((1, 2)), 2), AxisError, r"\[squeeze\] axis 2 is out of bounds"),
        ),
        name=name,
    )
    for name, shape, axis in [
        ("all", (1, 2, 1, 3), None),
        ("one", (1, 2, 1, 3), -2),
        ("two", (1, 2, 1, 3), (0, 2)),
        ("nothing", (2, 3), None),
        ("to_no_dimensions", (1, 1), None),
        ("no_dimensions", (), None),
    ]
]
CASES += [
    Case(
        "broadcast_to",
        normal(shape),
        np.broadcast_to,
        options={"shape": to},
        ulps=0,
        errors=(
            ((np.ones(3), (3, 2)), ValueError, r"\[broadcast_to\] .* received x \(3,\), shape \(3, 2\)"),
        ),
        name=name,
    )
    for name, shape, to in [
        ("new", (3,), (2, 3)),
        ("ones", (2, 1, 3), (2, 4, 3)),
        ("both", (1, 3), (4, 2, 3)),
        ("same", (2, 3), (2, 3)),
        ("no_dimensions", (), (2, 2)),
        ("empty", (1, 3), (0, 3)),
    ]
]
