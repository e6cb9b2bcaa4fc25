"""Dimensions in another order: NumPy is the oracle."""

from __future__ import annotations

from typing import Any

import numpy as np
from fastnn import ops
from hypothesis import given
from hypothesis import strategies as st
from oracle import agree, arrays, axes, check_gradients, floats

several = st.one_of(axes, st.lists(axes, max_size=3).map(tuple))


@given(st.data(), arrays())
def test_transpose(data: Any, x: Any) -> None:
    order = data.draw(st.one_of(st.none(), st.permutations(range(x.ndim)), st.lists(axes, max_size=3)))
    agree(lambda: ops.transpose(x, order), lambda: np.transpose(x, order), x)
    order = data.draw(st.permutations(range(-x.ndim, 0)))
    check_gradients(lambda x: ops.transpose(x, order), np.zeros(x.shape))


@given(arrays(), axes, axes)
def test_swapaxes(x: Any, axis1: int, axis2: int) -> None:
    agree(lambda: ops.swapaxes(x, axis1, axis2), lambda: np.swapaxes(x, axis1, axis2), x)


@given(arrays(), several, several)
def test_moveaxis(x: Any, source: Any, destination: Any) -> None:
    agree(lambda: ops.moveaxis(x, source, destination), lambda: np.moveaxis(x, source, destination), x)


@given(arrays(), st.one_of(st.none(), several))
def test_flip(x: Any, axis: Any) -> None:
    agree(lambda: ops.flip(x, axis), lambda: np.flip(x, axis), x)


@given(arrays(), st.integers(-9, 9), st.one_of(st.none(), several))
def test_roll(x: Any, shift: int, axis: Any) -> None:
    agree(lambda: ops.roll(x, shift, axis), lambda: np.roll(x, shift, axis))


@given(arrays(dtype=floats), st.integers(-9, 9), st.integers(-9, 9))
def test_gradient_of_roll(x: Any, shift: int, other: int) -> None:
    check_gradients(lambda x: ops.roll(x, shift), x)
    if x.ndim > 1:
        check_gradients(lambda x: ops.roll(x, (shift, other), (0, -1)), x)


@given(arrays(), st.integers(-5, 5), st.tuples(axes, axes))
def test_rot90(x: Any, k: int, plane: Any) -> None:
    agree(lambda: ops.rot90(x, k, plane), lambda: np.rot90(x, k, plane), x)
