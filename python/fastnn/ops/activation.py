"""Activation functions of one element. Integers, booleans and float16 become float32."""

from __future__ import annotations

from typing import Any

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable


@differentiable
def relu(ctx: Node, x: Any) -> Array:
    r"""Rectified linear unit: :math:`\max(x, 0)`.

    Parameters
    ----------
    x : array_like
        Values of any shape.

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
    y: Array = native.relu_forward(x)
    ctx.save(y=y)
    return y


@relu.vjp
def relu_vjp(ctx: Node, dy: Array) -> Any:
    return native.relu_backward(ctx.y, dy)


@differentiable
def sigmoid(ctx: Node, x: Any) -> Array:
    r"""Logistic function: :math:`1 / (1 + e^{-x})`.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        Float array of the shape of ``x``, at most 3 units in the last place off, however small the result.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    y: Array = native.sigmoid_forward(x)
    ctx.save(y=y)
    return y


@sigmoid.vjp
def sigmoid_vjp(ctx: Node, dy: Array) -> Any:
    return native.sigmoid_backward(ctx.y, dy)


@differentiable
def tanh(ctx: Node, x: Any) -> Array:
    r"""Hyperbolic tangent: :math:`(e^{2x} - 1) / (e^{2x} + 1)`.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        Float array of the shape of ``x``, at most 3 units in the last place off.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.tanh(np.array([-1000.0, 0.0, 1000.0]))
    array([-1.,  0.,  1.])
    """
    y: Array = native.tanh_forward(x)
    ctx.save(y=y)
    return y


@tanh.vjp
def tanh_vjp(ctx: Node, dy: Array) -> Any:
    return native.tanh_backward(ctx.y, dy)
