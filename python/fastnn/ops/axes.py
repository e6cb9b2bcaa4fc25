"""The same values with their dimensions in another order, or walked through in another direction.

Results are NumPy views, except where `roll` and `rot90` say otherwise.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn.autograd import Array, Node, differentiable


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
    return np.transpose(dy, _inverse(ctx.axes))


@transpose.tensor_vjp
def transpose_tensor_vjp(ctx: Node, dy: Array) -> Any:
    return transpose(dy, _inverse(ctx.axes))


def _inverse(axes: Any) -> Any:
    return None if axes is None else np.argsort([a % len(axes) for a in axes])


@differentiable
def swapaxes(ctx: Node, x: Any, axis1: int, axis2: int) -> Array:
    """Exchange two dimensions.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    axis1, axis2 : int
        The dimensions to exchange.

    Returns
    -------
    ndarray
        A view of ``x``.

    Raises
    ------
    AxisError
        If ``x`` has no such dimension.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.swapaxes(np.zeros((2, 3, 4)), 0, -1).shape
    (4, 3, 2)
    """
    ctx.save(axis1=axis1, axis2=axis2)
    y: Array = np.asarray(x).swapaxes(axis1, axis2)
    return y


@swapaxes.vjp
def swapaxes_vjp(ctx: Node, dy: Array) -> Any:
    return dy.swapaxes(ctx.axis1, ctx.axis2)


@swapaxes.tensor_vjp
def swapaxes_tensor_vjp(ctx: Node, dy: Array) -> Any:
    return swapaxes(dy, ctx.axis1, ctx.axis2)


@differentiable
def moveaxis(ctx: Node, x: Any, source: Any, destination: Any) -> Array:
    """Move dimensions to other places; the rest keep their order.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    source, destination : int or sequence of int
        Where the dimensions stand in ``x``, and where in the result.

    Returns
    -------
    ndarray
        A view of ``x``.

    Raises
    ------
    AxisError
        If there is no such dimension.
    ValueError
        If one is named twice, or the numbers of sources and destinations differ.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.moveaxis(np.zeros((2, 3, 4)), 0, -1).shape
    (3, 4, 2)
    """
    ctx.save(source=source, destination=destination)
    return np.moveaxis(np.asarray(x), source, destination)


@moveaxis.tensor_vjp
@moveaxis.vjp
def moveaxis_vjp(ctx: Node, dy: Array) -> Any:
    return moveaxis(dy, ctx.destination, ctx.source)


@differentiable
def flip(ctx: Node, x: Any, axis: Any = None) -> Array:
    """Reverse the order of the values along dimensions.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    axis : int or tuple of int, optional
        The dimensions to reverse; all by default.

    Returns
    -------
    ndarray
        A view of ``x``.

    Raises
    ------
    AxisError
        If ``x`` has no such dimension.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.flip(np.array([1.0, 2.0, 3.0]))
    array([3., 2., 1.])
    """
    ctx.save(axis=axis)
    return np.asarray(np.flip(np.asarray(x), axis))


@flip.tensor_vjp
@flip.vjp
def flip_vjp(ctx: Node, dy: Array) -> Any:
    return flip(dy, ctx.axis)


@differentiable
def roll(ctx: Node, x: Any, shift: Any, axis: Any = None) -> Array:
    """Shift values along dimensions; what leaves at one end comes in at the other.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    shift : int or tuple of int
        By how many places, towards higher indices.
    axis : int or tuple of int, optional
        Along which dimensions; by default along the raveled values, which are then given their shape again.

    Returns
    -------
    ndarray
        A new array.

    Raises
    ------
    AxisError
        If ``x`` has no such dimension.
    ValueError
        If ``shift`` and ``axis`` do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.roll(np.array([1.0, 2.0, 3.0]), 1)
    array([3., 1., 2.])
    """
    ctx.save(shift=shift, axis=axis)
    return np.roll(x, shift, axis)


@roll.tensor_vjp
@roll.vjp
def roll_vjp(ctx: Node, dy: Array) -> Any:
    return roll(dy, np.negative(ctx.shift), ctx.axis)


@differentiable
def rot90(ctx: Node, x: Any, k: int = 1, axes: Any = (0, 1)) -> Array:
    """Turn by 90 degrees in the plane of two dimensions.

    Parameters
    ----------
    x : array_like
        Values of at least two dimensions.
    k : int
        How many times; the direction is from the first dimension of ``axes`` towards the second.
    axes : pair of int
        The plane.

    Returns
    -------
    ndarray
        A view of ``x``.

    Raises
    ------
    ValueError
        If ``axes`` are not two different dimensions of ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.rot90(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[2., 4.],
           [1., 3.]])
    """
    ctx.save(k=k, axes=axes)
    return np.rot90(np.asarray(x), k, axes)


@rot90.tensor_vjp
@rot90.vjp
def rot90_vjp(ctx: Node, dy: Array) -> Any:
    return rot90(dy, -ctx.k, ctx.axes)
