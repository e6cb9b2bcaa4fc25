"""Softmax: scores to probabilities, or to their logarithms."""

from __future__ import annotations

from typing import Any

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable


@differentiable
def softmax(ctx: Node, x: Any, axis: int = -1) -> Array:
    r"""Turn scores into probabilities that sum to 1 along an axis.

    .. math:: y_i = \frac{e^{x_i - \max x}}{\sum_j e^{x_j - \max x}}

    Parameters
    ----------
    x : array_like
        Scores (logits) of any shape.
    axis : int
        The axis to normalise along; the last one by default.

    Returns
    -------
    ndarray
        The probabilities, in the shape of ``x``; float64 for float64 scores, otherwise float32.

    Raises
    ------
    ValueError
        If ``x`` has no such axis.

    Notes
    -----
    Taking the maximum away first keeps the exponential from overflowing (Goodfellow et al., "Deep
    Learning", 2016, section 4.1). Special values are SciPy's: -Inf gives 0, and a row that holds NaN or
    +Inf, or nothing but -Inf, becomes all NaN.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.softmax(np.array([0.0, 0.0, np.log(2.0)]))
    array([0.25, 0.25, 0.5 ])
    """
    y: Array = native.softmax_forward(x, axis)
    ctx.save(y=y, axis=axis)
    return y


@softmax.vjp
def softmax_vjp(ctx: Node, dy: Array) -> Any:
    return native.softmax_backward(ctx.y, dy, ctx.axis)


@softmax.tensor_vjp
def softmax_tensor_vjp(ctx: Node, dy: Array) -> Any:
    inner = native.sum(native.multiply(dy, ctx.y), ctx.axis, keepdims=True)
    return native.multiply(ctx.y, native.subtract(dy, inner))


@differentiable
def log_softmax(ctx: Node, x: Any, axis: int = -1) -> Array:
    r"""Turn scores into logarithms of probabilities that sum to 1 along an axis.

    .. math:: y_i = x_i - \max x - \log \sum_j e^{x_j - \max x}

    Parameters
    ----------
    x : array_like
        Scores (logits) of any shape.
    axis : int
        The axis to normalise along; the last one by default.

    Returns
    -------
    ndarray
        The logarithms, in the shape of ``x``; float64 for float64 scores, otherwise float32.

    Raises
    ------
    ValueError
        If ``x`` has no such axis.

    Notes
    -----
    The logarithm of `softmax`, but precise where a probability is close to 0 (Goodfellow et al., "Deep
    Learning", 2016, section 6.2.2.3). -Inf stays -Inf; a row that holds NaN or +Inf, or nothing but -Inf,
    becomes all NaN, as in PyTorch.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.log_softmax(np.array([1000.0, 0.0]))
    array([    0., -1000.])
    """
    y: Array = native.log_softmax_forward(x, axis)
    ctx.save(y=y, axis=axis)
    return y


@log_softmax.vjp
def log_softmax_vjp(ctx: Node, dy: Array) -> Any:
    return native.log_softmax_backward(ctx.y, dy, ctx.axis)


@log_softmax.tensor_vjp
def log_softmax_tensor_vjp(ctx: Node, dy: Array) -> Any:
    total = native.sum(dy, ctx.axis, keepdims=True)
    return native.subtract(dy, native.multiply(native.exp(ctx.y), total))
