"""The same values in every layout that NumPy code brings along: what ops are tested with by default."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np

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
