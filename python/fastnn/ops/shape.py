"""Other shapes of the same values. Results are NumPy views: nothing is copied unless NumPy has to."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn.autograd import Array, Node, differentiable

from ._broadcast import sum_to_shape


@differentiable
def reshape(ctx: Node, x: Any, shape: Any) -> Array:
    """Give the same values, in C order, another shape.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    shape : int or tuple of int
        The new shape; one size may be -1 and follows from the others.

    Returns
    -------
    ndarray
        A view of ``x`` where its layout allows, else a copy.

    Raises
    ------
    ValueError
        If the shape does not hold as many elements as ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.reshape(np.arange(6.0), (2, -1))
    array([[0., 1., 2.],
           [3., 4., 5.]])
    """
    x = np.asarray(x)
    ctx.save(shape=x.shape)
    y: Array = x.reshape(shape)
    return y


@reshape.tensor_vjp
@reshape.vjp
def reshape_vjp(ctx: Node, dy: Array) -> Any:
    return dy.reshape(ctx.shape)


@differentiable
def ravel(ctx: Node, x: Any) -> Array:
    """Give the same values, in C order, one dimension.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        ``(x.size,)``, a view of ``x`` where its layout allows, else a copy.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.ravel(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([1., 2., 3., 4.])
    """
    x = np.asarray(x)
    ctx.save(shape=x.shape)
    y: Array = x.ravel()
    return y


@ravel.tensor_vjp
@ravel.vjp
def ravel_vjp(ctx: Node, dy: Array) -> Any:
    return dy.reshape(ctx.shape)


@differentiable
def expand_dims(ctx: Node, x: Any, axis: Any) -> Array:
    """Insert dimensions of size 1.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    axis : int or tuple of int
        Where the new dimensions stand in the result.

    Returns
    -------
    ndarray
        A view of ``x``.

    Raises
    ------
    AxisError
        If the result has no such dimension.
    ValueError
        If one is named twice.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.expand_dims(np.zeros((2, 3)), -1).shape
    (2, 3, 1)
    """
    x = np.asarray(x)
    ctx.save(shape=x.shape)
    if type(axis) is int and -x.ndim - 1 <= axis <= x.ndim:
        at = axis if axis >= 0 else axis + x.ndim + 1
        y: Array = x[(slice(None),) * at + (None, ...)]  # several times quicker than NumPy's
        return y
    return np.expand_dims(x, axis)


@expand_dims.tensor_vjp
@expand_dims.vjp
def expand_dims_vjp(ctx: Node, dy: Array) -> Any:
    return dy.reshape(ctx.shape)


@differentiable
def squeeze(ctx: Node, x: Any, axis: Any = None) -> Array:
    """Leave out dimensions of size 1.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    axis : int or tuple of int, optional
        The dimensions to leave out; by default all of size 1.

    Returns
    -------
    ndarray
        A view of ``x``.

    Raises
    ------
    AxisError
        If ``x`` has no such dimension.
    ValueError
        If its size is not 1.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.squeeze(np.zeros((1, 2, 1, 3)), 2).shape
    (1, 2, 3)
    """
    x = np.asarray(x)
    ctx.save(shape=x.shape)
    y: Array = x.squeeze(axis)
    return y


@squeeze.tensor_vjp
@squeeze.vjp
def squeeze_vjp(ctx: Node, dy: Array) -> Any:
    return dy.reshape(ctx.shape)


@differentiable
def broadcast_to(ctx: Node, x: Any, shape: Any) -> Array:
    """Repeat values along new dimensions, and along those of size 1.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    shape : int or tuple of int
        The shape of the result.

    Returns
    -------
    ndarray
        A read-only view of ``x``.

    Raises
    ------
    ValueError
        If ``x`` does not broadcast to ``shape``.

    Notes
    -----
    The gradient is summed over what was repeated.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.broadcast_to(np.array([1.0, 2.0]), (3, 2))
    array([[1., 2.],
           [1., 2.],
           [1., 2.]])
    """
    x = np.asarray(x)
    ctx.save(shape=x.shape)
    return np.broadcast_to(x, shape)


@broadcast_to.tensor_vjp
@broadcast_to.vjp
def broadcast_to_vjp(ctx: Node, dy: Array) -> Any:
    return sum_to_shape(dy, ctx.shape)
