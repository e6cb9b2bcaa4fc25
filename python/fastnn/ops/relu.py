"""The rectified linear unit and its kin."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from ._broadcast import value
from .arithmetic import divide, multiply


@differentiable
def relu(ctx: Node, x: Any) -> Array:
    r"""Rectified linear unit: :math:`\max(x, 0)`.

    Parameters
    ----------
    x : array_like
        Values of any shape. Integers, booleans and float16 become float32.

    Returns
    -------
    ndarray
        Float array of the shape of ``x``; NaN stays NaN. The gradient at 0 is 0.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.relu(np.array([-1.0, 0.0, 2.0]))
    array([0., 0., 2.])
    """
    y: Array = native.relu(x)
    ctx.save(y=y)
    return y


@relu.vjp
def relu_vjp(ctx: Node, dy: Array) -> Any:
    return native.relu_backward(ctx.y, dy)


@relu.tensor_vjp
def relu_tensor_vjp(ctx: Node, dy: Array) -> Any:
    return native.where(native.greater(ctx.y, 0.0), dy, 0.0)


@differentiable
def relu6(ctx: Node, x: Any) -> Array:
    r"""Rectified linear unit with an upper bound: :math:`\min(\max(x, 0), 6)`.

    Parameters
    ----------
    x : array_like
        Values of any shape. Integers, booleans and float16 become float32.

    Returns
    -------
    ndarray
        Float array of the shape of ``x``; NaN stays NaN. The gradient at 0 and at 6 is 0.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.relu6(np.array([-1.0, 2.0, 8.0]))
    array([0., 2., 6.])
    """
    y: Array = native.relu6(x)
    ctx.save(y=y)
    return y


@relu6.vjp
def relu6_vjp(ctx: Node, dy: Array) -> Any:
    return native.relu6_backward(ctx.y, dy)


@relu6.tensor_vjp
def relu6_tensor_vjp(ctx: Node, dy: Array) -> Any:
    inside = np.logical_and(value(ctx.y) > 0, value(ctx.y) < 6)
    return native.where(inside, dy, 0.0)


@differentiable
def leaky_relu(ctx: Node, x: Any, negative_slope: float = 0.2) -> Array:
    """Leaky rectified linear unit: :math:`x` where it is not negative, otherwise a small part of it.

    Parameters
    ----------
    x : array_like
        Values of any shape. Integers, booleans and float16 become float32.
    negative_slope : float
        What negative values are multiplied by.

    Returns
    -------
    ndarray
        Float array of the shape of ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.leaky_relu(np.array([-1.0, 0.0, 2.0]), negative_slope=0.1)
    array([-0.1,  0. ,  2. ])
    """
    y: Array = native.leaky_relu(x, negative_slope)
    ctx.save(x=x, negative_slope=negative_slope)
    return y


@leaky_relu.vjp
def leaky_relu_vjp(ctx: Node, dy: Array) -> Any:
    return native.leaky_relu_backward(ctx.x, dy, ctx.negative_slope)


@leaky_relu.tensor_vjp
def leaky_relu_tensor_vjp(ctx: Node, dy: Array) -> Any:
    return native.where(native.greater_equal(ctx.x, 0.0), dy, native.multiply(dy, ctx.negative_slope))


@differentiable
def elu(ctx: Node, x: Any, alpha: float = 1.0) -> Array:
    r"""Exponential linear unit: :math:`x` where it is positive, otherwise :math:`\alpha (e^x - 1)`.

    Parameters
    ----------
    x : array_like
        Values of any shape. Integers, booleans and float16 become float32.
    alpha : float
        Minus the limit for large negative values.

    Returns
    -------
    ndarray
        Float array of the shape of ``x``.

    Notes
    -----
    Clevert et al., "Fast and Accurate Deep Network Learning by Exponential Linear Units", 2016.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.elu(np.array([-np.inf, 0.0, 2.0]))
    array([-1.,  0.,  2.])
    """
    y: Array = native.elu(x, alpha)
    ctx.save(x=x, alpha=alpha)
    return y


@elu.vjp
def elu_vjp(ctx: Node, dy: Array) -> Any:
    return native.elu_backward(ctx.x, dy, ctx.alpha)


def _elu_slope(x: Array, scale: float, alpha: float) -> Array:
    positive = native.greater(x, 0.0)
    below = native.exp(native.where(positive, 0.0, x))  # exp(x) itself may overflow
    return native.where(positive, scale, native.multiply(below, scale * alpha))


@elu.tensor_vjp
def elu_tensor_vjp(ctx: Node, dy: Array) -> Any:
    return native.multiply(dy, _elu_slope(ctx.x, 1.0, ctx.alpha))


@differentiable
def selu(ctx: Node, x: Any) -> Array:
    r"""Scaled exponential linear unit: :math:`\lambda\,\mathrm{elu}(x, \alpha)`.

    Parameters
    ----------
    x : array_like
        Values of any shape. Integers, booleans and float16 become float32.

    Returns
    -------
    ndarray
        Float array of the shape of ``x``.

    Notes
    -----
    With the constants 1.0507 and 1.6733 of Klambauer et al., "Self-Normalizing Neural Networks", 2017, which
    drive activations towards mean 0 and variance 1.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.selu(np.array([-np.inf, 0.0, 1.0]))
    array([-1.75809934,  0.        ,  1.05070099])
    """
    y: Array = native.selu(x)
    ctx.save(x=x)
    return y


@selu.vjp
def selu_vjp(ctx: Node, dy: Array) -> Any:
    return native.selu_backward(ctx.x, dy)


@selu.tensor_vjp
def selu_tensor_vjp(ctx: Node, dy: Array) -> Any:
    return native.multiply(dy, _elu_slope(ctx.x, 1.0507009873554804934, 1.6732632423543772848))


def celu(x: Any, alpha: float = 1.0) -> Any:
    r"""Exponential linear unit whose slope is continuous: :math:`\alpha\,\mathrm{elu}(x / \alpha)`.

    Parameters
    ----------
    x : array_like
        Values of any shape. Integers, booleans and float16 become float32.
    alpha : float
        Minus the limit for large negative values.

    Returns
    -------
    ndarray
        Float array of the shape of ``x``.

    Notes
    -----
    Barron, "Continuously Differentiable Exponential Linear Units", 2017.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.celu(np.array([-np.inf, 0.0, 2.0]), alpha=0.5)
    array([-0.5,  0. ,  2. ])
    """
    return elu(x) if alpha == 1 else multiply(elu(divide(x, alpha)), alpha)
