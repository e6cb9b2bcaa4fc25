"""Cases of the stem variance."""

from __future__ import annotations

from typing import Any

import numpy as np

from op_cases.case import Array, Case, normal
from op_cases.reduction import axis_errors, case_name, summed


def _var(x: Array, axis: Any = None, **options: Any) -> Array:
    """As NumPy's, but exactly 0 where all values are equal, as native ones are."""
    axes = range(x.ndim) if axis is None else [a % x.ndim for a in np.atleast_1d(axis)]
    first = x[tuple(slice(0, 1) if i in axes else slice(None) for i in range(x.ndim))]
    return np.var(x - first, axis, **options)


def _std(x: Array, axis: Any = None, **options: Any) -> Array:
    return np.sqrt(_var(x, axis, **options))


CASES = [
    Case(
        op,
        normal(shape),
        reference,
        options=options,
        terms=lambda x, options=options: summed(x, options.get("axis")),
        ulps=4,
        errors=axis_errors(op),
        name=case_name(shape, options),
    )
    for op, reference in (("var", _var), ("std", _std))
    for shape, options in [
        ((7,), {}),
        ((3, 5), {"axis": 0}),
        ((3, 5), {"axis": -1, "ddof": 1}),
        ((2, 3, 4), {"axis": (0, 2), "keepdims": True}),
        ((6, 40), {"axis": 0, "ddof": 1}),
        ((0, 4), {"axis": 1}),
    ]
]
