"""Values picked by their positions. The gradient of each goes back to where the value came from."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, constant, differentiable
from fastnn.tensor import Tensor

from ._scatter import put_back, scatter_add


@differentiable
def take(ctx: Node, x: Any, indices: Any, axis: int | None = None) -> Array:
    """Pick slices along a dimension.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    indices : array_like of int
        Which slices, in any shape; negative ones count from the end.
    axis : int, optional
        The dimension; by default ``x`` is raveled first.

    Returns
    -------
    ndarray
        ``x.shape[:axis] + indices.shape + x.shape[axis + 1:]``, a new array.

    Raises
    ------
    AxisError
        If ``x`` has no such dimension.
    IndexError
        If an index is out of range.
    TypeError
        If the indices are not integers.

    Notes
    -----
    The gradients of a slice that was picked several times are added.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.take(np.array([[1.0, 2.0], [3.0, 4.0]]), [-1, 0, 0], axis=0)
    array([[3., 4.],
           [1., 2.],
           [1., 2.]])
    """
    x, indices = np.asarray(x), np.asarray(indices)
    ctx.save(shape=x.shape, indices=indices, axis=axis)
    if axis == 0 and x.ndim > 1 and indices.dtype.kind == "i" and x.dtype.kind in "fiu":
        try:
            return native.gather(x, indices)  # rows by several threads
        except ValueError as error:
            raise IndexError(str(error).replace("[gather]", "[take]")) from None
    return np.asarray(np.take(x, indices, axis))


@take.tensor_vjp
@take.vjp
def take_vjp(ctx: Node, dy: Array) -> Any:
    if ctx.axis is None:
        return scatter_add(dy, ctx.indices, (math.prod(ctx.shape),), 0).reshape(ctx.shape)
    return scatter_add(dy, ctx.indices, ctx.shape, ctx.axis % len(ctx.shape))


@differentiable
def take_along_axis(ctx: Node, x: Any, indices: Any, axis: int | None = -1) -> Array:
    """Pick values along a dimension, others in each row: with the indices of `argsort`, for example.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    indices : array_like of int
        Positions along ``axis``, with as many dimensions as ``x``; the other dimensions broadcast.
    axis : int or None
        The dimension; with None, ``x`` is raveled and ``indices`` are 1-D.

    Returns
    -------
    ndarray
        A new array.

    Raises
    ------
    AxisError
        If ``x`` has no such dimension.
    IndexError
        If an index is out of range, or not an integer, or the other dimensions do not broadcast.
    ValueError
        If the numbers of dimensions differ.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.take_along_axis(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0], [1]]))
    array([[1.],
           [4.]])
    """
    x, indices = np.asarray(x), np.asarray(indices)
    ctx.save(shape=x.shape, indices=indices, axis=axis)
    return np.asarray(np.take_along_axis(x, indices, axis))


@take_along_axis.tensor_vjp
@take_along_axis.vjp
def take_along_axis_vjp(ctx: Node, dy: Array) -> Any:
    positions = np.arange(math.prod(ctx.shape)).reshape(ctx.shape)
    return put_back(dy, np.take_along_axis(positions, ctx.indices, ctx.axis), ctx.shape)


@differentiable
def get_item(ctx: Node, x: Any, key: Any) -> Array:
    """Index an array: ``x[key]``.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    key : int, slice, None, Ellipsis, array of int or bool, or tuple of these
        What NumPy takes between brackets.

    Returns
    -------
    ndarray
        A view of ``x`` where the key holds no arrays, else a copy.

    Raises
    ------
    IndexError
        If an index is out of range, or there are too many, or they do not broadcast.

    Notes
    -----
    The gradients of a value that was picked several times are added.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> x = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> ops.get_item(x, (slice(None), -1))
    array([2., 4.])
    >>> ops.get_item(x, ([0, 0], [1, 1]))
    array([2., 2.])
    """
    x = np.asarray(x)
    if type(key) is tuple:
        key = tuple(k.numpy() if isinstance(k, Tensor) else k for k in key)
    ctx.save(shape=x.shape, key=key)
    return np.asarray(x[key])


def _picks(key: Any) -> bool:
    """Tell whether a key holds positions, which may pick a value twice."""
    return isinstance(key, (list, np.ndarray)) and np.asarray(key).dtype != bool


@get_item.vjp
def get_item_vjp(ctx: Node, dy: Array) -> Any:
    if any(map(_picks, ctx.key if type(ctx.key) is tuple else (ctx.key,))):
        return get_item_tensor_vjp(ctx, dy)
    grad = np.zeros(ctx.shape, dy.dtype.newbyteorder("="))
    grad[ctx.key] = dy
    return grad


@get_item.tensor_vjp
def get_item_tensor_vjp(ctx: Node, dy: Array) -> Any:
    if _picks(ctx.key):
        return scatter_add(dy, ctx.key, ctx.shape, 0)
    return put_back(dy, np.arange(math.prod(ctx.shape)).reshape(ctx.shape)[ctx.key], ctx.shape)


@constant
def one_hot(x: Any, num_classes: int, axis: int = -1, dtype: Any = "float32") -> Array:
    """Turn labels into vectors that are 1 at the label and 0 elsewhere.

    Parameters
    ----------
    x : array_like of int
        Labels of any shape. One outside ``[0, num_classes)`` gives zeros alone.
    num_classes : int
        The length of the vectors.
    axis : int
        Where the new dimension stands in the result.
    dtype : dtype
        The type of the result.

    Returns
    -------
    ndarray
        One dimension more than ``x``.

    Raises
    ------
    AxisError
        If the result has no such dimension.
    TypeError
        If the labels are not integers.
    ValueError
        If ``num_classes`` is negative.

    Examples
    --------
    >>> from fastnn import ops
    >>> ops.one_hot([1, 0, 3], 3)
    array([[0., 1., 0.],
           [1., 0., 0.],
           [0., 0., 0.]], dtype=float32)
    """
    x = np.asarray(x)
    if x.dtype.kind not in "iub" and x.size:
        raise TypeError(f"[one_hot] x must hold integers; received dtype {x.dtype}")
    if num_classes < 0:
        raise ValueError(f"[one_hot] num_classes must not be negative; received {num_classes}")
    if not -x.ndim - 1 <= axis <= x.ndim:
        raise np.exceptions.AxisError(
            f"[one_hot] axis must be a dimension of the result; received x {x.shape}, axis {axis}"
        )
    labels = x.reshape(-1)
    y = np.zeros((labels.size, num_classes), dtype)
    rows = np.flatnonzero((labels >= 0) & (labels < num_classes))
    y[rows, labels[rows].astype(np.intp)] = 1
    y = y.reshape((*x.shape, num_classes))
    return y if axis in (-1, x.ndim) else np.moveaxis(y, -1, axis)
