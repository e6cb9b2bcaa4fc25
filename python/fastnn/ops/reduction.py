"""Sums and means over some dimensions, added up in float64. Types that are not floating are left to NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable


@differentiable
def sum(ctx: Node, x: Any, axis: Any = None, keepdims: bool = False) -> Array:
    """Sum over ``axis``.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    axis : int or tuple of int, optional
        The dimensions to sum over; all by default.
    keepdims : bool
        Whether the dimensions that are summed over stay, with size 1.

    Returns
    -------
    ndarray
        The sums. Their bits depend on the layout of ``x``, not on the number of threads.

    Raises
    ------
    ValueError
        If ``x`` has no such dimension, or one is named twice.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.sum(np.array([[1.0, 2.0], [3.0, 4.0]]), axis=0)
    array([4., 6.])
    """
    if ctx.needs:
        ctx.save(shape=x.shape, axis=axis)
    y: Array = native.sum(x, axis, keepdims)
    return np.asarray(np.sum(x, axis, keepdims=keepdims)) if y is NotImplemented else y


@sum.vjp
def sum_vjp(ctx: Node, dy: Array) -> Any:
    return native.sum_backward(dy, ctx.shape, ctx.axis)


@differentiable
def mean(ctx: Node, x: Any, axis: Any = None, keepdims: bool = False) -> Array:
    """Mean over ``axis``.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    axis : int or tuple of int, optional
        The dimensions to average over; all by default.
    keepdims : bool
        Whether the dimensions that are averaged over stay, with size 1.

    Returns
    -------
    ndarray
        The means; NaN where there is nothing to average.

    Raises
    ------
    ValueError
        If ``x`` has no such dimension, or one is named twice.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.mean(np.array([[1.0, 2.0], [3.0, 4.0]]), axis=1, keepdims=True)
    array([[1.5],
           [3.5]])
    """
    y: Array = native.mean(x, axis, keepdims)
    if y is NotImplemented:
        y = np.asarray(np.mean(x, axis, keepdims=keepdims))
    if ctx.needs:
        ctx.save(shape=x.shape, axis=axis, terms=x.size / max(y.size, 1))
    return y


@mean.vjp
def mean_vjp(ctx: Node, dy: Array) -> Any:
    return native.sum_backward(native.divide(dy, ctx.terms), ctx.shape, ctx.axis)
