"""Values repeated: whole arrays side by side, or each value in its place."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn.autograd import Array, Node, differentiable

from ._scatter import scatter_add
from .reduction import sum as _sum


@differentiable
def tile(ctx: Node, x: Any, repeats: Any) -> Array:
    """Lay copies of an array side by side.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    repeats : int or sequence of int
        How often along each dimension, counted from the last; dimensions that ``x`` lacks are new ones in front.

    Returns
    -------
    ndarray
        A new array.

    Raises
    ------
    ValueError
        If a number is negative.

    Notes
    -----
    The gradient is summed over the copies.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.tile(np.array([1.0, 2.0]), (2, 2))
    array([[1., 2., 1., 2.],
           [1., 2., 1., 2.]])
    """
    x = np.asarray(x)
    ctx.save(shape=x.shape, repeats=repeats)
    return np.tile(x, repeats)


@tile.tensor_vjp
@tile.vjp
def tile_vjp(ctx: Node, dy: Array) -> Any:
    shape = (1,) * (dy.ndim - len(ctx.shape)) + ctx.shape
    given = tuple(np.ravel(ctx.repeats).tolist())
    repeats = (1,) * (dy.ndim - len(given)) + given
    pairs = [n for pair in zip(repeats, shape, strict=True) for n in pair]
    return _sum(dy.reshape(pairs), tuple(range(0, 2 * dy.ndim, 2))).reshape(ctx.shape)


@differentiable
def repeat(ctx: Node, x: Any, repeats: Any, axis: int | None = None) -> Array:
    """Repeat each value, or each slice along a dimension, in its place.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    repeats : int or sequence of int
        How often; one number for all or one for each.
    axis : int, optional
        The dimension; by default ``x`` is raveled first.

    Returns
    -------
    ndarray
        A new array.

    Raises
    ------
    AxisError
        If ``x`` has no such dimension.
    ValueError
        If a number is negative, or there are neither one nor as many as there are slices.

    Notes
    -----
    The gradient is summed over the repetitions.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.repeat(np.array([1.0, 2.0]), 2)
    array([1., 1., 2., 2.])
    >>> ops.repeat(np.array([[1.0], [2.0]]), [1, 2], axis=0)
    array([[1.],
           [2.],
           [2.]])
    """
    x = np.asarray(x)
    ctx.save(shape=x.shape, repeats=repeats, axis=axis)
    y: Array = x.repeat(repeats, axis)
    return y


@repeat.tensor_vjp
@repeat.vjp
def repeat_vjp(ctx: Node, dy: Array) -> Any:
    shape = ctx.shape if ctx.axis is not None else (int(np.prod(ctx.shape)),)
    axis = ctx.axis % len(shape) if ctx.axis is not None else 0
    if np.ndim(ctx.repeats) == 0:
        grouped = dy.reshape((*shape[: axis + 1], ctx.repeats, *shape[axis + 1 :]))
        return _sum(grouped, axis + 1).reshape(ctx.shape)
    source = np.repeat(np.arange(shape[axis]), ctx.repeats)
    return scatter_add(dy, source, shape, axis).reshape(ctx.shape)
