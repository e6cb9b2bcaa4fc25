"""Arrays put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fastnn.autograd import Array, Node, differentiable
from fastnn.tensor import Tensor

from .shape import reshape
from .splitting import split


@differentiable
def _concatenate(ctx: Node, axis: int | None, *xs: Any) -> Array:
    if ctx.needs:
        ctx.save(axis=axis, shapes=[np.shape(x) for x in xs])
    return np.concatenate(xs, axis)


@_concatenate.vjp
def _concatenate_vjp(ctx: Node, dy: Array) -> tuple[Array | None, ...]:
    axis = 0 if ctx.axis is None else ctx.axis % dy.ndim
    before = (slice(None),) * axis
    grads: list[Array | None] = [None]
    end = 0
    for shape, needed in zip(ctx.shapes, ctx.needs[1:], strict=True):
        begin = end
        end += int(np.prod(shape)) if ctx.axis is None else shape[axis]
        grads.append(dy[(*before, slice(begin, end))].reshape(shape) if needed else None)
    return tuple(grads)


@_concatenate.tensor_vjp
def _concatenate_tensor_vjp(ctx: Node, dy: Array) -> tuple[Array | None, ...]:
    sizes = [int(np.prod(shape)) if ctx.axis is None else shape[ctx.axis] for shape in ctx.shapes]
    parts = split(dy, np.cumsum(sizes[:-1]), ctx.axis or 0)
    wanted = zip(parts, ctx.shapes, ctx.needs[1:], strict=True)
    return (None, *(part.reshape(shape) if needed else None for part, shape, needed in wanted))


def concatenate(xs: Sequence[Any], axis: int | None = 0) -> Any:
    """Join arrays along a dimension that they have.

    Parameters
    ----------
    xs : sequence of array_like
        Arrays of one shape, but for the size of the dimension ``axis``.
    axis : int or None
        The dimension; with None the arrays are raveled first.

    Returns
    -------
    ndarray
        A new array of the type to which all of ``xs`` promote.

    Raises
    ------
    AxisError
        If the arrays have no such dimension.
    ValueError
        If the other sizes differ, or there are no arrays.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.concatenate([np.zeros((1, 2)), np.ones((2, 2))])
    array([[0., 0.],
           [1., 1.],
           [1., 1.]])
    """
    return _concatenate(axis, *xs)


@differentiable
def _stack(ctx: Node, axis: int, *x: Any) -> Array:
    ctx.save(axis=axis)
    return np.stack(x, axis)


@_stack.vjp
def _stack_vjp(ctx: Node, dy: Array) -> tuple[Array | None, ...]:
    parts = np.moveaxis(dy, ctx.axis, 0)
    return (None, *(np.asarray(part) for part in parts))


@_stack.tensor_vjp
def _stack_tensor_vjp(ctx: Node, dy: Array) -> tuple[Array | None, ...]:
    shape = np.delete(dy.shape, ctx.axis).tolist()
    parts = split(dy, dy.shape[ctx.axis], ctx.axis)
    return (None, *(part.reshape(shape) for part in parts))


def stack(x: Sequence[Any], axis: int = 0) -> Any:
    """Join arrays along a new dimension.

    Parameters
    ----------
    x : sequence of array_like
        Arrays of one shape.
    axis : int
        Where the new dimension stands in the result.

    Returns
    -------
    ndarray
        A new array of the type to which all of ``x`` promote.

    Raises
    ------
    AxisError
        If the result has no such dimension.
    ValueError
        If the shapes differ, or there are no arrays.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.stack([np.array([1.0, 2.0]), np.array([3.0, 4.0])], axis=1)
    array([[1., 3.],
           [2., 4.]])
    """
    return _stack(axis, *x)


def _at_least(x: Any, ndim: int) -> Any:
    """Return ``x`` with new dimensions in front, so that it has ``ndim``."""
    if not isinstance(x, Tensor):
        x = np.asarray(x)
    return x if x.ndim >= ndim else reshape(x, (1,) * (ndim - x.ndim) + x.shape)


def _named(op: str, axis: int, xs: Sequence[Any]) -> Any:
    """Concatenate on behalf of another function."""
    try:
        return _concatenate(axis, *xs)
    except (TypeError, ValueError) as error:
        raise type(error)(str(error).replace("[concatenate]", f"[{op}]")) from None


def hstack(xs: Sequence[Any]) -> Any:
    """Join arrays side by side: along their second dimension, vectors along their only one.

    Parameters
    ----------
    xs : sequence of array_like
        Arrays of one shape, but for the size of that dimension; numbers count as vectors.

    Returns
    -------
    ndarray
        A new array.

    Raises
    ------
    ValueError
        If the other sizes differ, or there are no arrays.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.hstack([np.zeros((2, 1)), np.ones((2, 2))])
    array([[0., 1., 1.],
           [0., 1., 1.]])
    """
    xs = [_at_least(x, 1) for x in xs]
    return _named("hstack", 0 if xs and xs[0].ndim == 1 else 1, xs)


def vstack(xs: Sequence[Any]) -> Any:
    """Join arrays one below the other: along their first dimension, vectors as rows.

    Parameters
    ----------
    xs : sequence of array_like
        Arrays of one shape, but for the size of that dimension.

    Returns
    -------
    ndarray
        A new array of at least two dimensions.

    Raises
    ------
    ValueError
        If the other sizes differ, or there are no arrays.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.vstack([np.array([1.0, 2.0]), np.array([3.0, 4.0])])
    array([[1., 2.],
           [3., 4.]])
    """
    return _named("vstack", 0, [_at_least(x, 2) for x in xs])
