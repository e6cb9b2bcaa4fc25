"""An element times a gate between 0 and 1 that it opens itself."""

from __future__ import annotations

import math
from typing import Any

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from .arithmetic import multiply
from .sigmoid import sigmoid
from .splitting import split


def _bounded(x: Array) -> Array:
    """Return x where every gate is open or shut further out, so that infinite x has a slope."""
    return native.clip(x, -40.0, 40.0)


@differentiable
def silu(ctx: Node, x: Any) -> Array:
    r"""Sigmoid linear unit, or swish: :math:`x / (1 + e^{-x})`.

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
    Elfwing et al., "Sigmoid-Weighted Linear Units for Neural Network Function Approximation", 2018.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.silu(np.array([-1.0, 0.0, 2.0]))
    array([-0.26894142,  0.        ,  1.76159416])
    """
    y: Array = native.silu(x)
    ctx.save(x=x)
    return y


@silu.vjp
def silu_vjp(ctx: Node, dy: Array) -> Any:
    return native.silu_backward(ctx.x, dy)


@silu.tensor_vjp
def silu_tensor_vjp(ctx: Node, dy: Array) -> Any:
    x = _bounded(ctx.x)
    gate = native.sigmoid(x)
    rest = native.multiply(native.multiply(gate, x), native.subtract(1.0, gate))
    return native.multiply(dy, native.add(gate, rest))


@differentiable
def hard_silu(ctx: Node, x: Any) -> Array:
    r"""Piecewise quadratic likeness of `silu`: :math:`x\,\mathrm{relu6}(x + 3) / 6`.

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
    >>> ops.hard_silu(np.array([-4.0, 0.0, 1.5]))
    array([-0.   ,  0.   ,  1.125])
    """
    y: Array = native.hard_silu(x)
    ctx.save(x=x)
    return y


@hard_silu.vjp
def hard_silu_vjp(ctx: Node, dy: Array) -> Any:
    return native.hard_silu_backward(ctx.x, dy)


@hard_silu.tensor_vjp
def hard_silu_tensor_vjp(ctx: Node, dy: Array) -> Any:
    x = ctx.x
    slope = native.add(native.divide(x, 3.0), 0.5)
    slope = native.where(native.greater_equal(x, 3.0), 1.0, slope)
    return native.multiply(dy, native.where(native.less_equal(x, -3.0), 0.0, slope))


@differentiable
def mish(ctx: Node, x: Any) -> Array:
    r"""Compute :math:`x \tanh(\log(1 + e^x))`.

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
    Misra, "Mish: A Self Regularized Non-Monotonic Activation Function", 2019.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.mish(np.array([-1.0, 0.0, 2.0]))
    array([-0.30340146,  0.        ,  1.94395896])
    """
    y: Array = native.mish(x)
    ctx.save(x=x)
    return y


@mish.vjp
def mish_vjp(ctx: Node, dy: Array) -> Any:
    return native.mish_backward(ctx.x, dy)


@mish.tensor_vjp
def mish_tensor_vjp(ctx: Node, dy: Array) -> Any:
    # With t = tanh(softplus(x)): t + x sigmoid(x) (1 - t^2).
    x = _bounded(ctx.x)
    gate = native.tanh(native.softplus(x))
    rest = native.multiply(native.multiply(x, native.sigmoid(x)), native.subtract(1.0, native.square(gate)))
    return native.multiply(dy, native.add(gate, rest))


@differentiable
def gelu(ctx: Node, x: Any, approximate: bool = True) -> Array:
    r"""Gaussian error linear unit: :math:`x` times the probability that a normal variable is less.

    Parameters
    ----------
    x : array_like
        Values of any shape. Integers, booleans and float16 become float32.
    approximate : bool
        Whether to put :math:`(1 + \tanh(\sqrt{2/\pi}\,(x + 0.044715 x^3))) / 2` in the place of the probability
        :math:`(1 + \mathrm{erf}(x / \sqrt 2)) / 2`.

    Returns
    -------
    ndarray
        Float array of the shape of ``x``. The probability is as precise as a sum with 1 can be: of large
        negative ``x``, to some units in the last place of ``x``, not of the result.

    Notes
    -----
    Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016. `fastnn.activations.gelu`, as in Keras, takes the
    probability itself.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.gelu(np.array([-1.0, 0.0, 2.0]), approximate=False)
    array([-0.15865525,  0.        ,  1.95449974])
    """
    y: Array = native.gelu_tanh(x) if approximate else native.gelu(x)
    ctx.save(x=x, approximate=approximate)
    return y


@gelu.vjp
def gelu_vjp(ctx: Node, dy: Array) -> Any:
    return (native.gelu_tanh_backward if ctx.approximate else native.gelu_backward)(ctx.x, dy)


@gelu.tensor_vjp
def gelu_tensor_vjp(ctx: Node, dy: Array) -> Any:
    x = _bounded(ctx.x)
    square = native.square(x)
    if ctx.approximate:
        # With u = x (c + c a x^2): s + s (1 - s) x (c + 3 c a x^2), s = sigmoid(u).
        c, a = 2 * math.sqrt(2 / math.pi), 0.044715
        gate = native.sigmoid(native.multiply(x, native.add(native.multiply(square, c * a), c)))
        inner = native.add(native.multiply(square, 3 * c * a), c)
        steepness = native.multiply(native.multiply(gate, native.subtract(1.0, gate)), inner)
    else:  # the normal distribution and its density
        gate = native.add(native.multiply(native.erf(native.multiply(x, math.sqrt(0.5))), 0.5), 0.5)
        steepness = native.multiply(native.exp(native.multiply(square, -0.5)), 1 / math.sqrt(2 * math.pi))
    return native.multiply(dy, native.add(gate, native.multiply(x, steepness)))


def glu(x: Any, axis: int = -1) -> Any:
    r"""Gated linear unit: the first half of the input times the sigmoid of the second.

    Parameters
    ----------
    x : array_like
        Values, of an even size along the axis.
    axis : int
        The axis to halve.

    Returns
    -------
    ndarray
        Array of half the size.

    Raises
    ------
    ValueError
        If the size along the axis is odd.

    Notes
    -----
    Dauphin et al., "Language Modeling with Gated Convolutional Networks", 2017.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.glu(np.array([3.0, 4.0, 0.0, 100.0]))
    array([1.5, 4. ])
    """
    values, gates = split(x, 2, axis)
    return multiply(values, sigmoid(gates))
