"""Elements of one array or another."""

from __future__ import annotations

from typing import Any

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from ._broadcast import shape_of, sum_to_shape


@differentiable
def where(ctx: Node, condition: Any, x1: Any, x2: Any) -> Array:
    """Choose from two arrays, element by element.

    Parameters
    ----------
    condition : array_like of bool
        Whether to take the element of ``x1``; has no gradient.
    x1, x2 : array_like
        Arrays whose shapes broadcast with that of the condition.

    Returns
    -------
    ndarray
        Elements of ``x1`` where the condition holds, of ``x2`` elsewhere.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> x = np.array([-1.0, 2.0])
    >>> ops.where(x > 0, x, 0.0)
    array([0., 2.])
    """
    if ctx.needs:
        ctx.save(condition=condition, shape1=shape_of(x1), shape2=shape_of(x2))
    return native.where(condition, x1, x2)


@where.tensor_vjp
@where.vjp
def where_vjp(ctx: Node, dy: Array) -> tuple[Array | None, ...]:
    return (
        None,
        sum_to_shape(native.where(ctx.condition, dy, 0.0), ctx.shape1) if ctx.needs[1] else None,
        sum_to_shape(native.where(ctx.condition, 0.0, dy), ctx.shape2) if ctx.needs[2] else None,
    )
