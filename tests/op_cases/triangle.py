"""Cases of the stem triangle."""

from __future__ import annotations

import numpy as np
from numpy.exceptions import AxisError

from op_cases.case import Case, normal

CASES: list[Case] = []

CASES += [
    Case(
        "diagonal",
        normal(shape),
        np.diagonal,
        options=options,
        ulps=0,
        errors=(
            ((np.ones(2),), ValueError, r"\[diagonal\] diag requires .* received x \(2,\)"),
            ((np.ones((2, 2)), 0, 1, 1), ValueError, r"\[diagonal\] axis1 and axis2 cannot be the same"),
            ((np.ones((2, 2)), 0, 0, 2), AxisError, r"\[diagonal\] .*axis 2 is out of bounds"),
        ),
        name=name,
    )
    for name, shape, options in [
        ("square", (3, 3), {}),
        ("above", (3, 4), {"offset": 1}),
        ("below", (3, 4), {"offset": -2}),
        ("outside", (2, 3), {"offset": 5}),
        ("stack", (2, 3, 4), {"axis1": -2, "axis2": -1}),
        ("turned", (2, 3, 2), {"offset": 1, "axis1": 2, "axis2": 0}),
    ]
]
CASES += [
    Case(
        "trace",
        normal(shape),
        np.trace,
        options=options,
        terms=lambda x: min(x.shape),
        errors=(((np.ones(2),), ValueError, r"\[trace\] diag requires"),),
        name=name,
    )
    for name, shape, options in [
        ("square", (3, 3), {}),
        ("above", (3, 4), {"offset": 1}),
        ("stack", (2, 3, 4), {"axis1": -2, "axis2": -1}),
    ]
]
CASES += [
    Case(
        "diag",
        normal(shape),
        np.diag,
        options={"k": k},
        ulps=0,
        errors=(((np.ones((1, 1, 1)),), ValueError, r"\[diag\] .* received x \(1, 1, 1\)"),),
        name=name,
    )
    for name, shape, k in [
        ("vector", (3,), 0),
        ("vector_above", (2,), 2),
        ("vector_below", (2,), -1),
        ("matrix", (3, 3), 0),
        ("matrix_above", (2, 4), 1),
        ("matrix_below", (4, 2), -1),
        ("empty", (0,), 1),
    ]
]
CASES += [
    Case(
        op,
        normal(shape),
        getattr(np, op),
        options={"k": k},
        ulps=0,
        errors=(((np.ones(()),), TypeError, rf"\[{op}\] x must have at least one dimension"),),
        name=name,
    )
    for op in ("tril", "triu")
    for name, shape, k in [
        ("square", (3, 3), 0),
        ("above", (3, 4), 1),
        ("below", (4, 3), -1),
        ("stack", (2, 3, 3), 0),
        ("vector", (3,), 0),
        ("empty", (0, 2), 0),
    ]
]
