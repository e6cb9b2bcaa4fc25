"""Diagonals and triangles: NumPy is the oracle."""

from __future__ import annotations

from typing import Any

import numpy as np
from fastnn import ops
from hypothesis import given
from hypothesis import strategies as st
from oracle import agree, arrays, axes, check_gradients, dims, floats

offsets = st.integers(-5, 5)


@given(arrays(), offsets, axes, axes)
def test_diagonals(x: Any, offset: int, axis1: int, axis2: int) -> None:
    agree(lambda: ops.diagonal(x, offset, axis1, axis2), lambda: np.diagonal(x, offset, axis1, axis2), x)
    agree(lambda: ops.diagonal(x, offset), lambda: np.diagonal(x, offset), x)
    agree(lambda: ops.trace(x, offset), lambda: np.trace(x, offset))
    agree(lambda: ops.diag(x, offset), lambda: np.diag(x, offset), x)


@given(arrays(), offsets)
def test_triangles(x: Any, k: int) -> None:
    agree(lambda: ops.tril(x, k), lambda: np.tril(x, k))
    agree(lambda: ops.triu(x, k), lambda: np.triu(x, k))


@given(arrays(st.lists(dims, min_size=2, max_size=4).map(tuple), floats), offsets)
def test_gradients(x: Any, k: int) -> None:
    for op in (ops.diagonal, ops.trace, ops.tril, ops.triu):
        check_gradients(lambda x, op=op: op(x, k), x)
