"""Cases of the stem sort."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.exceptions import AxisError

from op_cases.case import Array, Case, normal

CASES: list[Case] = []


def _values(op: Callable[..., Any], *inputs: Any, **options: Any) -> Any:
    return op(*inputs, **options)[0]


def _top_k(x: Array, k: int, **options: Any) -> Array:
    return np.flip(np.sort(x), -1)[..., :k]


CASES += [
    Case(
        "sort",
        normal(shape),
        np.sort,
        options={"axis": axis},
        ulps=0,
        errors=(((np.ones(2), 1), AxisError, r"\[sort\] axis 1 .* received x \(2,\), axis 1"),),
        name=name,
    )
    for name, shape, axis in [
        ("vector", (5,), -1),
        ("first", (4, 3), 0),
        ("middle", (2, 4, 3), 1),
        ("flat", (2, 3), None),
        ("empty", (2, 0), -1),
    ]
]
CASES += [
    Case(
        "top_k",
        normal(shape),
        _top_k,
        options={"k": k},
        ulps=0,
        errors=(
            ((np.ones((2, 3)), 4), ValueError, r"\[top_k\] k must lie in .* received x \(2, 3\), k 4"),
            ((np.ones(()), 1), ValueError, r"\[top_k\]"),
        ),
        call=_values,
        name=name,
    )
    for name, shape, k in [
        ("vector", (5,), 2),
        ("rows", (3, 4), 3),
        ("stack", (2, 2, 3), 1),
        ("every", (3,), 3),
        ("none", (3,), 0),
    ]
]
CASES += [
    Case(
        "argsort",
        normal(shape),
        lambda x, axis: np.argsort(x, axis, kind="stable"),
        options={"axis": axis},
        differentiate=(),
        errors=(
            ((np.ones(2), 1), AxisError, r"\[argsort\] axis 1 is out of bounds .* received x \(2,\), axis 1"),
        ),
        name=name,
    )
    for name, shape, axis in [
        ("vector", (5,), -1),
        ("first", (4, 3), 0),
        ("flat", (2, 3), None),
        ("empty", (2, 0), -1),
    ]
]
