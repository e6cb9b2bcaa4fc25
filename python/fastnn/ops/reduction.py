"""Reductions over some dimensions. Sums and products are in float64; types that are not floating are NumPy's."""

from __future__ import annotations

from typing import Any

from fastnn._core import native
from fastnn.autograd import Array, Node, constant, differentiable


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


def _to_extremum(ctx: Node, dy: Array) -> Array:
    """Give the gradient to the elements that became the result; equal ones share it."""
    chosen = native.equal(ctx.x, native.sum_backward(ctx.y, ctx.x.shape, ctx.axis))
    share = native.divide(dy, native.sum(chosen, ctx.axis, dtype=dy.dtype).reshape(dy.shape))
    return native.where(chosen, native.sum_backward(share, ctx.x.shape, ctx.axis), 0.0)


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
