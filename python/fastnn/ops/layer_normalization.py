"""Normalisation of each sample by itself."""

from __future__ import annotations

import math
from typing import Any

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from ._normalized import checked_axes, normalized_vjp
from .axes import transpose


@differentiable
def _layer_normalization(
    ctx: Node, x: Any, scale: Any, offset: Any, dimensions: int, epsilon: float, centred: bool
) -> Array:
    """Normalise the last dimensions."""
    op = "layer_normalization" if centred else "rms_normalization"
    y, mean, inverse = native.layer_normalization_forward(op, x, dimensions, scale, offset, epsilon, centred)
    if ctx.needs:
        ctx.save(x=x, scale=scale, mean=mean, inverse=inverse, how=(op, dimensions, epsilon, centred))
    return y


@_layer_normalization.vjp
def _layer_normalization_vjp(ctx: Node, dy: Array) -> Any:
    op, dimensions, _, _ = ctx.how
    return native.layer_normalization_backward(
        op, ctx.x, dy, dimensions, ctx.scale, ctx.mean, ctx.inverse, *ctx.needs[:3]
    )


@_layer_normalization.tensor_vjp
def _layer_normalization_tensor_vjp(ctx: Node, dy: Any) -> Any:
    _, dimensions, epsilon, centred = ctx.how
    shape = ctx.x.shape
    rows, line = shape[:-dimensions], shape[-dimensions:]
    split = (math.prod(rows), 1, 1, math.prod(line), 1)
    dx, dscale, doffset = normalized_vjp(ctx.x, dy, ctx.scale, split, True, epsilon, centred)
    return dx, dscale.reshape(line), doffset.reshape(line)


def _over_axes(op: str, x: Any, scale: Any, offset: Any, axis: Any, epsilon: float, centred: bool) -> Any:
    """Bring the axes to the end, and back."""
    ndim = getattr(x, "ndim", None)
    if ndim is None:
        x = native.multiply(x, 1.0)
        ndim = x.ndim
    axes = checked_axes(op, axis, ndim)
    if axes == list(range(ndim - len(axes), ndim)):
        return _layer_normalization(x, scale, offset, len(axes), epsilon, centred)
    order = [*(d for d in range(ndim) if d not in axes), *axes]
    y = _layer_normalization(transpose(x, tuple(order)), scale, offset, len(axes), epsilon, centred)
    return transpose(y, tuple(order.index(d) for d in range(ndim)))


def layer_normalization(
    x: Any, gamma: Any = None, beta: Any = None, axis: Any = -1, epsilon: float | None = None
) -> Any:
    r"""Normalise each sample by its own mean and variance over some axes.

    .. math:: y = \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} \gamma + \beta

    Parameters
    ----------
    x : array_like
        Values of any shape.
    gamma, beta : array_like, optional
        Scale and offset, of the sizes of the axes.
    axis : int or sequence of int
        The axes that are normalised together; the last by default.
    epsilon : float, default 1e-7
        Keeps the root away from 0.

    Returns
    -------
    ndarray
        Of the shape of ``x``.

    Raises
    ------
    ValueError
        If ``x`` has no such axis, or ``gamma`` or ``beta`` another shape.

    Notes
    -----
    Ba, Kiros and Hinton, "Layer Normalization", 2016.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.layer_normalization(np.array([[1.0, 3.0], [10.0, 30.0]]))
    array([[-0.99999995,  0.99999995],
           [-1.        ,  1.        ]])
    """
    return _over_axes("layer_normalization", x, gamma, beta, axis, 1e-7 if epsilon is None else epsilon, True)


def rms_normalization(x: Any, scale: Any = None, axis: Any = -1, epsilon: float | None = None) -> Any:
    r"""Divide each sample by the root of its mean square over some axes.

    .. math:: y = \frac{x}{\sqrt{\overline{x^2} + \epsilon}} \gamma

    Parameters
    ----------
    x : array_like
        Values of any shape.
    scale : array_like, optional
        Gamma, of the sizes of the axes.
    axis : int or sequence of int
        The axes that are normalised together; the last by default.
    epsilon : float, default 1e-7
        Keeps the root away from 0.

    Returns
    -------
    ndarray
        Of the shape of ``x``.

    Raises
    ------
    ValueError
        If ``x`` has no such axis, or ``scale`` another shape.

    Notes
    -----
    Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.rms_normalization(np.array([1.0, 7.0]), epsilon=0)
    array([0.2, 1.4])
    """
    return _over_axes("rms_normalization", x, scale, None, axis, 1e-7 if epsilon is None else epsilon, False)
