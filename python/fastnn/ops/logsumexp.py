"""The logarithm of a sum of exponentials."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from ._broadcast import spread


@differentiable
def logsumexp(ctx: Node, x: Any, axis: Any = None, keepdims: bool = False) -> Array:
    """Logarithm of the sum of ``exp(x)`` over ``axis``, without overflow.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    axis : int or tuple of int, optional
        The dimensions to reduce; all by default.
    keepdims : bool
        Whether the dimensions that are reduced stay, with size 1.

    Returns
    -------
    ndarray
        The logarithms; float64 for float64 values, otherwise float32. -Inf where there is nothing.

    Raises
    ------
    ValueError
        If ``x`` has no such dimension, or one is named twice.

    Notes
    -----
    Special values are SciPy's. The largest elements are kept out of the sum: log1p adds the rest, so that little
    is not lost beside much (Blanchard, Higham and Higham, "Accurately computing the log-sum-exp and softmax
    functions", 2021).

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.logsumexp(np.array([1000.0, 1000.0]))
    array(1000.69314718)
    """
    y = native.logsumexp(x, axis, keepdims)
    if ctx.needs:
        ctx.save(x=x, y=y, axis=axis)
    return y


@logsumexp.vjp
def logsumexp_vjp(ctx: Node, dy: Array) -> Any:
    shape = ctx.x.shape
    share = np.exp(native.subtract(ctx.x, native.sum_backward(ctx.y, shape, ctx.axis)))
    return native.multiply(share, native.sum_backward(dy, shape, ctx.axis))


@logsumexp.tensor_vjp
def logsumexp_tensor_vjp(ctx: Node, dy: Array) -> Any:
    shape = ctx.x.shape
    share = native.exp(native.subtract(ctx.x, spread(ctx.y, shape, ctx.axis)))
    return native.multiply(share, spread(dy, shape, ctx.axis))
