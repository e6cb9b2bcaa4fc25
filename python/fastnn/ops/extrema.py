"""The larger and the smaller of two, and clipping."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from ._broadcast import shape_of, sum_to_shape, value


def _chosen(ctx: Node, dy: Array) -> tuple[Array | None, Array | None]:
    """Give the gradient to the argument that became the result; equal ones share it."""
    y, x1, x2 = value(ctx.y), value(ctx.x1), value(ctx.x2)
    first, second = native.equal(y, x1), native.equal(y, x2)
    share = native.where(np.logical_and(first, second), native.multiply(dy, 0.5), dy)
    return (
        sum_to_shape(native.where(first, share, 0.0), ctx.shape1) if ctx.needs[0] else None,
        sum_to_shape(native.where(second, share, 0.0), ctx.shape2) if ctx.needs[1] else None,
    )


@differentiable
def maximum(ctx: Node, x1: Any, x2: Any) -> Array:
    """Take the larger of two, element by element.

    Parameters
    ----------
    x1, x2 : array_like
        Arrays whose shapes broadcast.

    Returns
    -------
    ndarray
        One of the two; NaN where either is NaN. Where they are equal, each gets half of the gradient.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.maximum(np.array([1.0, 2.0]), np.array([3.0, 2.0]))
    array([3., 2.])
    """
    y: Array = native.maximum(x1, x2)
    if ctx.needs:
        ctx.save(x1=x1, x2=x2, y=y, shape1=shape_of(x1), shape2=shape_of(x2))
    return y


@maximum.tensor_vjp
@maximum.vjp
def maximum_vjp(ctx: Node, dy: Array) -> tuple[Array | None, Array | None]:
    return _chosen(ctx, dy)


@differentiable
def minimum(ctx: Node, x1: Any, x2: Any) -> Array:
    """Take the smaller of two, element by element.

    Parameters
    ----------
    x1, x2 : array_like
        Arrays whose shapes broadcast.

    Returns
    -------
    ndarray
        One of the two; NaN where either is NaN. Where they are equal, each gets half of the gradient.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.minimum(np.array([1.0, 2.0]), np.array([3.0, 2.0]))
    array([1., 2.])
    """
    y: Array = native.minimum(x1, x2)
    if ctx.needs:
        ctx.save(x1=x1, x2=x2, y=y, shape1=shape_of(x1), shape2=shape_of(x2))
    return y


@minimum.tensor_vjp
@minimum.vjp
def minimum_vjp(ctx: Node, dy: Array) -> tuple[Array | None, Array | None]:
    return _chosen(ctx, dy)


@differentiable
def fmax(ctx: Node, x1: Any, x2: Any) -> Array:
    """Take the larger of two, element by element, and of a number and NaN the number.

    Parameters
    ----------
    x1, x2 : array_like
        Arrays whose shapes broadcast.

    Returns
    -------
    ndarray
        One of the two; NaN only where both are NaN. Where they are equal, each gets half of the gradient.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.fmax(np.array([1.0, 2.0]), np.array([3.0, 2.0]))
    array([3., 2.])
    """
    y: Array = native.fmax(x1, x2)
    if ctx.needs:
        ctx.save(x1=x1, x2=x2, y=y, shape1=shape_of(x1), shape2=shape_of(x2))
    return y


@fmax.tensor_vjp
@fmax.vjp
def fmax_vjp(ctx: Node, dy: Array) -> tuple[Array | None, Array | None]:
    return _chosen(ctx, dy)


@differentiable
def fmin(ctx: Node, x1: Any, x2: Any) -> Array:
    """Take the smaller of two, element by element, and of a number and NaN the number.

    Parameters
    ----------
    x1, x2 : array_like
        Arrays whose shapes broadcast.

    Returns
    -------
    ndarray
        One of the two; NaN only where both are NaN. Where they are equal, each gets half of the gradient.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.fmin(np.array([1.0, 2.0]), np.array([3.0, 2.0]))
    array([1., 2.])
    """
    y: Array = native.fmin(x1, x2)
    if ctx.needs:
        ctx.save(x1=x1, x2=x2, y=y, shape1=shape_of(x1), shape2=shape_of(x2))
    return y


@fmin.tensor_vjp
@fmin.vjp
def fmin_vjp(ctx: Node, dy: Array) -> tuple[Array | None, Array | None]:
    return _chosen(ctx, dy)


@differentiable
def clip(ctx: Node, x: Any, x_min: Any, x_max: Any) -> Array:
    """Raise what is below a bound and lower what is above the other.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    x_min, x_max : array_like or None
        The bounds, whose shapes broadcast to that of ``x``; None for no bound on that side.

    Returns
    -------
    ndarray
        ``minimum(maximum(x, x_min), x_max)``. The gradient of what was clipped goes to the bound.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.clip(np.array([-2.0, 0.5, 7.0]), 0.0, 1.0)
    array([0. , 0.5, 1. ])
    """
    y: Array = native.clip(x, x_min, x_max)
    if ctx.needs:
        shapes = [shape_of(a) for a in (x, x_min, x_max)]
        ctx.save(x=x, x_min=x_min, x_max=x_max, shapes=shapes)
    return y


@clip.tensor_vjp
@clip.vjp
def clip_vjp(ctx: Node, dy: Array) -> tuple[Array | None, ...]:
    x = value(ctx.x)
    low = -np.inf if ctx.x_min is None else value(ctx.x_min)
    high = np.inf if ctx.x_max is None else value(ctx.x_max)
    above = native.greater(native.maximum(x, low), high)
    below = np.logical_and(native.less(x, low), np.logical_not(above))
    places = (np.logical_not(np.logical_or(above, below)), below, above)
    x, low, high = (
        sum_to_shape(native.where(place, dy, 0.0), shape) if need else None
        for place, shape, need in zip(places, ctx.shapes, ctx.needs, strict=True)
    )
    return x, low, high
