"""Other shapes: NumPy is the oracle."""

from __future__ import annotations

from typing import Any

import numpy as np
from fastnn import ops
from hypothesis import given
from hypothesis import strategies as st
from oracle import agree, arrays, axes, check_gradients, floats, shapes


@given(st.data(), arrays())
def test_reshape(data: Any, x: Any) -> None:
    shape = data.draw(st.one_of(st.permutations(x.shape), st.lists(st.integers(-1, 6), max_size=3)))
    agree(lambda: ops.reshape(x, shape), lambda: np.reshape(x, shape), x)


@given(arrays())
def test_ravel(x: Any) -> None:
    agree(lambda: ops.ravel(x), lambda: np.ravel(x), x)


@given(arrays(), st.one_of(axes, st.lists(axes, max_size=2).map(tuple)))
def test_expand_dims_and_squeeze(x: Any, axis: Any) -> None:
    agree(lambda: ops.expand_dims(x, axis), lambda: np.expand_dims(x, axis), x)
    agree(lambda: ops.squeeze(x, axis), lambda: np.squeeze(x, axis), x)
    agree(lambda: ops.squeeze(x), lambda: np.squeeze(x), x)


@given(arrays(), shapes)
def test_broadcast_to(x: Any, shape: Any) -> None:
    agree(lambda: ops.broadcast_to(x, shape), lambda: np.broadcast_to(x, shape), x)


@given(st.data(), shapes, floats)
def test_gradient_of_broadcast_to(data: Any, shape: Any, dtype: Any) -> None:
    ones = data.draw(st.tuples(*[st.booleans()] * len(shape)))
    known = tuple(1 if one else n for one, n in zip(ones, shape, strict=True))
    x = data.draw(arrays(known[data.draw(st.integers(0, len(known))) :], dtype))
    check_gradients(lambda x: ops.broadcast_to(x, shape), x)
