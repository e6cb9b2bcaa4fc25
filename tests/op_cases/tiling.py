"""Cases of the stem tiling."""

from __future__ import annotations

import numpy as np
from numpy.exceptions import AxisError

from op_cases.case import Case, normal

CASES: list[Case] = []

CASES += [
    Case(
        "tile",
        normal(shape),
        lambda x, repeats: np.tile(x, repeats),
        options={"repeats": repeats},
        ulps=0,
        errors=(((np.ones(2), -1), ValueError, r"\[tile\] .* received x \(2,\), repeats -1"),),
        name=name,
    )
    for name, shape, repeats in [
        ("vector", (3,), 2),
        ("last", (2, 3), 2),
        ("all", (2, 3), (3, 2)),
        ("new", (2,), (2, 1, 3)),
        ("fewer", (2, 1, 3), (2, 1)),
        ("once", (2, 3), 1),
        ("never", (2,), 0),
        ("no_dimensions", (), (2, 2)),
        ("empty", (0, 2), (2, 2)),
    ]
]
CASES += [
    Case(
        "repeat",
        normal(shape),
        np.repeat,
        options={"repeats": repeats, "axis": axis},
        ulps=0,
        errors=(
            ((np.ones(2), 2, 1), AxisError, r"\[repeat\] .* received x \(2,\), repeats 2, axis 1"),
            ((np.ones(3), [1, 2]), ValueError, "could not be broadcast"),
            ((np.ones(3), -1), ValueError, r"\[repeat\]"),
        ),
        name=name,
    )
    for name, shape, repeats, axis in [
        ("all", (2, 3), 2, None),
        ("one", (2, 3), 3, 0),
        ("last", (2, 3), 2, -1),
        ("each", (2, 3), (1, 0, 2), 1),
        ("each_of_all", (2, 2), (1, 0, 2, 1), None),
        ("list_of_one", (3,), (2,), 0),
        ("never", (3,), 0, 0),
        ("no_dimensions", (), 3, None),
        ("empty", (0, 2), 2, 1),
    ]
]
