"""Borders: NumPy is the oracle."""

from __future__ import annotations

from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import ops
from hypothesis import assume, given
from hypothesis import strategies as st
from oracle import agree, arrays, check_gradients, dims, floats

MODES = ["constant", "edge", "reflect", "symmetric", "wrap"]
widths = st.one_of(st.integers(-1, 5), st.tuples(dims, dims))


@given(arrays(), widths, st.sampled_from([*MODES, "maximum", "linear_ramp", "none"]))
def test_pad(x: Any, width: Any, mode: Any) -> None:
    agree(lambda: ops.pad(x, width, mode), lambda: np.pad(x, width, mode))


@given(arrays(), widths, st.one_of(st.integers(0, 3), st.tuples(dims, dims)))
def test_constants(x: Any, width: Any, values: Any) -> None:
    agree(lambda: ops.pad(x, width, constant_values=values), lambda: np.pad(x, width, constant_values=values))


@given(st.data(), arrays(dtype=floats), st.sampled_from(MODES))
def test_gradient(data: Any, x: Any, mode: str) -> None:
    assume(x.size > 0)
    width = data.draw(st.tuples(*[st.tuples(dims, st.integers(0, 9))] * x.ndim)) if x.ndim else 2
    check_gradients(lambda x: ops.pad(x, width, mode), x)


def test_modes_without_a_rule_say_so() -> None:
    y = ops.pad(fastnn.tensor([1.0, 2.0], requires_grad=True), 1, "mean")
    with pytest.raises(NotImplementedError, match="pad has no backward rule for mode 'mean'"):
        y.sum().backward()
