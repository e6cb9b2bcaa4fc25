"""What the backward rules of broadcasting ops and reductions share, for arrays and for tensors."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import registry
from fastnn.tensor import Tensor


def shape_of(x: Any) -> Any:
    """Return the shape of an array, None of a number or list (which want no gradient)."""
    return getattr(x, "shape", None)


def sum_to_shape(dy: Any, shape: tuple[int, ...]) -> Any:
    """Add up what broadcasting from ``shape`` to the shape of ``dy`` repeated."""
    if dy.shape == shape:
        return dy
    if not isinstance(dy, Tensor):
        return native.sum_to(dy, shape)
    new = dy.ndim - len(shape)
    repeated = [d for d in range(dy.ndim) if d < new or shape[d - new] != dy.shape[d]]
    return native.sum(dy, tuple(repeated)).reshape(shape)


def spread(dy: Any, shape: tuple[int, ...], axis: Any) -> Any:
    """Repeat what a reduction over ``axis`` gave, so that it has the shape that was reduced."""
    if not isinstance(dy, Tensor):
        return native.sum_backward(dy, shape, axis)
    ndim = len(shape)
    axes = range(ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    reduced = {d % ndim for d in axes}
    kept = tuple([1 if d in reduced else n for d, n in enumerate(shape)])
    return registry["broadcast_to"](dy.reshape(kept), shape)


def zeros_like(x: Any) -> Any:
    """Return the gradient of what is flat."""
    zeros = np.zeros(x.shape, x.dtype)
    return Tensor(zeros) if isinstance(x, Tensor) else zeros


def known(x: Any) -> Any:
    """Return a tensor as it is, anything else as an array."""
    return x if isinstance(x, Tensor) else np.asarray(x)


def value(x: Any) -> Any:
    """Return the array of a tensor, anything else as it is: what a gradient does not depend on smoothly."""
    return x._array if isinstance(x, Tensor) else x
