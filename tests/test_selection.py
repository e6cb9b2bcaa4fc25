"""Values by their positions: NumPy is the oracle."""

from __future__ import annotations

from typing import Any

import fastnn
import numpy as np
from fastnn import ops
from hypothesis import assume, given
from hypothesis import strategies as st
from oracle import agree, arrays, axes, check_gradients, floats

positions = st.lists(st.integers(-5, 4), max_size=4)


@given(
    arrays(), st.one_of(positions, st.integers(-5, 4), st.lists(positions, min_size=2, max_size=2)), st.data()
)
def test_take(x: Any, indices: Any, data: Any) -> None:
    axis = data.draw(st.one_of(st.none(), st.just(0), axes))
    if isinstance(indices, list) and len({len(i) if isinstance(i, list) else 0 for i in indices}) > 1:
        return
    indices = np.array(indices, dtype=data.draw(st.sampled_from(["i8", "i4"])))
    agree(lambda: ops.take(x, indices, axis), lambda: np.take(x, indices, axis))


@given(st.data(), arrays(dtype=floats))
def test_gradient_of_take(data: Any, x: Any) -> None:
    assume(x.size > 0 and x.ndim > 0)
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    indices = data.draw(st.lists(st.integers(-x.shape[axis], x.shape[axis] - 1), max_size=6))
    check_gradients(lambda x: ops.take(x, np.array(indices, int), axis), x)


@given(st.data(), arrays())
def test_take_along_axis(data: Any, x: Any) -> None:
    axis = data.draw(axes)
    shape = data.draw(st.sampled_from([x.shape, (1,) * x.ndim, (2,)]))
    indices = data.draw(arrays(shape, "i8"))
    agree(lambda: ops.take_along_axis(x, indices, axis), lambda: np.take_along_axis(x, indices, axis))
    agree(lambda: ops.take_along_axis(x, indices), lambda: np.take_along_axis(x, indices, -1))


@st.composite
def keys(draw: Any) -> Any:
    """Anything that NumPy takes between brackets, and some that it does not."""
    ends = st.one_of(st.none(), st.integers(-5, 5))
    steps = st.one_of(st.none(), st.sampled_from([-2, -1, 1, 3]))
    one = st.one_of(
        st.integers(-4, 3),
        st.builds(slice, ends, ends, steps),
        st.none(),
        st.just(...),
        st.lists(st.integers(-3, 2), min_size=2, max_size=2).map(np.array),
        st.just(np.array([[0], [1]])),
        st.lists(st.integers(-3, 2), min_size=2, max_size=2),
        st.lists(st.booleans(), min_size=2, max_size=4).map(np.array),
    )
    return draw(st.one_of(one, st.lists(one, max_size=4).map(tuple)))


@given(arrays(), keys())
def test_get_item(x: Any, key: Any) -> None:
    agree(lambda: ops.get_item(x, key), lambda: x[key], x)


@given(arrays(dtype=floats), keys())
def test_gradient_of_get_item(x: Any, key: Any) -> None:
    try:
        x[key]
    except IndexError:
        return
    check_gradients(lambda x: ops.get_item(x, key), x)


def test_indices_may_be_tensors() -> None:
    x = fastnn.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    at = fastnn.tensor([1, 1])
    for y in (ops.take(x, at, 0), ops.get_item(x, at), ops.get_item(x, (at, slice(None)))):
        assert y.numpy().tolist() == [[3, 4], [3, 4]]
        x.grad = None
        y.sum().backward()
        assert x.grad.numpy().tolist() == [[0, 0], [2, 2]]


@given(arrays(dtype=st.sampled_from(["i8", "u1", "i4"])), st.integers(0, 5))
def test_one_hot(x: Any, classes: int) -> None:
    y = ops.one_hot(x, classes)
    assert y.dtype == np.float32
    np.testing.assert_array_equal(y, x[..., np.newaxis] == np.arange(classes))
    for axis in range(x.ndim + 1):
        np.testing.assert_array_equal(ops.one_hot(x, classes, axis, bool), np.moveaxis(y, -1, axis))
