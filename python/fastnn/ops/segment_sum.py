"""Sums of the slices that carry the same number."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from .selection import take


@differentiable
def segment_sum(ctx: Node, data: Any, segment_ids: Any, num_segments: int | None = None) -> Array:
    """Sum the slices ``data[i]`` that carry the same number.

    Parameters
    ----------
    data : array_like
        Values of at least one dimension, ``(n, ...)``.
    segment_ids : array_like of int
        The number of each slice, ``(n,)``, in any order.
    num_segments : int, optional
        How many sums there are; by default as many as the largest number asks for.

    Returns
    -------
    ndarray
        ``(num_segments, ...)``; 0 where no slice has the number. What is added to one sum is added in order.

    Raises
    ------
    TypeError
        If the numbers are not integers.
    ValueError
        If there is not one number for each slice, or one does not lie in ``[0, num_segments)``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.segment_sum(np.array([1.0, 2.0, 4.0]), np.array([2, 0, 2]))
    array([2., 0., 5.])
    """
    ids = np.asarray(segment_ids)
    if num_segments is None:
        num_segments = int(ids.max()) + 1 if ids.size else 0
    ctx.save(segment_ids=ids)
    return native.segment_sum(data, ids, num_segments)


@segment_sum.tensor_vjp
@segment_sum.vjp
def segment_sum_vjp(ctx: Node, dy: Array) -> Any:
    return take(dy, ctx.segment_ids, 0)
