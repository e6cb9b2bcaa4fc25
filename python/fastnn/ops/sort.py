"""Values in order of size. NaN counts as the largest, as in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn.autograd import Array, Node, constant, differentiable

from ._broadcast import value
from ._scatter import put_back
from .selection import take_along_axis


@differentiable
def sort(ctx: Node, x: Any, axis: int | None = -1) -> Array:
    """Sort along a dimension, the smallest first.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    axis : int or None
        The dimension; with None, ``x`` is raveled first.

    Returns
    -------
    ndarray
        A new array.

    Raises
    ------
    AxisError
        If ``x`` has no such dimension.

    Notes
    -----
    Gradients go to where the values came from; of equal values, the first counts as the smallest.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.sort(np.array([2.0, 3.0, 1.0]))
    array([1., 2., 3.])
    """
    ctx.save(x=x, axis=axis)
    return np.sort(x, axis)


@sort.vjp
def sort_vjp(ctx: Node, dy: Array) -> Any:
    order = np.argsort(ctx.x, ctx.axis, kind="stable")
    grad = np.empty(np.shape(ctx.x), dy.dtype.newbyteorder("="))
    np.put_along_axis(grad, order, dy, ctx.axis)
    return grad


@sort.tensor_vjp
def sort_tensor_vjp(ctx: Node, dy: Array) -> Any:
    order = np.argsort(value(ctx.x), ctx.axis, kind="stable")
    if ctx.axis is None:
        return put_back(dy, order, ctx.x.shape)
    return take_along_axis(dy, np.argsort(order, ctx.axis), ctx.axis)


@constant
def argsort(x: Any, axis: int | None = -1) -> Array:
    """Return the positions that would sort along a dimension, the smallest value first.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    axis : int or None
        The dimension; with None, ``x`` is raveled first.

    Returns
    -------
    ndarray of int
        The positions; those of equal values keep their order. `take_along_axis` takes them. No gradient.

    Raises
    ------
    AxisError
        If ``x`` has no such dimension.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.argsort(np.array([2.0, 3.0, 1.0]))
    array([2, 0, 1])
    """
    return np.argsort(x, axis, kind="stable")


@constant
def _top_k(x: Any, k: int) -> Array:
    x = np.asarray(x)
    if x.ndim == 0 or not 0 <= k <= x.shape[-1]:
        raise ValueError(f"[top_k] k must lie in [0, x.shape[-1]]; received x {x.shape}, k {k}")
    if 0 < 4 * k < x.shape[-1] and x.dtype.kind in "fiu":
        least = np.partition(x, -k)[..., -k, np.newaxis]
        if not np.isnan(least).any():  # NaN is larger: then what is not below or equal is among the k
            positions = _among_largest(x, least, k)
            order = _descending(np.take_along_axis(x, positions, -1))
            return np.take_along_axis(positions, order, -1)
    return _descending(x)[..., :k]


def _descending(x: Array) -> Array:
    # From the end of an ascending order, so that NaN comes first; of the mirrored x, so that among equal
    # values the first does.
    order = np.argsort(x[..., ::-1], kind="stable")
    return x.shape[-1] - 1 - order[..., ::-1]


def _among_largest(x: Array, least: Array, k: int) -> Array:
    """Return where the k largest are, in order of position; ``least`` is the smallest of them."""
    above, equal = ~(x <= least), x == least
    missing = k - above.sum(-1, keepdims=True)
    chosen = above | (equal & (np.cumsum(equal, -1) <= missing))
    return np.nonzero(chosen)[-1].reshape((*x.shape[:-1], k))


def top_k(x: Any, k: int, sorted: bool = True) -> tuple[Any, Any]:
    """Find the largest values along the last dimension, and where they are.

    Parameters
    ----------
    x : array_like
        ``(..., n)``.
    k : int
        How many, at most ``n``.
    sorted : bool
        Whether the largest must come first. It does in either case.

    Returns
    -------
    values : ndarray
        ``(..., k)``. Gradients go to where the values came from.
    indices : ndarray of int
        ``(..., k)``, their positions; of equal values the first comes first. No gradient.

    Raises
    ------
    ValueError
        If ``x`` is 0-d, or has less than ``k`` values.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> values, indices = ops.top_k(np.array([2.0, 3.0, 1.0]), 2)
    >>> values, indices
    (array([3., 2.]), array([1, 0]))
    """
    indices = _top_k(x, k)
    return take_along_axis(x, indices, -1), indices
