"""Hyperbolic functions and their inverses, but for tanh: NumPy's functions, without its warnings."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable


@differentiable
def sinh(ctx: Node, x: Any) -> Array:
    """Compute the hyperbolic sine.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        ``(exp(x) - exp(-x)) / 2``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.sinh(np.array([0.0, 1.0]))
    array([0.       , 1.17520119])
    """
    ctx.save(x=x)
    with np.errstate(all="ignore"):
        return np.asarray(np.sinh(x))


@sinh.tensor_vjp
@sinh.vjp
def sinh_vjp(ctx: Node, dy: Array) -> Any:
    return native.multiply(dy, np.cosh(ctx.x))


@differentiable
def cosh(ctx: Node, x: Any) -> Array:
    """Compute the hyperbolic cosine.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        ``(exp(x) + exp(-x)) / 2``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.cosh(np.array([0.0, 1.0]))
    array([1.        , 1.54308063])
    """
    ctx.save(x=x)
    with np.errstate(all="ignore"):
        return np.asarray(np.cosh(x))


@cosh.tensor_vjp
@cosh.vjp
def cosh_vjp(ctx: Node, dy: Array) -> Any:
    return native.multiply(dy, np.sinh(ctx.x))


@differentiable
def arcsinh(ctx: Node, x: Any) -> Array:
    """Compute the inverse of the hyperbolic sine.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        ``log(x + sqrt(x * x + 1))``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.arcsinh(np.array([0.0, 1.0]))
    array([0.        , 0.88137359])
    """
    ctx.save(x=x)
    with np.errstate(all="ignore"):
        return np.asarray(np.arcsinh(x))


@arcsinh.tensor_vjp
@arcsinh.vjp
def arcsinh_vjp(ctx: Node, dy: Array) -> Any:
    return native.multiply(dy, native.rsqrt(native.add(native.square(ctx.x), 1.0)))


@differentiable
def arccosh(ctx: Node, x: Any) -> Array:
    """Compute the inverse of the hyperbolic cosine.

    Parameters
    ----------
    x : array_like
        Values of at least 1, of any shape.

    Returns
    -------
    ndarray
        ``log(x + sqrt(x * x - 1))``; NaN below 1. The gradient at 1 is infinite.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.arccosh(np.array([1.0, 2.0]))
    array([0.        , 1.3169579])
    """
    ctx.save(x=x)
    with np.errstate(all="ignore"):
        return np.asarray(np.arccosh(x))


@arccosh.tensor_vjp
@arccosh.vjp
def arccosh_vjp(ctx: Node, dy: Array) -> Any:
    return native.multiply(dy, native.rsqrt(native.subtract(native.square(ctx.x), 1.0)))


@differentiable
def arctanh(ctx: Node, x: Any) -> Array:
    """Compute the inverse of the hyperbolic tangent.

    Parameters
    ----------
    x : array_like
        Values in [-1, 1], of any shape.

    Returns
    -------
    ndarray
        ``log((1 + x) / (1 - x)) / 2``; infinite at -1 and 1, NaN outside.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.arctanh(np.array([0.0, 0.5]))
    array([0.        , 0.54930614])
    """
    ctx.save(x=x)
    with np.errstate(all="ignore"):
        return np.asarray(np.arctanh(x))


@arctanh.tensor_vjp
@arctanh.vjp
def arctanh_vjp(ctx: Node, dy: Array) -> Any:
    return native.divide(dy, native.subtract(1.0, native.square(ctx.x)))
