"""The same values in every layout that NumPy code brings along: what ops are tested with by default."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st

Array = np.ndarray[Any, Any]


def contiguous(a: Array) -> Array:
    return np.array(a, order="C")


def transposed(a: Array) -> Array:
    return np.array(a, order="F")


def stepped(a: Array) -> Array:
    """Every second element of a larger array, whose other elements would be noticed."""
    larger = np.full([2 * n for n in a.shape], 77, a.dtype)
    view = larger[(..., *(slice(None, None, 2),) * a.ndim)]
    view[...] = a
    return view


def reversed_(a: Array) -> Array:
    every = (..., *(slice(None, None, -1),) * a.ndim)
    return np.array(a[every], order="C")[every]


def repeated(a: Array) -> Array:
    """The first entry along the first dimension, repeated with stride 0: other values than ``a``'s."""
    return np.broadcast_to(a[:1], a.shape) if a.ndim else np.broadcast_to(a, ())


def misaligned(a: Array) -> Array:
    view = np.ndarray(a.shape, a.dtype, np.empty(a.nbytes + 1, np.uint8), offset=1)
    view[...] = a
    return view


def byte_swapped(a: Array) -> Array:
    return a.astype(a.dtype.newbyteorder())


def read_only(a: Array) -> Array:
    copy = np.array(a)
    copy.setflags(write=False)
    return copy


def unpickled(a: Array) -> Array:
    """With a dtype object of its own, equal to NumPy's but not the same."""
    return pickle.loads(pickle.dumps(a))


LAYOUTS: dict[str, Callable[[Array], Array]] = {
    f.__name__.rstrip("_"): f
    for f in (
        contiguous,
        transposed,
        stepped,
        reversed_,
        repeated,
        misaligned,
        byte_swapped,
        read_only,
        unpickled,
    )
}


@st.composite
def laid_out(draw: Any, shape: tuple[int, ...], dtype: Any, rng: np.random.Generator) -> Array:
    """An array of a shape whose dimensions lie in any order, with any steps, backwards, or repeated."""
    order = draw(st.permutations(range(len(shape))))
    steps = [draw(st.sampled_from([1, 1, 1, 2, 3, -1, -2])) for _ in shape]
    lengths = [n * abs(step) for n, step in zip(shape, steps, strict=True)]
    memory = rng.standard_normal([lengths[i] for i in order]).astype(dtype)
    x = memory.transpose(np.argsort(order))[tuple(slice(None, None, step) for step in steps)]
    for axis, n in enumerate(shape):
        if n > 1 and draw(st.booleans()) and draw(st.booleans()):
            x = np.broadcast_to(x.take([0], axis), shape)
    return x
