"""Arithmetic with NumPy's broadcasting and types.

float32 and float64 are computed natively, without NumPy's floating-point warnings; arrays of any other
type are left to NumPy.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable


def _multiply(x1: Any, x2: Any) -> Array:
    y: Array = native.multiply(x1, x2)
    return np.multiply(x1, x2) if y is NotImplemented else y


def _divide(x1: Any, x2: Any) -> Array:
    y: Array = native.divide(x1, x2)
    return np.divide(x1, x2) if y is NotImplemented else y


def _negative(x: Any) -> Array:
    y: Array = native.negative(x)
    return np.negative(x) if y is NotImplemented else y


def _shape(x: Any) -> Any:
    """Return the shape of an array, None of a number or list (which want no gradient)."""
    return getattr(x, "shape", None)


def _sum_to(dy: Array, shape: tuple[int, ...]) -> Array:
    """Add up what broadcasting from ``shape`` to the shape of ``dy`` repeated."""
    return dy if dy.shape == shape else native.sum_to(dy, shape)


@differentiable
def add(ctx: Node, x1: Any, x2: Any) -> Array:
    """Add two arrays, element by element.

    Parameters
    ----------
    x1, x2 : array_like
        Arrays whose shapes broadcast.

    Returns
    -------
    ndarray
        ``x1 + x2``, of the type that NumPy 2 gives it: a Python number takes the type of the array.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.add(np.array([[1.0], [2.0]]), np.array([10.0, 20.0]))
    array([[11., 21.],
           [12., 22.]])
    """
    if ctx.needs:
        ctx.save(shape1=_shape(x1), shape2=_shape(x2))
    y: Array = native.add(x1, x2)
    return np.add(x1, x2) if y is NotImplemented else y


@add.vjp
def add_vjp(ctx: Node, dy: Array) -> tuple[Array | None, Array | None]:
    return (
        _sum_to(dy, ctx.shape1) if ctx.needs[0] else None,
        _sum_to(dy, ctx.shape2) if ctx.needs[1] else None,
    )


@differentiable
def subtract(ctx: Node, x1: Any, x2: Any) -> Array:
    """Subtract one array from another, element by element.

    Parameters
    ----------
    x1, x2 : array_like
        Arrays whose shapes broadcast.

    Returns
    -------
    ndarray
        ``x1 - x2``, of the type that NumPy 2 gives it: a Python number takes the type of the array.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.subtract(np.array([3.0, 4.0]), 1.0)
    array([2., 3.])
    """
    if ctx.needs:
        ctx.save(shape1=_shape(x1), shape2=_shape(x2))
    y: Array = native.subtract(x1, x2)
    return np.subtract(x1, x2) if y is NotImplemented else y


@subtract.vjp
def subtract_vjp(ctx: Node, dy: Array) -> tuple[Array | None, Array | None]:
    return (
        _sum_to(dy, ctx.shape1) if ctx.needs[0] else None,
        _sum_to(_negative(dy), ctx.shape2) if ctx.needs[1] else None,
    )


@differentiable
def multiply(ctx: Node, x1: Any, x2: Any) -> Array:
    """Multiply two arrays, element by element.

    Parameters
    ----------
    x1, x2 : array_like
        Arrays whose shapes broadcast.

    Returns
    -------
    ndarray
        ``x1 * x2``, of the type that NumPy 2 gives it: a Python number takes the type of the array.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.multiply(np.array([3.0, 4.0]), np.array([2.0, 0.5]))
    array([6., 2.])
    """
    ctx.save(x1=x1, x2=x2)
    return _multiply(x1, x2)


@multiply.vjp
def multiply_vjp(ctx: Node, dy: Array) -> tuple[Array | None, Array | None]:
    return (
        _sum_to(_multiply(dy, ctx.x2), ctx.x1.shape) if ctx.needs[0] else None,
        _sum_to(_multiply(dy, ctx.x1), ctx.x2.shape) if ctx.needs[1] else None,
    )


@differentiable
def divide(ctx: Node, x1: Any, x2: Any) -> Array:
    """Divide one array by another, element by element.

    Parameters
    ----------
    x1, x2 : array_like
        Arrays whose shapes broadcast.

    Returns
    -------
    ndarray
        ``x1 / x2``, of the type that NumPy 2 gives it: a Python number takes the type of the array.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.divide(np.array([3.0, 1.0]), np.array([2.0, 0.0]))
    array([1.5, inf])
    """
    y = _divide(x1, x2)
    ctx.save(shape1=_shape(x1), x2=x2, y=y)
    return y


@divide.vjp
def divide_vjp(ctx: Node, dy: Array) -> tuple[Array | None, Array | None]:
    dx1 = _divide(dy, ctx.x2)
    return (
        _sum_to(dx1, ctx.shape1) if ctx.needs[0] else None,
        _sum_to(_negative(native.multiply(dx1, ctx.y)), ctx.x2.shape) if ctx.needs[1] else None,
    )


@differentiable
def negative(ctx: Node, x: Any) -> Array:
    """Change the sign of every element.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        ``-x``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.negative(np.array([1.0, -2.0]))
    array([-1.,  2.])
    """
    return _negative(x)


@negative.vjp
def negative_vjp(ctx: Node, dy: Array) -> Any:
    return _negative(dy)
