"""tensordot, and the way by which it and the other products of arrays come to matmul."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

# The type numbers of float32 and float64 in any byte order.
FLOATS = frozenset((np.dtype(np.float32).num, np.dtype(np.float64).num))


def matrix_product(a: Array, b: Array) -> Array:
    """Multiply (stacks of) matrices, natively where their types allow."""
    if a.dtype.num in FLOATS and b.dtype.num in FLOATS:
        return native.matmul_forward(a, b)
    return np.asarray(np.matmul(a, b))


def both_native(x1: Array, x2: Array) -> bool:
    """Tell whether both are float32 or float64."""
    return x1.dtype.num in FLOATS and x2.dtype.num in FLOATS


def _matrix(x: Array, rows: tuple[int, ...], columns: tuple[int, ...]) -> Array:
    """Return ``x`` as a matrix whose rows and columns run over these dimensions: a view where that can be."""
    order = rows + columns
    if order != tuple(range(x.ndim)):
        x = x.transpose(order)
    if len(rows) == 1 == len(columns):
        return x
    sizes = x.shape
    return x.reshape(math.prod(sizes[: len(rows)]), math.prod(sizes[len(rows) :]))


def _free(x: Array, axes: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(d for d in range(x.ndim) if d not in axes)


def sum_products(x1: Array, x2: Array, axes1: tuple[int, ...], axes2: tuple[int, ...]) -> Array:
    """Sum over ``axes1`` of ``x1`` and ``axes2`` of ``x2``; the other dimensions follow each other."""
    free1, free2 = _free(x1, axes1), _free(x2, axes2)
    y = native.matmul_forward(_matrix(x1, free1, axes1), _matrix(x2, axes2, free2))
    if len(free1) == 1 == len(free2):
        return y
    return y.reshape([x1.shape[d] for d in free1] + [x2.shape[d] for d in free2])


def _tensor(matrix: Array, shape: tuple[int, ...], order: tuple[int, ...]) -> Array:
    """Undo `_matrix`."""
    inverse = sorted(range(len(order)), key=order.__getitem__)
    return matrix.reshape([shape[d] for d in order]).transpose(inverse)


def sum_products_vjp(
    ctx: Node, dy: Array, axes1: tuple[int, ...], axes2: tuple[int, ...]
) -> tuple[Array | None, Array | None]:
    """Return the gradients of `sum_products` for the saved ``x1`` and ``x2``."""
    x1, x2 = np.asarray(ctx.x1), np.asarray(ctx.x2)
    free1, free2 = _free(x1, axes1), _free(x2, axes2)
    dy = dy.reshape(math.prod(dy.shape[: len(free1)]), math.prod(dy.shape[len(free1) :]))
    dx1 = dx2 = None
    if ctx.needs[0]:
        dx1 = _tensor(matrix_product(dy, _matrix(x2, free2, axes2)), x1.shape, free1 + axes1)
    if ctx.needs[1]:
        dx2 = _tensor(matrix_product(_matrix(x1, axes1, free1), dy), x2.shape, axes2 + free2)
    return dx1, dx2


def _axes(x1: Array, x2: Array, axes: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the dimensions to sum over as `tensordot` takes them, counted from 0 and checked."""
    if hasattr(axes, "__iter__"):
        axes1, axes2 = (tuple(a) if isinstance(a, Sequence | np.ndarray) else (a,) for a in axes)
    else:
        axes1, axes2 = tuple(range(-axes, 0)), tuple(range(axes))
    if len(axes1) != len(axes2):
        raise ValueError("axes must name as many dimensions of x1 as of x2")
    for x, name, chosen in ((x1, "x1", axes1), (x2, "x2", axes2)):
        if not all(-x.ndim <= d < x.ndim for d in chosen):
            raise np.exceptions.AxisError(f"axes must be dimensions of {name}")
    axes1 = tuple(d % x1.ndim for d in axes1)
    axes2 = tuple(d % x2.ndim for d in axes2)
    for d1, d2 in zip(axes1, axes2, strict=True):
        if x1.shape[d1] != x2.shape[d2]:
            raise ValueError(f"x1.shape[{d1}] must equal x2.shape[{d2}]")
    if len(set(axes1)) < len(axes1) or len(set(axes2)) < len(axes2):
        raise ValueError("axes must not name a dimension twice")
    return axes1, axes2


@differentiable
def tensordot(ctx: Node, x1: Any, x2: Any, axes: Any = 2) -> Array:
    """Sum the products over pairs of dimensions, one of ``x1`` and one of ``x2`` each.

    Parameters
    ----------
    x1, x2 : array_like
        Arrays of any number of dimensions.
    axes : int or pair of (int or sequence of int)
        How many: the last ones of ``x1`` in order meet the first ones of ``x2``. Or which of ``x1``, and which of
        ``x2``.

    Returns
    -------
    ndarray
        The other dimensions of ``x1``, then those of ``x2``.

    Raises
    ------
    AxisError
        If an array has no such dimension; it is a ValueError and an IndexError.
    ValueError
        If the sizes of a pair differ, or a dimension is named twice.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.tensordot(np.ones((2, 3, 4)), np.ones((4, 3, 5)), ([1, 2], [1, 0])).shape
    (2, 5)
    """
    x1, x2 = np.asarray(x1), np.asarray(x2)
    axes1, axes2 = _axes(x1, x2, axes)
    ctx.save(x1=x1, x2=x2, axes1=axes1, axes2=axes2)
    if not both_native(x1, x2):
        return np.asarray(np.tensordot(x1, x2, axes))
    return sum_products(x1, x2, axes1, axes2)


@tensordot.vjp
def tensordot_vjp(ctx: Node, dy: Array) -> tuple[Array | None, Array | None]:
    return sum_products_vjp(ctx, dy, ctx.axes1, ctx.axes2)
