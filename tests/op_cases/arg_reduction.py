"""Cases of the stem arg_reduction."""

from __future__ import annotations

import numpy as np

from op_cases.case import Array, Case
from op_cases.reduction import case_name


def _ties(shape: tuple[int, ...]):
    def make(rng: np.random.Generator) -> tuple[Array, ...]:
        return (np.array(rng.choice([-1.0, 0.0, 2.0], shape)),)

    return make


CASES = [
    Case(
        reference.__name__,
        _ties(shape),
        reference,
        options=options,
        differentiate=(),
        errors=(
            ((np.ones((2, 3)), 2), np.exceptions.AxisError, "axis must lie in"),
            ((np.ones((0, 3)),), ValueError, "no elements to reduce"),
            ((np.ones((2, 3)), (0, 1)), TypeError, "integer"),
        ),
        name=case_name(shape, options),
    )
    for reference in (np.argmax, np.argmin)
    for shape, options in [
        ((7,), {}),
        ((3, 5), {}),
        ((3, 5), {"axis": 0}),
        ((3, 5), {"axis": -1, "keepdims": True}),
        ((2, 3, 4), {"axis": 1}),
        ((2, 3, 4), {"keepdims": True}),
        ((5, 40), {"axis": 0}),
        ((0, 4), {"axis": 1}),
    ]
]
