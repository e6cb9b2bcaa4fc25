"""Cases of the stem splitting: each looks at the second part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.exceptions import AxisError

from op_cases.case import Array, Case, normal

CASES: list[Case] = []


def _second(op: Callable[..., Any], *inputs: Any, **options: Any) -> Any:
    return op(*inputs, **options)[1]


def _reference(function: Callable[..., list[Array]]) -> Callable[..., Array]:
    return lambda x, **options: function(x, **options)[1]


CASES += [
    Case(
        op,
        normal(shape),
        _reference(getattr(np, op)),
        options={"indices_or_sections": cuts, "axis": axis},
        ulps=0,
        errors=(
            ((np.ones((4, 3)), 2, 2), AxisError, rf"\[{op}\] axis .* received x \(4, 3\), axis 2"),
            ((np.ones((4, 3)), 0), ValueError, rf"\[{op}\] .* must be positive; received x \(4, 3\)"),
        ),
        call=_second,
        name=name,
    )
    for op, name, shape, cuts, axis in [
        ("split", "halves", (4, 3), 2, 0),
        ("split", "columns", (2, 6), 3, -1),
        ("split", "indices", (5, 2), (1, 4), 0),
        ("split", "beyond", (5,), (3, 9), 0),
        ("split", "backwards", (5,), (4, 2), 0),
        ("split", "from_the_end", (5,), (-3, -1), 0),
        ("array_split", "uneven", (5, 2), 3, 0),
        ("array_split", "indices", (2, 5), (2, 3), 1),
        ("array_split", "more_than_there_are", (2,), 4, 0),
    ]
]
CASES += [
    Case(
        "split",
        normal((0, 2)),
        _reference(np.split),
        options={"indices_or_sections": 2},
        ulps=0,
        errors=(((np.ones((4, 3)), 3), ValueError, r"\[split\] .* parts of one size; received x \(4, 3\)"),),
        call=_second,
        name="empty",
    )
]
