"""Cases of the stem axes."""

from __future__ import annotations

import numpy as np
from numpy.exceptions import AxisError

from op_cases.case import Case, normal

CASES: list[Case] = []

CASES += [
    Case(
        "transpose",
        normal(shape),
        np.transpose,
        options={"axes": axes},
        ulps=0,
        errors=(
            (
                (np.ones((2, 3)), (0, 0)),
                ValueError,
                r"\[transpose\] repeated axis .* received x \(2, 3\), axes \(0, 0\)",
            ),
        ),
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
CASES += [
    Case(
        "swapaxes",
        normal(shape),
        np.swapaxes,
        options={"axis1": axis1, "axis2": axis2},
        ulps=0,
        errors=(
            ((np.ones((2, 3)), 0, 2), AxisError, r"\[swapaxes\] .* received x \(2, 3\), axis1 0, axis2 2"),
        ),
        name=name,
    )
    for name, shape, axis1, axis2 in [
        ("matrix", (2, 3), 0, 1),
        ("negative", (2, 3, 4), 0, -1),
        ("same", (2, 3), 1, 1),
        ("empty", (0, 3, 2), 1, 2),
    ]
]
CASES += [
    Case(
        "moveaxis",
        normal(shape),
        np.moveaxis,
        options={"source": source, "destination": destination},
        ulps=0,
        errors=(
            ((np.ones((2, 3)), 2, 0), AxisError, r"\[moveaxis\] .* received x \(2, 3\)"),
            ((np.ones((2, 3)), (0, 1), 0), ValueError, "same number of elements"),
        ),
        name=name,
    )
    for name, shape, source, destination in [
        ("first_to_last", (2, 3, 4), 0, -1),
        ("several", (2, 3, 4), (0, -1), (1, 0)),
        ("none", (2, 3), (), ()),
        ("empty", (0, 3, 2), 2, 0),
    ]
]
CASES += [
    Case(
        "flip",
        normal(shape),
        np.flip,
        options={"axis": axis},
        ulps=0,
        errors=(((np.ones(2), 1), AxisError, r"\[flip\] .* received x \(2,\), axis 1"),),
        name=name,
    )
    for name, shape, axis in [
        ("all", (2, 3), None),
        ("one", (2, 3, 2), -2),
        ("two", (2, 3, 2), (0, -1)),
        ("no_dimensions", (), None),
        ("empty", (0, 3), 1),
    ]
]
CASES += [
    Case(
        "roll",
        normal(shape),
        np.roll,
        options={"shift": shift, "axis": axis},
        ulps=0,
        errors=(
            ((np.ones(2), 1, 1), AxisError, r"\[roll\] .* received x \(2,\), shift 1, axis 1"),
            ((np.ones((2, 2)), (1, 2, 3), (0, 1)), ValueError, "roll"),
        ),
        name=name,
    )
    for name, shape, shift, axis in [
        ("all", (2, 3), 2, None),
        ("one", (2, 3), -1, 1),
        ("far", (5,), 13, 0),
        ("several", (3, 4), (1, -2), (0, 1)),
        ("one_shift", (3, 4), 2, (0, 1)),
        ("same_axis_twice", (5,), (1, 3), (0, 0)),
        ("no_dimensions", (), 1, None),
        ("empty", (0, 3), 1, 0),
    ]
]
CASES += [
    Case(
        "rot90",
        normal(shape),
        np.rot90,
        options={"k": k, "axes": axes},
        ulps=0,
        errors=(
            ((np.ones(2),), ValueError, r"\[rot90\] .* received x \(2,\)"),
            ((np.ones((2, 2)), 1, (0, 0)), ValueError, "must be different"),
        ),
        name=name,
    )
    for name, shape, k, axes in [
        ("once", (2, 3), 1, (0, 1)),
        ("twice", (2, 3), 2, (0, 1)),
        ("back", (2, 3), -1, (0, 1)),
        ("plane", (2, 3, 4), 3, (2, 0)),
        ("none", (2, 3), 4, (0, 1)),
    ]
]
