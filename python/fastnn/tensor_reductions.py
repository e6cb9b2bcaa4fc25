"""Reductions of tensors, with NumPy's names of arguments and, where PyTorch means the same, with PyTorch's.

``dim`` and ``keepdim`` stand for ``axis`` and ``keepdims``. Not so in ``max``, ``min``, ``var`` and ``std``: PyTorch's
give positions beside the values, or divide by n - 1, so a program that was written for them must not run on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import fastnn

if TYPE_CHECKING:
    from fastnn.tensor import Tensor


def axis_of(axis: Any, dim: Any) -> Any:
    if dim is None:
        return axis
    if axis is not None:
        raise TypeError(f"axis and dim mean the same: give one of them; received axis={axis} and dim={dim}")
    return dim


class Reductions:
    """Sums and their kin."""

    __slots__ = ()

    def sum(
        self, axis: Any = None, keepdims: bool = False, *, dim: Any = None, keepdim: bool = False
    ) -> Tensor:
        """Sum over ``axis`` (all axes by default); see `fastnn.ops.sum`."""
        return fastnn.ops.sum(self, axis if dim is None else axis_of(axis, dim), keepdims or keepdim)

    def mean(
        self, axis: Any = None, keepdims: bool = False, *, dim: Any = None, keepdim: bool = False
    ) -> Tensor:
        """Mean over ``axis`` (all axes by default); see `fastnn.ops.mean`."""
        return fastnn.ops.mean(self, axis if dim is None else axis_of(axis, dim), keepdims or keepdim)

    def prod(
        self, axis: Any = None, keepdims: bool = False, *, dim: Any = None, keepdim: bool = False
    ) -> Tensor:
        """Product over ``axis`` (all axes by default); see `fastnn.ops.prod`."""
        return fastnn.ops.prod(self, axis_of(axis, dim), keepdims or keepdim)

    def any(
        self, axis: Any = None, keepdims: bool = False, *, dim: Any = None, keepdim: bool = False
    ) -> Tensor:
        """Tell whether any element along ``axis`` is true; see `fastnn.ops.any`."""
        return fastnn.ops.any(self, axis_of(axis, dim), keepdims or keepdim)

    def all(
        self, axis: Any = None, keepdims: bool = False, *, dim: Any = None, keepdim: bool = False
    ) -> Tensor:
        """Tell whether all elements along ``axis`` are true; see `fastnn.ops.all`."""
        return fastnn.ops.all(self, axis_of(axis, dim), keepdims or keepdim)

    def argmax(
        self, axis: Any = None, keepdims: bool = False, *, dim: Any = None, keepdim: bool = False
    ) -> Tensor:
        """Position of the largest element along ``axis`` (of the raveled tensor by default)."""
        return fastnn.ops.argmax(self, axis_of(axis, dim), keepdims or keepdim)

    def argmin(
        self, axis: Any = None, keepdims: bool = False, *, dim: Any = None, keepdim: bool = False
    ) -> Tensor:
        """Position of the smallest element along ``axis`` (of the raveled tensor by default)."""
        return fastnn.ops.argmin(self, axis_of(axis, dim), keepdims or keepdim)

    def max(self, axis: Any = None, keepdims: bool = False) -> Tensor:
        """Largest value over ``axis``, without its position, which `argmax` tells; see `fastnn.ops.max`."""
        return fastnn.ops.max(self, axis, keepdims)

    def min(self, axis: Any = None, keepdims: bool = False) -> Tensor:
        """Smallest value over ``axis``, without its position, which `argmin` tells; see `fastnn.ops.min`."""
        return fastnn.ops.min(self, axis, keepdims)

    def var(self, axis: Any = None, keepdims: bool = False, ddof: float = 0) -> Tensor:
        """Variance over ``axis``, the sum of squares divided by ``n - ddof``; see `fastnn.ops.var`."""
        return fastnn.ops.var(self, axis, keepdims, ddof)

    def std(self, axis: Any = None, keepdims: bool = False, ddof: float = 0) -> Tensor:
        """Standard deviation over ``axis``, the root of `var`; see `fastnn.ops.std`."""
        return fastnn.ops.std(self, axis, keepdims, ddof)

    def norm(self, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Tensor:
        """Norm of a vector or matrix; see `fastnn.ops.norm`."""
        return fastnn.ops.norm(self, ord, axis, keepdims)

    def cumsum(self, axis: Any = None, *, dim: Any = None) -> Tensor:
        """Sums of the elements up to each one along ``axis``; see `fastnn.ops.cumsum`."""
        return fastnn.ops.cumsum(self, axis_of(axis, dim))

    def softmax(self, axis: Any = None, *, dim: Any = None) -> Tensor:
        """Exponentials along ``axis`` (the last by default), divided by their sum."""
        axis = axis_of(axis, dim)
        return fastnn.ops.softmax(self, -1 if axis is None else axis)

    def log_softmax(self, axis: Any = None, *, dim: Any = None) -> Tensor:
        """Logarithm of `softmax`."""
        axis = axis_of(axis, dim)
        return fastnn.ops.log_softmax(self, -1 if axis is None else axis)
