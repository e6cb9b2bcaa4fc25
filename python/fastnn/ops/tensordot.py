"""tensordot, and the way by which it and the other products of arrays come to matmul."""

from __future__ import annotations

import math
import operator
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable
from fastnn.tensor import Tensor

from .axes import transpose

Axes = tuple[int, ...]
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


class _Plan(NamedTuple):
    """How a product of two arrays becomes one of matrices; None for what is that already."""

    axes1: Axes
    axes2: Axes
    order1: Axes | None
    shape1: Axes | None
    order2: Axes | None
    shape2: Axes | None
    shape: Axes | None  # of the result


@lru_cache(maxsize=512)
def plan_product(shape1: Axes, shape2: Axes, axes1: Axes, axes2: Axes) -> _Plan:
    """Plan the sum over ``axes1`` of one array and ``axes2`` of the other; their other dimensions follow each other."""
    free1 = tuple(d for d in range(len(shape1)) if d not in axes1)
    free2 = tuple(d for d in range(len(shape2)) if d not in axes2)
    shape = tuple(shape1[d] for d in free1) + tuple(shape2[d] for d in free2)
    matrix = len(free1) == 1 == len(free2)
    return _Plan(
        axes1,
        axes2,
        *_grouped(shape1, free1, axes1),
        *_grouped(shape2, axes2, free2),
        None if matrix else shape,
    )


def _grouped(shape: Axes, rows: Axes, columns: Axes) -> tuple[Axes | None, Axes | None]:
    """Return the order and then the shape that make a matrix with rows and columns over these dimensions."""
    order = rows + columns
    sizes = (math.prod(shape[d] for d in rows), math.prod(shape[d] for d in columns))
    return (
        None if order == tuple(range(len(shape))) else order,
        None if len(rows) == 1 == len(columns) else sizes,
    )


def _matrix(x: Array, order: Axes | None, shape: Axes | None) -> Array:
    """Return ``x`` as a matrix: a view where that can be."""
    if order is not None:
        x = x.transpose(order)
    return x if shape is None else x.reshape(shape)


def _array(matrix: Array, order: Axes | None, shape: Axes) -> Array:
    """Undo `_matrix` for an array of ``shape``."""
    if order is None:
        return matrix.reshape(shape)
    inverse = sorted(range(len(order)), key=order.__getitem__)
    return matrix.reshape([shape[d] for d in order]).transpose(inverse)


def sum_products(x1: Array, x2: Array, plan: _Plan) -> Array:
    """Carry out a plan."""
    _, _, order1, shape1, order2, shape2, shape = plan
    y = native.matmul_forward(_matrix(x1, order1, shape1), _matrix(x2, order2, shape2))
    return y if shape is None else y.reshape(shape)


def sum_products_vjp(ctx: Node, dy: Any, axes1: Axes, axes2: Axes) -> tuple[Array | None, Array | None]:
    """Return the gradients of `sum_products` for the saved ``x1`` and ``x2``."""
    if isinstance(dy, Tensor):
        return _on_tensors(ctx, dy, axes1, axes2)
    x1, x2 = np.asarray(ctx.x1), np.asarray(ctx.x2)
    _, _, order1, shape1, order2, shape2, _ = plan_product(x1.shape, x2.shape, axes1, axes2)
    matrix1, matrix2 = _matrix(x1, order1, shape1), _matrix(x2, order2, shape2)
    dy = dy.reshape(matrix1.shape[0], matrix2.shape[1])
    return (
        _array(matrix_product(dy, matrix2.T), order1, x1.shape) if ctx.needs[0] else None,
        _array(matrix_product(matrix1.T, dy), order2, x2.shape) if ctx.needs[1] else None,
    )


def _on_tensors(ctx: Node, dy: Any, axes1: Axes, axes2: Axes) -> tuple[Array | None, Array | None]:
    x1, x2 = ctx.x1, ctx.x2
    free1 = [d for d in range(np.ndim(x1)) if d not in axes1]
    free2 = [d for d in range(np.ndim(x2)) if d not in axes2]
    after1 = range(len(free1), dy.ndim)
    # The dimensions that are left of the other array are those that the sum was over, in its own order.
    order1 = free1 + [axes1[axes2.index(d)] for d in sorted(axes2)]
    order2 = [axes2[axes1.index(d)] for d in sorted(axes1)] + free2
    return (
        transpose(tensordot(dy, x2, (after1, free2)), np.argsort(order1)) if ctx.needs[0] else None,
        transpose(tensordot(x1, dy, (free1, range(len(free1)))), np.argsort(order2))
        if ctx.needs[1]
        else None,
    )


@lru_cache(maxsize=512)
def _plan(shape1: Axes, shape2: Axes, axes: int | tuple[Axes, Axes]) -> _Plan:
    """Check the axes of `tensordot`, count them from 0, and plan."""
    given1, given2 = (tuple(range(-axes, 0)), tuple(range(axes))) if isinstance(axes, int) else axes
    if len(given1) != len(given2):
        raise ValueError("axes must name as many dimensions of x1 as of x2")
    for shape, name, given in ((shape1, "x1", given1), (shape2, "x2", given2)):
        if not all(-len(shape) <= d < len(shape) for d in given):
            raise np.exceptions.AxisError(f"axes must be dimensions of {name}")
    axes1 = tuple(d % len(shape1) for d in given1)
    axes2 = tuple(d % len(shape2) for d in given2)
    for d1, d2 in zip(axes1, axes2, strict=True):
        if shape1[d1] != shape2[d2]:
            raise ValueError(f"x1.shape[{d1}] must equal x2.shape[{d2}]")
    if len(set(axes1)) < len(axes1) or len(set(axes2)) < len(axes2):
        raise ValueError("axes must not name a dimension twice")
    return plan_product(shape1, shape2, axes1, axes2)


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
    if not isinstance(axes, int):
        try:
            axes = operator.index(axes)
        except TypeError:
            first, second = axes
            axes = _axes(first), _axes(second)
    plan = _plan(x1.shape, x2.shape, axes)
    if ctx.needs:
        ctx.save(x1=x1, x2=x2, plan=plan)
    if not both_native(x1, x2):
        return np.asarray(np.tensordot(x1, x2, axes))
    return sum_products(x1, x2, plan)


def _axes(given: Any) -> Axes:
    """Return what names one or several dimensions as a tuple."""
    return (
        tuple([operator.index(d) for d in given]) if hasattr(given, "__iter__") else (operator.index(given),)
    )


@tensordot.tensor_vjp
@tensordot.vjp
def tensordot_vjp(ctx: Node, dy: Array) -> tuple[Array | None, Array | None]:
    return sum_products_vjp(ctx, dy, ctx.plan.axes1, ctx.plan.axes2)
