"""Cases of the stem logsumexp."""

from __future__ import annotations

from typing import Any

import numpy as np

from op_cases.case import Array, Case, normal
from op_cases.reduction import AXES, axis_errors, case_name, summed


def _logsumexp(x: Array, axis: Any = None, keepdims: bool = False) -> Array:
    largest = x.max(axis, keepdims=True, initial=-np.inf)
    rest = np.log(np.exp(x - largest).sum(axis, keepdims=True))
    return (largest + rest).reshape(x.sum(axis, keepdims=keepdims).shape)


CASES = [
    Case(
        "logsumexp",
        normal(shape),
        _logsumexp,
        options=options,
        terms=lambda x, options=options: max(2, summed(x, **options)),
        errors=(*axis_errors("logsumexp"), ((np.array(["a"]),), TypeError, "must hold real numbers")),
        name=case_name(shape, options),
    )
    for shape, options in AXES
]
