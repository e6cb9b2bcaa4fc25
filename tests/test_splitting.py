"""Arrays taken apart: NumPy is the oracle."""

from __future__ import annotations

from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import ops
from hypothesis import assume, given
from hypothesis import strategies as st
from oracle import agree, arrays, axes


@given(
    arrays(),
    st.one_of(st.integers(-1, 5), st.lists(st.integers(-5, 5), max_size=3)),
    axes,
)
def test_any_cut(x: Any, cuts: Any, axis: int) -> None:
    assume(x.ndim > 0 and cuts != 0)  # for which NumPy has errors of several types
    if -x.ndim <= axis < x.ndim:
        agree(lambda: ops.split(x, cuts, axis), lambda: np.split(x, cuts, axis), x)
        agree(lambda: ops.array_split(x, cuts, axis), lambda: np.array_split(x, cuts, axis), x)
    else:
        with pytest.raises(IndexError, match=r"\[split\] axis must be a dimension of x; received"):
            ops.split(x, cuts, axis)


def test_gradients_of_all_parts_are_added() -> None:
    x = fastnn.tensor(np.arange(6.0), requires_grad=True)
    first, second, third = ops.split(x, 3)
    (first * 2.0 + second * third).sum().backward()
    assert x.grad.numpy().tolist() == [2, 2, 4, 5, 2, 3]
    assert third.numpy().base is not None, "a view"
