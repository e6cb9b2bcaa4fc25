"""Division that rounds down, and what it leaves: NumPy's functions, without its warnings about zeros."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from ._broadcast import shape_of, sum_to_shape


@differentiable
def floor_divide(ctx: Node, x1: Any, x2: Any) -> Array:
    """Divide and round down to a whole number, element by element: the operator ``//``.

    Parameters
    ----------
    x1, x2 : array_like
        Arrays whose shapes broadcast.

    Returns
    -------
    ndarray
        ``floor(x1 / x2)``, worked out without rounding before. The gradient is 0.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.floor_divide(np.array([7.0, -7.0]), 2.0)
    array([ 3., -4.])
    """
    if ctx.needs:
        ctx.save(shapes=(shape_of(x1), shape_of(x2)))
    with np.errstate(all="ignore"):
        return np.asarray(np.floor_divide(x1, x2))


@floor_divide.tensor_vjp
@floor_divide.vjp
def floor_divide_vjp(ctx: Node, dy: Array) -> tuple[Array | None, ...]:
    return tuple(
        sum_to_shape(np.zeros_like(dy), shape) if need else None
        for shape, need in zip(ctx.shapes, ctx.needs, strict=True)
    )


@differentiable
def mod(ctx: Node, x1: Any, x2: Any) -> Array:
    """Remainder of `floor_divide`, element by element: the operator ``%``.

    Parameters
    ----------
    x1, x2 : array_like
        Arrays whose shapes broadcast.

    Returns
    -------
    ndarray
        ``x1 - floor(x1 / x2) * x2``, which has the sign of ``x2``. The gradient is 1 for ``x1``, and
        ``-floor(x1 / x2)`` for ``x2``.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.mod(np.array([7.0, -7.0]), 4.0)
    array([3., 1.])
    """
    if ctx.needs:
        ctx.save(x1=x1, x2=x2, shapes=(shape_of(x1), shape_of(x2)))
    with np.errstate(all="ignore"):
        return np.asarray(np.mod(x1, x2))


@mod.tensor_vjp
@mod.vjp
def mod_vjp(ctx: Node, dy: Array) -> tuple[Array | None, Array | None]:
    dx1 = dx2 = None
    if ctx.needs[0]:
        dx1 = sum_to_shape(dy, ctx.shapes[0])
    if ctx.needs[1]:
        with np.errstate(all="ignore"):
            slope = native.negative(np.floor_divide(ctx.x1, ctx.x2))
        dx2 = sum_to_shape(native.multiply(dy, slope), ctx.shapes[1])
    return dx1, dx2
