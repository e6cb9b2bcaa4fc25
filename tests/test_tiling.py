"""Repeated values: NumPy is the oracle."""

from __future__ import annotations

from typing import Any

import numpy as np
from fastnn import ops
from hypothesis import assume, given
from hypothesis import strategies as st
from oracle import agree, arrays, axes, check_gradients, dims, floats


@given(arrays(), st.one_of(st.integers(-1, 3), st.lists(st.integers(0, 3), max_size=4)))
def test_tile(x: Any, repeats: Any) -> None:
    agree(lambda: ops.tile(x, repeats), lambda: np.tile(x, repeats))


@given(arrays(dtype=floats), st.one_of(dims, st.lists(dims, max_size=4)))
def test_gradient_of_tile(x: Any, repeats: Any) -> None:
    check_gradients(lambda x: ops.tile(x, repeats), x)


@given(arrays(), st.one_of(st.integers(-1, 3), st.lists(dims, max_size=3)), st.one_of(st.none(), axes))
def test_repeat(x: Any, repeats: Any, axis: Any) -> None:
    agree(lambda: ops.repeat(x, repeats, axis), lambda: np.repeat(x, repeats, axis))


@given(st.data(), arrays(dtype=floats))
def test_gradient_of_repeat(data: Any, x: Any) -> None:
    assume(x.ndim > 0)
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    each = data.draw(st.lists(dims, min_size=x.shape[axis], max_size=x.shape[axis]))
    check_gradients(lambda x: ops.repeat(x, each, axis), x)
    check_gradients(lambda x: ops.repeat(x, 3, axis), x)
    check_gradients(lambda x: ops.repeat(x, 2), x)
