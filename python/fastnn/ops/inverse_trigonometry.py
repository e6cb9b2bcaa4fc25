"""Angles in radians of sines, cosines and tangents: NumPy's functions, without its warnings."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from ._broadcast import shape_of, sum_to_shape


@differentiable
def arcsin(ctx: Node, x: Any) -> Array:
    """Compute the angle whose sine is given.

    Parameters
    ----------
    x : array_like
        Values in [-1, 1], of any shape.

    Returns
    -------
    ndarray
        Angles in [-pi/2, pi/2]; NaN outside of [-1, 1]. The gradient at -1 and 1 is infinite.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.arcsin(np.array([0.0, 1.0]))
    array([0.        , 1.57079633])
    """
    ctx.save(x=x)
    with np.errstate(all="ignore"):
        return np.asarray(np.arcsin(x))


@arcsin.tensor_vjp
@arcsin.vjp
def arcsin_vjp(ctx: Node, dy: Array) -> Any:
    return native.multiply(dy, native.rsqrt(native.subtract(1.0, native.square(ctx.x))))


@differentiable
def arccos(ctx: Node, x: Any) -> Array:
    """Compute the angle whose cosine is given.

    Parameters
    ----------
    x : array_like
        Values in [-1, 1], of any shape.

    Returns
    -------
    ndarray
        Angles in [0, pi]; NaN outside of [-1, 1]. The gradient at -1 and 1 is infinite.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.arccos(np.array([1.0, 0.0]))
    array([0.        , 1.57079633])
    """
    ctx.save(x=x)
    with np.errstate(all="ignore"):
        return np.asarray(np.arccos(x))


@arccos.tensor_vjp
@arccos.vjp
def arccos_vjp(ctx: Node, dy: Array) -> Any:
    return native.negative(native.multiply(dy, native.rsqrt(native.subtract(1.0, native.square(ctx.x)))))


@differentiable
def arctan(ctx: Node, x: Any) -> Array:
    """Compute the angle whose tangent is given.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        Angles in [-pi/2, pi/2].

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.arctan(np.array([0.0, 1.0]))
    array([0.        , 0.78539816])
    """
    ctx.save(x=x)
    with np.errstate(all="ignore"):
        return np.asarray(np.arctan(x))


@arctan.tensor_vjp
@arctan.vjp
def arctan_vjp(ctx: Node, dy: Array) -> Any:
    return native.divide(dy, native.add(native.square(ctx.x), 1.0))


@differentiable
def arctan2(ctx: Node, x1: Any, x2: Any) -> Array:
    """Compute the angle of the point (``x2``, ``x1``) seen from the origin.

    Parameters
    ----------
    x1, x2 : array_like
        Ordinates and abscissas, whose shapes broadcast.

    Returns
    -------
    ndarray
        Angles in [-pi, pi]: of ``x1 / x2``, in the quadrant of the point. The gradient at the origin is NaN.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.arctan2(np.array([1.0, -1.0]), np.array([0.0, -1.0]))
    array([ 1.57079633, -2.35619449])
    """
    if ctx.needs:
        ctx.save(x1=x1, x2=x2, shapes=(shape_of(x1), shape_of(x2)))
    return np.asarray(np.arctan2(x1, x2))


@arctan2.tensor_vjp
@arctan2.vjp
def arctan2_vjp(ctx: Node, dy: Array) -> tuple[Array | None, Array | None]:
    scaled = native.divide(dy, native.add(native.square(ctx.x1), native.square(ctx.x2)))
    return (
        sum_to_shape(native.multiply(scaled, ctx.x2), ctx.shapes[0]) if ctx.needs[0] else None,
        sum_to_shape(native.negative(native.multiply(scaled, ctx.x1)), ctx.shapes[1])
        if ctx.needs[1]
        else None,
    )
