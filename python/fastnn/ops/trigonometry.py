"""Sine, cosine and tangent of angles in radians."""

from __future__ import annotations

from typing import Any

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable


@differentiable
def sin(ctx: Node, x: Any) -> Array:
    """Compute the sine.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        The sine of every element, at most 2 units in the last place off however large the angle; NaN of infinity.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.sin(np.array([0.0, np.pi / 2]))
    array([0., 1.])
    """
    y: Array = native.sin(x)
    ctx.save(x=x)
    return y


@sin.tensor_vjp
@sin.vjp
def sin_vjp(ctx: Node, dy: Array) -> Any:
    return native.multiply(dy, native.cos(ctx.x))


@differentiable
def cos(ctx: Node, x: Any) -> Array:
    """Compute the cosine.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        The cosine of every element, at most 2 units in the last place off however large the angle; NaN of infinity.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.cos(np.array([0.0, np.pi]))
    array([ 1., -1.])
    """
    y: Array = native.cos(x)
    ctx.save(x=x)
    return y


@cos.tensor_vjp
@cos.vjp
def cos_vjp(ctx: Node, dy: Array) -> Any:
    return native.negative(native.multiply(dy, native.sin(ctx.x)))


@differentiable
def tan(ctx: Node, x: Any) -> Array:
    """Compute the tangent.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        The tangent of every element, at most 4 units in the last place off however large the angle; NaN of infinity.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.tan(np.array([0.0, np.pi / 4]))
    array([0., 1.])
    """
    y: Array = native.tan(x)
    ctx.save(y=y)
    return y


@tan.tensor_vjp
@tan.vjp
def tan_vjp(ctx: Node, dy: Array) -> Any:
    return native.multiply(dy, native.add(native.square(ctx.y), 1.0))
