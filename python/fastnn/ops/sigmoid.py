"""Functions that level off to both sides, and those made of them."""

from __future__ import annotations

from typing import Any

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable


@differentiable
def sigmoid(ctx: Node, x: Any) -> Array:
    r"""Logistic function: :math:`1 / (1 + e^{-x})`.

    Parameters
    ----------
    x : array_like
        Values of any shape. Integers, booleans and float16 become float32.

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
    y: Array = native.sigmoid(x)
    ctx.save(y=y)
    return y


@sigmoid.vjp
def sigmoid_vjp(ctx: Node, dy: Array) -> Any:
    return native.sigmoid_backward(ctx.y, dy)


@sigmoid.tensor_vjp
def sigmoid_tensor_vjp(ctx: Node, dy: Array) -> Any:
    return native.multiply(dy, native.multiply(ctx.y, native.subtract(1.0, ctx.y)))


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
    y: Array = native.tanh(x)
    ctx.save(y=y)
    return y


@tanh.vjp
def tanh_vjp(ctx: Node, dy: Array) -> Any:
    return native.tanh_backward(ctx.y, dy)


@tanh.tensor_vjp
def tanh_tensor_vjp(ctx: Node, dy: Array) -> Any:
    return native.multiply(dy, native.subtract(1.0, native.square(ctx.y)))


@differentiable
def hard_sigmoid(ctx: Node, x: Any) -> Array:
    r"""Piecewise linear likeness of the logistic function: :math:`\mathrm{relu6}(x + 3) / 6`.

    Parameters
    ----------
    x : array_like
        Values of any shape. Integers, booleans and float16 become float32.

    Returns
    -------
    ndarray
        Float array of the shape of ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.hard_sigmoid(np.array([-4.0, 0.0, 1.5]))
    array([0.  , 0.5 , 0.75])
    """
    y: Array = native.hard_sigmoid(x)
    ctx.save(x=x)
    return y


@hard_sigmoid.vjp
def hard_sigmoid_vjp(ctx: Node, dy: Array) -> Any:
    return native.hard_sigmoid_backward(ctx.x, dy)


@hard_sigmoid.tensor_vjp
def hard_sigmoid_tensor_vjp(ctx: Node, dy: Array) -> Any:
    return native.where(native.less(native.absolute(ctx.x), 3.0), native.divide(dy, 6.0), 0.0)


@differentiable
def softsign(ctx: Node, x: Any) -> Array:
    r"""Compute :math:`x / (1 + |x|)`.

    Parameters
    ----------
    x : array_like
        Values of any shape. Integers, booleans and float16 become float32.

    Returns
    -------
    ndarray
        Float array of the shape of ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.softsign(np.array([-1.0, 0.0, 3.0]))
    array([-0.5 ,  0.  ,  0.75])
    """
    y: Array = native.softsign(x)
    ctx.save(x=x)
    return y


@softsign.vjp
def softsign_vjp(ctx: Node, dy: Array) -> Any:
    return native.softsign_backward(ctx.x, dy)


@softsign.tensor_vjp
def softsign_tensor_vjp(ctx: Node, dy: Array) -> Any:
    scale = native.add(native.absolute(ctx.x), 1.0)
    return native.divide(native.divide(dy, scale), scale)


@differentiable
def softplus(ctx: Node, x: Any) -> Array:
    r"""Smooth likeness of the rectified linear unit: :math:`\log(1 + e^x)`.

    Parameters
    ----------
    x : array_like
        Values of any shape. Integers, booleans and float16 become float32.

    Returns
    -------
    ndarray
        Float array of the shape of ``x``, without overflow, and precise however small.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.softplus(np.array([-1000.0, 0.0, 1000.0]))
    array([0.00000000e+00, 6.93147181e-01, 1.00000000e+03])
    """
    y: Array = native.softplus(x)
    ctx.save(x=x)
    return y


@softplus.vjp
def softplus_vjp(ctx: Node, dy: Array) -> Any:
    return native.softplus_backward(ctx.x, dy)


@softplus.tensor_vjp
def softplus_tensor_vjp(ctx: Node, dy: Array) -> Any:
    return native.multiply(dy, native.sigmoid(ctx.x))


@differentiable
def log_sigmoid(ctx: Node, x: Any) -> Array:
    r"""Logarithm of the logistic function: :math:`-\log(1 + e^{-x})`.

    Parameters
    ----------
    x : array_like
        Values of any shape. Integers, booleans and float16 become float32.

    Returns
    -------
    ndarray
        Float array of the shape of ``x``, without overflow, and precise however small.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.log_sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([-1.00000000e+03, -6.93147181e-01, -0.00000000e+00])
    """
    y: Array = native.log_sigmoid(x)
    ctx.save(x=x)
    return y


@log_sigmoid.vjp
def log_sigmoid_vjp(ctx: Node, dy: Array) -> Any:
    return native.log_sigmoid_backward(ctx.x, dy)


@log_sigmoid.tensor_vjp
def log_sigmoid_tensor_vjp(ctx: Node, dy: Array) -> Any:
    return native.multiply(dy, native.sigmoid(native.negative(ctx.x)))
