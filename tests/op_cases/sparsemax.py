"""Cases of the stem sparsemax."""

from __future__ import annotations

import numpy as np

from op_cases.case import Array, Case, normal


def sparsemax(x: Array, axis: int = -1) -> Array:
    """By bisection for the threshold that makes the sum 1."""
    low, high = x.max(axis, keepdims=True) - 1, x.max(axis, keepdims=True)
    for _ in range(80):
        middle = (low + high) / 2
        large = np.maximum(x - middle, 0).sum(axis, keepdims=True) > 1
        low, high = np.where(large, middle, low), np.where(large, high, middle)
    return np.maximum(x - low, 0)


CASES = [
    Case("sparsemax", normal(shape), sparsemax, options=options, terms=lambda x: x.size, name=name)
    for name, shape, options in [
        ("rows", (3, 5), {}),
        ("columns", (4, 3, 2), {"axis": 1}),
        ("line", (7,), {"axis": 0}),
    ]
]
