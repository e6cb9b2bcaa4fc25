"""Cases of the stem joining."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.exceptions import AxisError

from op_cases.case import Array, Case, normal

CASES: list[Case] = []


def _of_list(op: Callable[..., Any], *xs: Any, **options: Any) -> Any:
    return op(list(xs), **options)


def _reference(function: Callable[..., Array]) -> Callable[..., Array]:
    return lambda *xs, **options: function(xs, **options)


CASES += [
    Case(
        "concatenate",
        normal(*shapes),
        _reference(np.concatenate),
        options={"axis": axis},
        differentiate=tuple(range(len(shapes))),
        ulps=0,
        errors=(
            (
                ([np.ones((2, 3)), np.ones((2, 4))],),
                ValueError,
                r"\[concatenate\] .* received axis 0, xs\[0\] \(2, 3\), xs\[1\] \(2, 4\)",
            ),
            (([np.ones(2)], 1), AxisError, r"\[concatenate\] .* received axis 1, xs\[0\] \(2,\)"),
            (([],), ValueError, r"\[concatenate\] need at least one array"),
        ),
        call=_of_list,
        name=name,
    )
    for name, shapes, axis in [
        ("vectors", [(2,), (3,)], 0),
        ("rows", [(2, 3), (1, 3), (2, 3)], 0),
        ("last", [(2, 3), (2, 1)], -1),
        ("middle", [(2, 1, 2), (2, 3, 2)], 1),
        ("flat", [(2, 3), (4,)], None),
        ("one", [(2, 3)], 0),
        ("empty", [(0, 3), (2, 3)], 0),
    ]
]
CASES += [
    Case(
        "stack",
        normal(*[shape] * count),
        _reference(np.stack),
        options={"axis": axis},
        differentiate=tuple(range(count)),
        ulps=0,
        errors=(
            (([np.ones(2), np.ones(3)],), ValueError, r"\[stack\] .* x\[0\] \(2,\), x\[1\] \(3,\)"),
            (([np.ones(2)], 2), AxisError, r"\[stack\] .* received axis 2"),
            (([],), ValueError, r"\[stack\] need at least one array"),
        ),
        call=_of_list,
        name=name,
    )
    for name, shape, count, axis in [
        ("vectors", (3,), 2, 0),
        ("columns", (3,), 2, 1),
        ("last", (2, 3), 3, -1),
        ("middle", (2, 3), 2, 1),
        ("numbers", (), 3, 0),
        ("empty", (0, 2), 2, 0),
    ]
]
CASES += [
    Case(
        op,
        normal(*shapes),
        _reference(getattr(np, op)),
        differentiate=tuple(range(len(shapes))),
        ulps=0,
        errors=(
            (([np.ones((2, 3)), np.ones((3, 4))],), ValueError, rf"\[{op}\] .* xs\[1\] \(3, 4\)"),
            (([],), ValueError, rf"\[{op}\] need at least one array"),
        ),
        call=_of_list,
        name=name,
    )
    for op, name, shapes in [
        ("hstack", "vectors", [(2,), (3,)]),
        ("hstack", "matrices", [(2, 3), (2, 1)]),
        ("hstack", "numbers", [(), ()]),
        ("hstack", "3d", [(2, 1, 2), (2, 2, 2)]),
        ("vstack", "vectors", [(3,), (3,)]),
        ("vstack", "vector_and_matrix", [(3,), (2, 3)]),
        ("vstack", "numbers", [(), ()]),
        ("vstack", "3d", [(2, 1, 2), (1, 1, 2)]),
    ]
]
