"""Values in order of size: NumPy is the oracle."""

from __future__ import annotations

from typing import Any

import fastnn
import numpy as np
import pytest
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


@pytest.mark.parametrize("dtype", ["float32", "float64", "int16"])
@pytest.mark.parametrize("k", [1, 5, 24])
def test_top_k_of_many(dtype: str, k: int) -> None:
    """Few of many are found without sorting all: many are equal, some are NaN, in one row most."""
    rng = np.random.default_rng(2)
    x = rng.integers(-6, 6, (4, 3, 100)).astype(dtype)
    if dtype != "int16":
        x[0, 0, rng.integers(0, 100, 3)] = np.nan
        x[1, 1, :3] = -0.0
    for rows in (x, np.where(np.arange(100) < 70, np.nan, x) if dtype != "int16" else x, x[:0], x[0, 0]):
        want = np.lexsort((np.broadcast_to(-np.arange(100), rows.shape), rows), -1)[..., ::-1][..., :k]
        values, indices = ops.top_k(rows, k)
        np.testing.assert_array_equal(indices, want)
        np.testing.assert_array_equal(values, np.take_along_axis(rows, want, -1))


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
