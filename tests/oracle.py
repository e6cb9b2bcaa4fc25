"""NumPy as the oracle: random arrays of any shape, type and layout, and what it means to agree with NumPy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import fastnn
import numpy as np
import pytest
from hypothesis import strategies as st
from layouts import LAYOUTS

Array = np.ndarray[Any, Any]
DTYPES = ["f4", "f8", "f2", "i8", "i4", "u1", "?", "c16", "c8"]

dims = st.integers(0, 4)
shapes = st.lists(dims, max_size=4).map(tuple)
axes = st.integers(-5, 4)  # some of them out of range
floats = st.sampled_from(["f4", "f8"])
# Types that NumPy computes with too, those with kernels of ours most often.
dtypes = st.one_of(floats, st.sampled_from(DTYPES))


@st.composite
def arrays(draw: Any, shape: Any = shapes, dtype: Any = dtypes) -> Array:
    """Small integers, so that sums and products are exact in every type."""
    if not isinstance(shape, tuple):
        shape = draw(shape)
    if not isinstance(dtype, str):
        dtype = draw(dtype)
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    values = rng.integers(0 if dtype in "u1?" else -4, 5, shape)
    x = np.asarray(values % 2 if dtype == "?" else values).astype(dtype)
    if dtype.startswith("c"):
        x = x + x.dtype.type(1j) * rng.integers(-4, 5, shape).astype(x.dtype)
    layout = LAYOUTS[draw(st.sampled_from(sorted(LAYOUTS)))]
    return layout(np.asarray(x))


def agree(ours: Callable[[], Any], numpys: Callable[[], Any], *views_of: Array) -> None:
    """Same values, type and shape, views of the same arrays; or an exception of the same type."""
    try:
        wants = numpys()
    except (ValueError, IndexError, TypeError) as error:
        with pytest.raises(type(error)) as raised:
            ours()
        assert str(raised.value)[0] == "["
        return
    gots = ours()
    if isinstance(wants, list | tuple):
        assert len(gots) == len(wants)
    else:
        gots, wants = [gots], [wants]
    for got, want in zip(gots, wants, strict=True):
        assert type(got) is np.ndarray
        assert got.dtype.newbyteorder("=") == np.asarray(want).dtype.newbyteorder("=")
        assert got.shape == np.shape(want)
        np.testing.assert_array_equal(got, want)
        for x in views_of:
            if np.ndim(want):  # of an element NumPy makes a scalar
                assert np.shares_memory(got, x) == np.shares_memory(want, x)


def check_gradients(op: Callable[..., Any], *inputs: Array, of: Sequence[int] | None = None) -> None:
    """Check that what is linear in each input, but for a constant, has the transposed map as its gradient, exactly."""
    rng = np.random.default_rng(5)
    for i in range(len(inputs)) if of is None else of:
        x = fastnn.Tensor(inputs[i], requires_grad=True)
        y = op(*inputs[:i], x, *inputs[i + 1 :])
        dy = rng.integers(-3, 4, y.shape).astype(y.dtype)
        y.backward(dy)
        change = rng.integers(-3, 4, x.shape).astype(x.dtype)
        moved, still = (op(*inputs[:i], other, *inputs[i + 1 :]) for other in (change, np.zeros_like(change)))
        assert x.grad.shape == x.shape
        assert x.grad.dtype == x.dtype.newbyteorder("=")
        assert np.sum(dy * (moved - still), dtype=float) == np.sum(x.grad.numpy() * change, dtype=float)
