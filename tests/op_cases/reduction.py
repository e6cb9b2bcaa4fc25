"""Cases of the stem reduction."""

from __future__ import annotations

from typing import Any

import numpy as np

from op_cases.case import Array, Case, normal

CASES: list[Case] = []


def _summed(x: Array, axis: Any = None, keepdims: bool = False) -> int:
    axes = range(x.ndim) if axis is None else np.atleast_1d(axis)
    return int(np.prod([x.shape[a] for a in axes]))


CASES += [
    Case(
        reference.__name__,
        normal(shape),
        reference,
        options=options,
        terms=lambda x, options=options: _summed(x, **options),
        ulps=2,
        errors=(
            (
                (np.ones((2, 3)), 2),
                ValueError,
                rf"\[{reference.__name__}\] axis must lie in \[-2, 2\); received 2",
            ),
            ((np.ones((2, 3)), (0, -2)), ValueError, "axis must not repeat a dimension"),
        ),
        name=f"{'x'.join(map(str, shape))}_{'_'.join(f'{k}_{v}' for k, v in options.items())}",
    )
    for reference in (np.sum, np.mean)
    for shape, options in [
        ((), {}),
        ((7,), {}),
        ((3, 5), {}),
        ((3, 5), {"axis": 0}),
        ((3, 5), {"axis": -1}),
        ((3, 5), {"axis": 1, "keepdims": True}),
        ((3, 5), {"axis": ()}),
        ((2, 3, 4), {"axis": 1}),
        ((2, 3, 4), {"axis": (0, 2)}),
        ((2, 3, 4), {"axis": (-1, 0), "keepdims": True}),
        ((4, 1, 3), {"axis": 1}),
        ((40, 3), {"axis": 1}),
        ((0, 4), {"axis": 1}),
    ]
]
CASES += [
    Case("sum", normal((0, 4)), np.sum, options={"axis": 0}, name="nothing"),
    Case(
        "sum",
        normal((3, 700, 5)),
        np.sum,
        differentiate=(),
        terms=lambda x: x.size,
        ulps=2,
        name="many_terms",
    ),
    Case(
        "mean",
        normal((300, 70)),
        np.mean,
        options={"axis": 0},
        differentiate=(),
        terms=lambda x: x.shape[0],
        ulps=2,
        name="many_rows",
    ),
]
