"""Other shapes of the same values. Results are NumPy views: nothing is copied unless NumPy has to."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn.autograd import Array, Node, differentiable


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


@reshape.vjp
def reshape_vjp(ctx: Node, dy: Array) -> Any:
    return dy.reshape(ctx.shape)


@differentiable
def transpose(ctx: Node, x: Any, axes: Any = None) -> Array:
    """Permute the dimensions.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    axes : sequence of int, optional
        Dimension ``i`` of the result is dimension ``axes[i]`` of ``x``; by default the order is reversed.

    Returns
    -------
    ndarray
        A view of ``x``.

    Raises
    ------
    ValueError
        If ``axes`` is not a permutation of the dimensions.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.transpose(np.zeros((2, 3, 4))).shape
    (4, 3, 2)
    >>> ops.transpose(np.zeros((2, 3, 4)), (0, 2, 1)).shape
    (2, 4, 3)
    """
    ctx.save(axes=axes)
    return np.transpose(x, axes)


@transpose.vjp
def transpose_vjp(ctx: Node, dy: Array) -> Any:
    return np.transpose(dy, None if ctx.axes is None else np.argsort([a % dy.ndim for a in ctx.axes]))
