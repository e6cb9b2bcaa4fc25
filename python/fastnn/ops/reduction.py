"""Reductions over some dimensions. Sums and products are in float64; types that are not floating are NumPy's."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, constant, differentiable

from ._broadcast import spread, value
from .axes import transpose


@differentiable
def sum(ctx: Node, x: Any, axis: Any = None, keepdims: bool = False) -> Array:
    """Sum over ``axis``.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    axis : int or tuple of int, optional
        The dimensions to sum over; all by default.
    keepdims : bool
        Whether the dimensions that are summed over stay, with size 1.

    Returns
    -------
    ndarray
        The sums. Their bits depend on the layout of ``x``, not on the number of threads.

    Raises
    ------
    ValueError
        If ``x`` has no such dimension, or one is named twice.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.sum(np.array([[1.0, 2.0], [3.0, 4.0]]), axis=0)
    array([4., 6.])
    """
    if ctx.needs:
        ctx.save(shape=x.shape, axis=axis)
    return native.sum(x, axis, keepdims=keepdims)


@sum.vjp
def sum_vjp(ctx: Node, dy: Array) -> Any:
    return native.sum_backward(dy, ctx.shape, ctx.axis)


@sum.tensor_vjp
def sum_tensor_vjp(ctx: Node, dy: Array) -> Any:
    return spread(dy, ctx.shape, ctx.axis)


@differentiable
def mean(ctx: Node, x: Any, axis: Any = None, keepdims: bool = False) -> Array:
    """Mean over ``axis``.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    axis : int or tuple of int, optional
        The dimensions to average over; all by default.
    keepdims : bool
        Whether the dimensions that are averaged over stay, with size 1.

    Returns
    -------
    ndarray
        The means; NaN where there is nothing to average.

    Raises
    ------
    ValueError
        If ``x`` has no such dimension, or one is named twice.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.mean(np.array([[1.0, 2.0], [3.0, 4.0]]), axis=1, keepdims=True)
    array([[1.5],
           [3.5]])
    """
    y = native.mean(x, axis, keepdims=keepdims)
    if ctx.needs:
        ctx.save(shape=x.shape, axis=axis, terms=x.size / (y.size or 1))
    return y


@mean.vjp
def mean_vjp(ctx: Node, dy: Array) -> Any:
    return native.sum_backward(native.divide(dy, ctx.terms), ctx.shape, ctx.axis)


@mean.tensor_vjp
def mean_tensor_vjp(ctx: Node, dy: Array) -> Any:
    return spread(native.divide(dy, ctx.terms), ctx.shape, ctx.axis)


@differentiable
def prod(ctx: Node, x: Any, axis: Any = None, keepdims: bool = False) -> Array:
    """Product over ``axis``.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    axis : int or tuple of int, optional
        The dimensions to reduce; all by default.
    keepdims : bool
        Whether the dimensions that are reduced stay, with size 1.

    Returns
    -------
    ndarray
        The products; 1 where there is nothing to multiply.

    Raises
    ------
    ValueError
        If ``x`` has no such dimension, or one is named twice.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.prod(np.array([[1.0, 2.0], [3.0, 4.0]]), axis=0)
    array([3., 8.])
    """
    y = native.prod(x, axis, keepdims=keepdims)
    if ctx.needs:
        ctx.save(x=x, axis=axis)
    return y


@prod.vjp
def prod_vjp(ctx: Node, dy: Array) -> Any:
    # The product of the others: of those that are not 0, unless another one is 0.
    zero = native.equal(ctx.x, 0.0)
    others = native.where(zero, 1.0, ctx.x)
    product = native.prod(others, ctx.axis, keepdims=True)
    zeros = native.sum(native.where(zero, others, 0.0), ctx.axis, keepdims=True)
    rest = native.divide(native.where(native.equal(zeros, zero), product, 0.0), others)
    return native.multiply(rest, native.sum_backward(dy, ctx.x.shape, ctx.axis))


@prod.tensor_vjp
def prod_tensor_vjp(ctx: Node, dy: Array) -> Any:
    x, ndim = ctx.x, ctx.x.ndim
    if np.all(value(x)):
        product = native.prod(x, ctx.axis, keepdims=True)
        return native.multiply(native.divide(product, x), spread(dy, x.shape, ctx.axis))
    # What is 0 cannot be divided out: each factor is left out of a copy of all.
    given = range(ndim) if ctx.axis is None else ctx.axis if isinstance(ctx.axis, tuple) else (ctx.axis,)
    axes = [d % ndim for d in given]
    order = [d for d in range(ndim) if d not in axes] + axes
    terms = math.prod([x.shape[d] for d in axes])
    kept = [x.shape[d] for d in order[: ndim - len(axes)]]
    rows = transpose(x, order).reshape((*kept, 1, terms))
    others = native.prod(native.where(np.eye(terms, dtype=bool), 1.0, rows), -1)
    rest = transpose(others.reshape([x.shape[d] for d in order]), np.argsort(order))
    return native.multiply(rest, spread(dy, x.shape, ctx.axis))


def _to_extremum(ctx: Node, dy: Array) -> Array:
    """Give the gradient to the elements that became the result; equal ones share it."""
    x = value(ctx.x)
    chosen = native.equal(x, native.sum_backward(value(ctx.y), x.shape, ctx.axis))
    share = native.divide(dy, native.sum(chosen, ctx.axis, dtype=dy.dtype).reshape(dy.shape))
    return native.where(chosen, spread(share, x.shape, ctx.axis), 0.0)


@differentiable
def max(ctx: Node, x: Any, axis: Any = None, keepdims: bool = False) -> Array:
    """Largest element over ``axis``.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    axis : int or tuple of int, optional
        The dimensions to reduce; all by default.
    keepdims : bool
        Whether the dimensions that are reduced stay, with size 1.

    Returns
    -------
    ndarray
        The maxima; NaN where there is any. Equal elements share the gradient.

    Raises
    ------
    ValueError
        If there are no elements, or ``x`` has no such dimension, or one is named twice.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.max(np.array([[1.0, 2.0], [3.0, 4.0]]), axis=0)
    array([3., 4.])
    """
    y = native.max(x, axis, keepdims=keepdims)
    if ctx.needs:
        ctx.save(x=x, y=y, axis=axis)
    return y


@max.tensor_vjp
@max.vjp
def max_vjp(ctx: Node, dy: Array) -> Any:
    return _to_extremum(ctx, dy)


@differentiable
def min(ctx: Node, x: Any, axis: Any = None, keepdims: bool = False) -> Array:
    """Smallest element over ``axis``.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    axis : int or tuple of int, optional
        The dimensions to reduce; all by default.
    keepdims : bool
        Whether the dimensions that are reduced stay, with size 1.

    Returns
    -------
    ndarray
        The minima; NaN where there is any. Equal elements share the gradient.

    Raises
    ------
    ValueError
        If there are no elements, or ``x`` has no such dimension, or one is named twice.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.min(np.array([[1.0, 2.0], [3.0, 4.0]]), axis=1)
    array([1., 3.])
    """
    y = native.min(x, axis, keepdims=keepdims)
    if ctx.needs:
        ctx.save(x=x, y=y, axis=axis)
    return y


@min.tensor_vjp
@min.vjp
def min_vjp(ctx: Node, dy: Array) -> Any:
    return _to_extremum(ctx, dy)


@constant
def any(x: Any, axis: Any = None, keepdims: bool = False) -> Array:
    """Tell whether any element over ``axis`` is true.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    axis : int or tuple of int, optional
        The dimensions to reduce; all by default.
    keepdims : bool
        Whether the dimensions that are reduced stay, with size 1.

    Returns
    -------
    ndarray
        Bools; a number is true unless it is 0, NaN too.

    Raises
    ------
    ValueError
        If ``x`` has no such dimension, or one is named twice.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.any(np.array([[0.0, 2.0], [0.0, 0.0]]), axis=1)
    array([ True, False])
    """
    return native.any(x, axis, keepdims=keepdims)


@constant
def all(x: Any, axis: Any = None, keepdims: bool = False) -> Array:
    """Tell whether every element over ``axis`` is true.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    axis : int or tuple of int, optional
        The dimensions to reduce; all by default.
    keepdims : bool
        Whether the dimensions that are reduced stay, with size 1.

    Returns
    -------
    ndarray
        Bools; a number is true unless it is 0, NaN too.

    Raises
    ------
    ValueError
        If ``x`` has no such dimension, or one is named twice.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.all(np.array([[1.0, 2.0], [0.0, 3.0]]), axis=1)
    array([ True, False])
    """
    return native.all(x, axis, keepdims=keepdims)
