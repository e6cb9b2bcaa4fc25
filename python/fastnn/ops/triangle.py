"""Diagonals of matrices, and what lies on either side."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fastnn.autograd import Array, Node, differentiable

from ._scatter import put_back
from .reduction import sum as _sum
from .shape import broadcast_to


@differentiable
def diagonal(ctx: Node, x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Array:
    """Pick the diagonal of matrices.

    Parameters
    ----------
    x : array_like
        Values of at least two dimensions.
    offset : int
        Which diagonal: positive ones lie above the main one.
    axis1, axis2 : int
        The dimensions of the matrices.

    Returns
    -------
    ndarray
        A read-only view of ``x``, in which the diagonal is the last dimension.

    Raises
    ------
    AxisError
        If ``x`` has no such dimension.
    ValueError
        If ``x`` has less than two, or they are the same.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.diagonal(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([1., 4.])
    """
    x = np.asarray(x)
    ctx.save(shape=x.shape, where=(offset, axis1, axis2))
    y: Array = x.diagonal(offset, axis1, axis2)
    return y


@diagonal.vjp
def diagonal_vjp(ctx: Node, dy: Array) -> Any:
    grad = np.zeros(ctx.shape, dy.dtype.newbyteorder("="))
    values = grad.diagonal(*ctx.where)
    values.flags.writeable = True  # NumPy marks it read-only; the memory is ours
    values[...] = dy
    return grad


@diagonal.tensor_vjp
def diagonal_tensor_vjp(ctx: Node, dy: Array) -> Any:
    positions = np.arange(math.prod(ctx.shape)).reshape(ctx.shape).diagonal(*ctx.where)
    return put_back(broadcast_to(dy, positions.shape), positions, ctx.shape)


@differentiable
def diag(ctx: Node, x: Any, k: int = 0) -> Array:
    """Pick the diagonal of a matrix, or make the matrix that has a vector as its diagonal.

    Parameters
    ----------
    x : array_like
        A matrix or a vector.
    k : int
        Which diagonal: positive ones lie above the main one.

    Returns
    -------
    ndarray
        A read-only view of the matrix, or a new matrix, 0 elsewhere.

    Raises
    ------
    ValueError
        If ``x`` has neither one dimension nor two.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.diag(np.array([1.0, 2.0]))
    array([[1., 0.],
           [0., 2.]])
    >>> ops.diag(np.array([[1.0, 2.0], [3.0, 4.0]]), 1)
    array([2.])
    """
    x = np.asarray(x)
    ctx.save(shape=x.shape, where=(k, 0, 1))
    return np.diag(x, k)


@diag.vjp
def diag_vjp(ctx: Node, dy: Array) -> Any:
    return dy.diagonal(*ctx.where) if len(ctx.shape) == 1 else diagonal_vjp(ctx, dy)


@diag.tensor_vjp
def diag_tensor_vjp(ctx: Node, dy: Array) -> Any:
    return diagonal(dy, *ctx.where) if len(ctx.shape) == 1 else diagonal_tensor_vjp(ctx, dy)


@differentiable
def trace(ctx: Node, x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Array:
    """Add up the diagonal of matrices.

    Parameters
    ----------
    x : array_like
        Values of at least two dimensions.
    offset : int
        Which diagonal: positive ones lie above the main one.
    axis1, axis2 : int
        The dimensions of the matrices.

    Returns
    -------
    ndarray
        The sums: two dimensions less than ``x``.

    Raises
    ------
    AxisError
        If ``x`` has no such dimension.
    ValueError
        If ``x`` has less than two, or they are the same.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> float(ops.trace(np.array([[1.0, 2.0], [3.0, 4.0]])))
    5.0
    """
    x = np.asarray(x)
    diagonals = x.diagonal(offset, axis1, axis2)
    ctx.save(shape=x.shape, where=(offset, axis1, axis2))
    if x.dtype.kind != "f":
        return np.asarray(np.trace(x, offset, axis1, axis2))
    return _sum(diagonals, -1)


@trace.vjp
def trace_vjp(ctx: Node, dy: Array) -> Any:
    return diagonal_vjp(ctx, dy[..., np.newaxis])  # the same for all that was added


@trace.tensor_vjp
def trace_tensor_vjp(ctx: Node, dy: Array) -> Any:
    return diagonal_tensor_vjp(ctx, dy.reshape((*dy.shape, 1)))


@differentiable
def tril(ctx: Node, x: Any, k: int = 0) -> Array:
    """Keep the lower triangle of matrices.

    Parameters
    ----------
    x : array_like
        Values of at least two dimensions, of which the last two are the matrices.
    k : int
        The highest diagonal that is kept: positive ones lie above the main one.

    Returns
    -------
    ndarray
        A new array, 0 above that diagonal.

    Raises
    ------
    TypeError
        If ``x`` is 0-d.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.tril(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[1., 0.],
           [3., 4.]])
    """
    x = np.asarray(x)
    ctx.save(shape=x.shape, k=k)
    if x.ndim == 0:
        raise TypeError("x must have at least one dimension")
    return np.tril(x, k)


@tril.tensor_vjp
@tril.vjp
def tril_vjp(ctx: Node, dy: Array) -> Any:
    grad = tril(dy, ctx.k)
    return grad if len(ctx.shape) > 1 else _sum(grad, 0)  # NumPy makes a vector the rows of a matrix


@differentiable
def triu(ctx: Node, x: Any, k: int = 0) -> Array:
    """Keep the upper triangle of matrices.

    Parameters
    ----------
    x : array_like
        Values of at least two dimensions, of which the last two are the matrices.
    k : int
        The lowest diagonal that is kept: positive ones lie above the main one.

    Returns
    -------
    ndarray
        A new array, 0 below that diagonal.

    Raises
    ------
    TypeError
        If ``x`` is 0-d.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.triu(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[1., 2.],
           [0., 4.]])
    """
    x = np.asarray(x)
    ctx.save(shape=x.shape, k=k)
    if x.ndim == 0:
        raise TypeError("x must have at least one dimension")
    return np.triu(x, k)


@triu.tensor_vjp
@triu.vjp
def triu_vjp(ctx: Node, dy: Array) -> Any:
    grad = triu(dy, ctx.k)
    return grad if len(ctx.shape) > 1 else _sum(grad, 0)
