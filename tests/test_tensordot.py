"""Products over pairs of dimensions: NumPy is the oracle."""

from __future__ import annotations

from typing import Any

import numpy as np
from fastnn import ops
from hypothesis import given
from hypothesis import strategies as st
from oracle import agree, arrays, axes, check_gradients, dims, floats

either = st.one_of(axes, st.lists(axes, max_size=3))


@given(arrays(), arrays(), st.one_of(st.integers(0, 4), st.tuples(either, either)))
def test_any_shapes(x1: Any, x2: Any, pairs: Any) -> None:
    agree(lambda: ops.tensordot(x1, x2, pairs), lambda: np.tensordot(x1, x2, pairs))


@st.composite
def fitting(draw: Any, dtype: Any) -> Any:
    """Return arrays of which some dimensions have the same sizes, and these dimensions."""
    shared = draw(st.lists(dims, max_size=2))
    count = len(shared)
    arguments, chosen = [], []
    for _ in range(2):
        sizes = [*shared, *draw(st.lists(dims, max_size=2))]
        order = draw(st.permutations(range(len(sizes))))
        arguments.append(draw(arrays(tuple(sizes[d] for d in order), dtype)))
        at = [order.index(d) for d in range(count)]
        chosen.append([d - len(sizes) if draw(st.booleans()) else d for d in at])
    return *arguments, tuple(chosen)


@given(fitting(st.one_of(floats, st.sampled_from(["i8", "?", "c16", "f2"]))))
def test_shapes_that_fit(drawn: Any) -> None:
    x1, x2, pairs = drawn
    agree(lambda: ops.tensordot(x1, x2, pairs), lambda: np.tensordot(x1, x2, pairs))


@given(fitting(floats))
def test_gradients(drawn: Any) -> None:
    x1, x2, pairs = drawn
    check_gradients(lambda x1, x2: ops.tensordot(x1, x2, pairs), x1, x2)
