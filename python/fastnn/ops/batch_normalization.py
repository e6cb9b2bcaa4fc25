"""Normalisation of each channel by a mean and a variance that are given."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from .reduction import mean as mean_of
from .variance import var


@differentiable
def batch_normalization(
    ctx: Node,
    x: Any,
    mean: Any,
    variance: Any,
    axis: int,
    offset: Any = None,
    scale: Any = None,
    epsilon: float = 1e-3,
) -> Array:
    r"""Normalise each channel by a given mean and variance.

    .. math:: y = \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} \gamma + \beta

    Parameters
    ----------
    x : array_like
        Values of any shape.
    mean, variance : array_like
        ``(channels,)``.
    axis : int
        The axis of the channels.
    offset, scale : array_like, optional
        ``(channels,)``: beta and gamma.
    epsilon : float
        Keeps the root away from 0.

    Returns
    -------
    ndarray
        Of the shape of ``x``.

    Raises
    ------
    ValueError
        If ``x`` has no such axis, or it has another size than the other arguments.

    Notes
    -----
    Ioffe and Szegedy, "Batch Normalization", 2015. `moments` gives the statistics of a batch; the layer
    ``BatchNormalization`` computes both and their gradient in one call.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.batch_normalization(np.array([[1.0, 4.0]]), np.array([1.0, 2.0]), np.array([1.0, 4.0]), -1, epsilon=0)
    array([[0., 1.]])
    """
    if ctx.needs:
        ctx.save(x=x, mean=mean, variance=variance, scale=scale, axis=axis, epsilon=epsilon)
    return native.group_normalization_apply(
        "batch_normalization", x, axis, 0, False, mean, variance, scale, offset, epsilon
    )


@batch_normalization.vjp
def batch_normalization_vjp(ctx: Node, dy: Array) -> Any:
    dx, dscale, doffset = native.group_normalization_backward(
        "batch_normalization",
        ctx.x,
        dy,
        ctx.axis,
        0,
        False,
        ctx.mean,
        ctx.variance,
        ctx.scale,
        ctx.epsilon,
        False,
        ctx.needs[0],
    )
    inverse = 1 / np.sqrt(np.asarray(ctx.variance) + np.asarray(ctx.epsilon, dscale.dtype))
    factor = inverse if ctx.scale is None else inverse * ctx.scale
    return dx, -doffset * factor, -0.5 * dscale * factor * inverse, None, doffset, dscale


@batch_normalization.tensor_vjp
def batch_normalization_tensor_vjp(ctx: Node, dy: Any) -> Any:
    x = ctx.x
    axis = ctx.axis % x.ndim
    others = tuple(d for d in range(x.ndim) if d != axis)
    line = tuple(n if d == axis else 1 for d, n in enumerate(x.shape))
    inverse = native.reciprocal(native.sqrt(native.add(ctx.variance, ctx.epsilon)))
    factor = inverse if ctx.scale is None else native.multiply(inverse, ctx.scale)
    centred = native.subtract(x, ctx.mean.reshape(line))
    doffset = native.sum(dy, others)
    dscale = native.multiply(native.sum(native.multiply(dy, centred), others), inverse)
    return (
        native.multiply(dy, factor.reshape(line)),
        native.negative(native.multiply(doffset, factor)),
        native.multiply(native.multiply(dscale, -0.5), native.multiply(factor, inverse)),
        None,
        doffset,
        dscale,
    )


def moments(x: Any, axes: Any, keepdims: bool = False) -> tuple[Any, Any]:
    """Return mean and variance over some dimensions.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    axes : int or tuple of int
        The dimensions to reduce.
    keepdims : bool
        Whether the dimensions that are reduced stay, with size 1.

    Returns
    -------
    tuple of ndarray
        Both in float64's precision where sums are concerned; see `mean` and `var`.

    Raises
    ------
    ValueError
        If ``x`` has no such dimension, or one is named twice.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.moments(np.array([[1.0, 3.0], [2.0, 6.0]]), axes=1)
    (array([2., 4.]), array([1., 4.]))
    """
    if isinstance(axes, list):
        axes = tuple(axes)
    return mean_of(x, axes, keepdims=keepdims), var(x, axes, keepdims=keepdims)
