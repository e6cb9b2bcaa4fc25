"""Running sums."""

from __future__ import annotations

from typing import Any

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from .axes import flip


@differentiable
def cumsum(ctx: Node, x: Any, axis: int | None = None) -> Array:
    """Running sum along an axis.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    axis : int, optional
        The axis to sum along; by default all elements, in C order.

    Returns
    -------
    ndarray
        The sums up to each element, in the shape of ``x``; of one dimension if ``axis`` is None.

    Raises
    ------
    ValueError
        If ``x`` has no such axis.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.cumsum(np.array([[1.0, 2.0], [3.0, 4.0]]), axis=1)
    array([[1., 3.],
           [3., 7.]])
    """
    if ctx.needs:
        ctx.save(shape=x.shape, axis=axis)
    return native.cumsum(x, axis)


@cumsum.vjp
def cumsum_vjp(ctx: Node, dy: Array) -> Any:
    # An element is in the sums from its own to the last: running sums from the end.
    axis = 0 if ctx.axis is None else ctx.axis % dy.ndim
    backwards = (slice(None),) * axis + (slice(None, None, -1),)
    return native.cumsum(dy[backwards], axis)[backwards].reshape(ctx.shape)


@cumsum.tensor_vjp
def cumsum_tensor_vjp(ctx: Node, dy: Array) -> Any:
    axis = 0 if ctx.axis is None else ctx.axis
    return flip(cumsum(flip(dy, axis), axis), axis).reshape(ctx.shape)
