"""Variance and standard deviation over some dimensions."""

from __future__ import annotations

from typing import Any

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from ._broadcast import spread


def _differences(ctx: Node) -> tuple[Array, float]:
    """Return x less its mean, and the divisor of the variance."""
    mean = native.mean(ctx.x, ctx.axis, keepdims=True)
    terms = ctx.x.size / (mean.size or 1)
    return native.subtract(ctx.x, mean), terms - ctx.ddof


@differentiable
def var(ctx: Node, x: Any, axis: Any = None, keepdims: bool = False, ddof: float = 0) -> Array:
    """Variance over ``axis``.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    axis : int or tuple of int, optional
        The dimensions to reduce; all by default.
    keepdims : bool
        Whether the dimensions that are reduced stay, with size 1.
    ddof : float
        What is taken from the number of elements to make the divisor: 1 for the unbiased estimate.

    Returns
    -------
    ndarray
        The mean squares of the differences from the mean; NaN where there is nothing.

    Raises
    ------
    ValueError
        If ``x`` has no such dimension, or one is named twice.

    Notes
    -----
    Each difference from a mean of some of the elements and its square are added up in float64, pairwise (Chan,
    Golub and LeVeque, "Algorithms for computing the sample variance", 1983): precise where the mean is large.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.var(np.array([[1.0, 3.0], [2.0, 6.0]]), axis=1)
    array([1., 4.])
    """
    if ctx.needs:
        ctx.save(x=x, axis=axis, ddof=ddof)
    return native.var(x, axis, keepdims=keepdims, ddof=ddof)


@var.tensor_vjp
@var.vjp
def var_vjp(ctx: Node, dy: Array) -> Any:
    differences, divisor = _differences(ctx)
    factor = native.divide(native.multiply(dy, 2.0), divisor)
    return native.multiply(differences, spread(factor, ctx.x.shape, ctx.axis))


@differentiable
def std(ctx: Node, x: Any, axis: Any = None, keepdims: bool = False, ddof: float = 0) -> Array:
    """Standard deviation over ``axis``: the square root of the variance.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    axis : int or tuple of int, optional
        The dimensions to reduce; all by default.
    keepdims : bool
        Whether the dimensions that are reduced stay, with size 1.
    ddof : float
        What is taken from the number of elements to make the divisor: 1 for the unbiased estimate.

    Returns
    -------
    ndarray
        The standard deviations. Where one is 0 it has no gradient: NaN.

    Raises
    ------
    ValueError
        If ``x`` has no such dimension, or one is named twice.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.std(np.array([[1.0, 3.0], [2.0, 6.0]]), axis=1)
    array([1., 2.])
    """
    y = native.std(x, axis, keepdims=keepdims, ddof=ddof)
    if ctx.needs:
        ctx.save(x=x, y=y, axis=axis, ddof=ddof)
    return y


@std.tensor_vjp
@std.vjp
def std_vjp(ctx: Node, dy: Array) -> Any:
    differences, divisor = _differences(ctx)
    factor = native.divide(dy, native.multiply(ctx.y, divisor))
    return native.multiply(differences, spread(factor, ctx.x.shape, ctx.axis))
