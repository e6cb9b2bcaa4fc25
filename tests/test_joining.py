"""Arrays put together: NumPy is the oracle."""

from __future__ import annotations

from typing import Any

import fastnn
import numpy as np
from fastnn import ops
from hypothesis import given
from hypothesis import strategies as st
from oracle import agree, arrays, axes, check_gradients, dims, floats, shapes

lists = st.lists(arrays(st.lists(st.integers(0, 2), max_size=2).map(tuple)), max_size=3)


@given(lists, st.one_of(st.none(), axes))
def test_any_arrays(xs: Any, axis: Any) -> None:
    agree(lambda: ops.concatenate(xs, axis), lambda: np.concatenate(xs, axis))
    agree(lambda: ops.hstack(xs), lambda: np.hstack(xs))
    agree(lambda: ops.vstack(xs), lambda: np.vstack(xs))
    if axis is not None:
        agree(lambda: ops.stack(xs, axis), lambda: np.stack(xs, axis))


@given(st.data(), shapes, st.integers(1, 4), axes)
def test_arrays_that_fit(data: Any, shape: Any, count: int, axis: int) -> None:
    xs = [data.draw(arrays(shape)) for _ in range(count)]
    agree(lambda: ops.concatenate(xs, axis), lambda: np.concatenate(xs, axis))
    agree(lambda: ops.stack(xs, axis), lambda: np.stack(xs, axis))
    agree(lambda: ops.hstack(xs), lambda: np.hstack(xs))
    agree(lambda: ops.vstack(xs), lambda: np.vstack(xs))


@given(st.data(), st.lists(dims, min_size=1, max_size=3))
def test_gradients(data: Any, shape: Any) -> None:
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    xs = []
    for _ in range(3):
        shape[axis] = data.draw(dims)
        xs.append(data.draw(arrays(tuple(shape), data.draw(floats))))
    check_gradients(lambda *xs: ops.concatenate(xs, axis), *xs)
    check_gradients(lambda *xs: ops.concatenate(xs, None), *xs)


def test_arrays_and_tensors_together() -> None:
    x = fastnn.tensor([1.0, 2.0], requires_grad=True)
    y = ops.concatenate([[0.0], x, np.ones(1), x])
    assert y.numpy().tolist() == [0, 1, 2, 1, 1, 2]
    y.backward(np.arange(6.0))
    assert x.grad.numpy().tolist() == [1 + 4, 2 + 5]
    assert type(ops.hstack([1.0, x])) is fastnn.Tensor
    assert type(ops.vstack([x, np.ones(2)])) is fastnn.Tensor
