"""Arithmetic with NumPy's broadcasting and types, and functions of one number made of it.

float32 and float64 are computed natively, without NumPy's floating-point warnings; arrays of any other
type are left to NumPy.
"""

from __future__ import annotations

from typing import Any

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from ._broadcast import shape_of, sum_to_shape, zeros_like


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
        ctx.save(shape1=shape_of(x1), shape2=shape_of(x2))
    return native.add(x1, x2)


@add.tensor_vjp
@add.vjp
def add_vjp(ctx: Node, dy: Array) -> tuple[Array | None, Array | None]:
    return (
        sum_to_shape(dy, ctx.shape1) if ctx.needs[0] else None,
        sum_to_shape(dy, ctx.shape2) if ctx.needs[1] else None,
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
        ctx.save(shape1=shape_of(x1), shape2=shape_of(x2))
    return native.subtract(x1, x2)


@subtract.tensor_vjp
@subtract.vjp
def subtract_vjp(ctx: Node, dy: Array) -> tuple[Array | None, Array | None]:
    return (
        sum_to_shape(dy, ctx.shape1) if ctx.needs[0] else None,
        sum_to_shape(native.negative(dy), ctx.shape2) if ctx.needs[1] else None,
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
    return native.multiply(x1, x2)


@multiply.tensor_vjp
@multiply.vjp
def multiply_vjp(ctx: Node, dy: Array) -> tuple[Array | None, Array | None]:
    return (
        sum_to_shape(native.multiply(dy, ctx.x2), ctx.x1.shape) if ctx.needs[0] else None,
        sum_to_shape(native.multiply(dy, ctx.x1), ctx.x2.shape) if ctx.needs[1] else None,
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
    y = native.divide(x1, x2)
    ctx.save(shape1=shape_of(x1), x2=x2, y=y)
    return y


@divide.tensor_vjp
@divide.vjp
def divide_vjp(ctx: Node, dy: Array) -> tuple[Array | None, Array | None]:
    dx1 = native.divide(dy, ctx.x2)
    return (
        sum_to_shape(dx1, ctx.shape1) if ctx.needs[0] else None,
        sum_to_shape(native.negative(native.multiply(dx1, ctx.y)), ctx.x2.shape) if ctx.needs[1] else None,
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
    return native.negative(x)


@negative.tensor_vjp
@negative.vjp
def negative_vjp(ctx: Node, dy: Array) -> Any:
    return native.negative(dy)


@differentiable
def absolute(ctx: Node, x: Any) -> Array:
    """Take the absolute value of every element.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        ``|x|``. The gradient at 0 is 0.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.absolute(np.array([1.0, -2.0]))
    array([1., 2.])
    """
    ctx.save(x=x)
    return native.absolute(x)


@absolute.tensor_vjp
@absolute.vjp
def absolute_vjp(ctx: Node, dy: Array) -> Any:
    return native.multiply(dy, native.sign(ctx.x))


@differentiable
def sign(ctx: Node, x: Any) -> Array:
    """Tell the sign of every element.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        -1, 0 or 1; NaN stays NaN. The gradient is 0.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.sign(np.array([-2.5, 0.0, 3.0]))
    array([-1.,  0.,  1.])
    """
    return native.sign(x)


@sign.tensor_vjp
@sign.vjp
def sign_vjp(ctx: Node, dy: Array) -> Any:
    return zeros_like(dy)


@differentiable
def square(ctx: Node, x: Any) -> Array:
    """Square every element.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        ``x * x``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.square(np.array([1.0, -2.0]))
    array([1., 4.])
    """
    ctx.save(x=x)
    return native.square(x)


@square.tensor_vjp
@square.vjp
def square_vjp(ctx: Node, dy: Array) -> Any:
    return native.multiply(dy, native.multiply(ctx.x, 2.0))


@differentiable
def sqrt(ctx: Node, x: Any) -> Array:
    """Take the square root of every element.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        Correctly rounded; NaN for negative numbers. The gradient at 0 is infinite.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.sqrt(np.array([4.0, 9.0]))
    array([2., 3.])
    """
    y: Array = native.sqrt(x)
    ctx.save(y=y)
    return y


@sqrt.tensor_vjp
@sqrt.vjp
def sqrt_vjp(ctx: Node, dy: Array) -> Any:
    return native.divide(native.multiply(dy, 0.5), ctx.y)


@differentiable
def rsqrt(ctx: Node, x: Any) -> Array:
    """Take the reciprocal of the square root of every element.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        ``1 / sqrt(x)``, computed so; infinite at 0.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.rsqrt(np.array([4.0, 0.25]))
    array([0.5, 2. ])
    """
    y: Array = native.rsqrt(x)
    ctx.save(y=y)
    return y


@rsqrt.tensor_vjp
@rsqrt.vjp
def rsqrt_vjp(ctx: Node, dy: Array) -> Any:
    return native.multiply(dy, native.multiply(native.multiply(native.square(ctx.y), ctx.y), -0.5))


@differentiable
def reciprocal(ctx: Node, x: Any) -> Array:
    """Divide 1 by every element.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        ``1 / x``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.reciprocal(np.array([4.0, 0.5]))
    array([0.25, 2.  ])
    """
    y: Array = native.reciprocal(x)
    ctx.save(y=y)
    return y


@reciprocal.tensor_vjp
@reciprocal.vjp
def reciprocal_vjp(ctx: Node, dy: Array) -> Any:
    return native.multiply(dy, native.negative(native.square(ctx.y)))
