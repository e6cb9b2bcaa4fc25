"""Values in order of size: NumPy is the oracle."""

from __future__ import annotations

from typing import Any

import fastnn
import numpy as np
from fastnn import ops
from hypothesis import assume, given
from hypothesis import strategies as st
from oracle import agree, arrays, axes


@given(arrays(), st.one_of(st.none(), axes))
def test_sort(x: Any, axis: Any) -> None:
    agree(lambda: ops.sort(x, axis), lambda: np.sort(x, axis))
    agree(lambda: ops.argsort(x, axis), lambda: np.argsort(x, axis, kind="stable"))


def test_nan_is_the_largest() -> None:
    x = np.array([2.0, np.nan, -0.0, np.inf, 0.0, np.nan])
    np.testing.assert_array_equal(ops.sort(x), np.sort(x))
    values, indices = ops.top_k(x, 4)
    np.testing.assert_array_equal(values, [np.nan, np.nan, np.inf, 2])
    assert indices.tolist() == [1, 5, 3, 0]


@given(st.data(), arrays())
def test_top_k(data: Any, x: Any) -> None:
    assume(x.ndim > 0)
    k = data.draw(st.integers(0, x.shape[-1]))
    values, indices = ops.top_k(x, k)
    assert values.dtype == x.dtype
    np.testing.assert_array_equal(values, np.flip(np.sort(x), -1)[..., :k])
    # Of equal values the first: the order of (-value, index).
    for at in np.ndindex(x.shape[:-1]):
        row = x[at]
        assert indices[at].tolist() == sorted(range(len(row)), key=lambda i, row=row: (_below(row, i), i))[:k]


def _below(row: Any, i: int) -> int:
    """How many values come before value i, whichever type they have (complex ones in NumPy's order)."""
    return -int(np.searchsorted(np.sort(row), row[i]))


def test_gradient_goes_to_where_values_came_from() -> None:
    x = fastnn.tensor([[2.0, 5.0, 2.0], [1.0, 0.0, 3.0]], requires_grad=True)
    values, indices = ops.top_k(x, 2)
    assert type(indices) is fastnn.Tensor
    assert not indices.requires_grad
    values.backward(np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert x.grad.numpy().tolist() == [[2, 1, 0], [4, 0, 3]]
    x.grad = None
    ops.sort(x).backward(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
    assert x.grad.numpy().tolist() == [[1, 3, 2], [5, 4, 6]]
