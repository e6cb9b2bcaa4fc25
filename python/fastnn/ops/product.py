"""Products that NumPy defines beside matmul, computed by it: any layout, the same bits at any number of threads.

Types other than float32 and float64 are left to NumPy.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from .arithmetic import multiply_vjp
from .tensordot import both_native, plan_product, sum_products, sum_products_vjp


@differentiable
def dot(ctx: Node, x1: Any, x2: Any) -> Array:
    """Dot product: over the last dimension of ``x1`` and the last but one, or only one, of ``x2``.

    Parameters
    ----------
    x1, x2 : array_like
        Arrays of any number of dimensions; where one is 0-d, the other is multiplied by it.

    Returns
    -------
    ndarray
        ``x1.shape[:-1] + x2.shape[:-2] + x2.shape[-1:]``: two vectors give a 0-d array,
        ``(a, b, c, d)`` and ``(d,)`` give ``(a, b, c)``, ``(a, b, c, d)`` and ``(d, e)`` give ``(a, b, c, e)``.

    Raises
    ------
    ValueError
        If the sizes of these dimensions differ.

    Notes
    -----
    Unlike `matmul`, stacks do not pair up: each matrix of ``x1`` meets each one of ``x2``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> float(ops.dot(np.array([1.0, 2.0]), np.array([3.0, 4.0])))
    11.0
    >>> ops.dot(np.ones((5, 2, 3)), np.ones((4, 3, 6))).shape
    (5, 2, 4, 6)
    """
    if ctx.needs:
        ctx.save(x1=x1, x2=x2)
    if type(x1) is type(x2) is np.ndarray and x1.dtype is x2.dtype and x2.ndim <= 2:
        return native.dot(x1, x2)
    x1, x2 = np.asarray(x1), np.asarray(x2)
    if not both_native(x1, x2):
        return np.asarray(np.dot(x1, x2))
    ndim1, ndim2 = x1.ndim, x2.ndim
    if ndim1 == 0 or ndim2 == 0:
        return native.multiply(x1, x2)
    if x1.shape[-1] != x2.shape[-2 if ndim2 > 1 else 0]:
        raise ValueError(f"x1.shape[-1] must equal x2.shape[{'-2' if ndim2 > 1 else '0'}]")
    if ndim2 <= 2 or ndim1 == 1:
        return native.matmul_forward(x1, x2)
    return sum_products(x1, x2, plan_product(x1.shape, x2.shape, (ndim1 - 1,), (ndim2 - 2,)))


@dot.tensor_vjp
@dot.vjp
def dot_vjp(ctx: Node, dy: Array) -> tuple[Array | None, Array | None]:
    ndim1, ndim2 = np.ndim(ctx.x1), np.ndim(ctx.x2)
    if ndim1 == 0 or ndim2 == 0:
        return multiply_vjp(ctx, dy)  # one is 0-d
    return sum_products_vjp(ctx, dy, (ndim1 - 1,), (max(ndim2 - 2, 0),))


@differentiable
def inner(ctx: Node, x1: Any, x2: Any) -> Array:
    """Inner product: over the last dimensions of both.

    Parameters
    ----------
    x1, x2 : array_like
        Arrays of any number of dimensions; where one is 0-d, the other is multiplied by it.

    Returns
    -------
    ndarray
        ``x1.shape[:-1] + x2.shape[:-1]``.

    Raises
    ------
    ValueError
        If the sizes of the last dimensions differ.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.inner(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 10.0]))
    array([21., 43.])
    """
    x1, x2 = np.asarray(x1), np.asarray(x2)
    if ctx.needs:
        ctx.save(x1=x1, x2=x2)
    if not both_native(x1, x2):
        return np.asarray(np.inner(x1, x2))
    ndim1, ndim2 = x1.ndim, x2.ndim
    if ndim1 == 0 or ndim2 == 0:
        return native.multiply(x1, x2)
    if x1.shape[-1] != x2.shape[-1]:
        raise ValueError("x1.shape[-1] must equal x2.shape[-1]")
    if ndim2 <= 2:
        return native.matmul_forward(x1, x2.T)
    return sum_products(x1, x2, plan_product(x1.shape, x2.shape, (ndim1 - 1,), (ndim2 - 1,)))


@inner.tensor_vjp
@inner.vjp
def inner_vjp(ctx: Node, dy: Array) -> tuple[Array | None, Array | None]:
    ndim1, ndim2 = np.ndim(ctx.x1), np.ndim(ctx.x2)
    if ndim1 == 0 or ndim2 == 0:
        return multiply_vjp(ctx, dy)  # one is 0-d
    return sum_products_vjp(ctx, dy, (ndim1 - 1,), (ndim2 - 1,))


@differentiable
def outer(ctx: Node, x1: Any, x2: Any) -> Array:
    """Multiply each value of ``x1`` by each value of ``x2``.

    Parameters
    ----------
    x1, x2 : array_like
        Arrays of any shape, raveled first.

    Returns
    -------
    ndarray
        ``(x1.size, x2.size)``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.outer(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    array([[3., 4.],
           [6., 8.]])
    """
    x1, x2 = np.asarray(x1), np.asarray(x2)
    if ctx.needs:
        ctx.save(x1=x1, x2=x2)
    return native.multiply(x1.reshape(x1.size, 1), x2.reshape(x2.size))


@outer.tensor_vjp
@outer.vjp
def outer_vjp(ctx: Node, dy: Array) -> tuple[Array | None, Array | None]:
    x1, x2 = ctx.x1, ctx.x2
    return (
        native.matmul(dy, x2.reshape(x2.size)).reshape(x1.shape) if ctx.needs[0] else None,
        native.matmul(x1.reshape(x1.size), dy).reshape(x2.shape) if ctx.needs[1] else None,
    )


@differentiable
def vdot(ctx: Node, x1: Any, x2: Any) -> Array:
    """Dot product of all values of two arrays; complex ``x1`` is conjugated.

    Parameters
    ----------
    x1, x2 : array_like
        Arrays of one size, raveled first.

    Returns
    -------
    ndarray
        0-d.

    Raises
    ------
    ValueError
        If the sizes differ.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> float(ops.vdot(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])))
    5.0
    """
    x1, x2 = np.asarray(x1), np.asarray(x2)
    if ctx.needs:
        ctx.save(x1=x1, x2=x2)
    if x1.size != x2.size:
        raise ValueError("x1.size must equal x2.size")
    if not both_native(x1, x2):
        return np.asarray(np.vdot(x1, x2))
    return native.matmul_forward(x1.reshape(x1.size), x2.reshape(x2.size))


@vdot.vjp
def vdot_vjp(ctx: Node, dy: Array) -> tuple[Array | None, Array | None]:
    first, second = ctx.sources
    if first is second:  # a sum of squares: one pass instead of three
        return native.multiply(ctx.x1, 2 * dy), None
    return vdot_tensor_vjp(ctx, dy)


@vdot.tensor_vjp
def vdot_tensor_vjp(ctx: Node, dy: Array) -> tuple[Array | None, Array | None]:
    x1, x2 = ctx.x1, ctx.x2
    return (
        native.multiply(dy, x2).reshape(x1.shape) if ctx.needs[0] else None,
        native.multiply(dy, x1).reshape(x2.shape) if ctx.needs[1] else None,
    )
