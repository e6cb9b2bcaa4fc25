"""Norms of vectors and matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from ._broadcast import spread, value, zeros_like


def _is_matrix(x: Any, ord: Any, axis: Any) -> bool:
    """Tell whether the norm is one of matrices, which the axes and the order decide."""
    if axis is None:
        return ord is not None and np.ndim(x) == 2
    return isinstance(axis, tuple) and len(axis) == 2 and ord is not None


def _native(x: Any, ord: Any, axis: Any, keepdims: bool) -> Array | None:
    """Return a norm that there is a kernel for."""
    if axis is None and ord is not None and np.ndim(x) > 2:
        return None  # NumPy says what is wrong
    if isinstance(axis, tuple) and len(axis) > 2:
        return None
    if _is_matrix(x, ord, axis):
        return native.norm_2(x, axis, keepdims) if ord == "fro" else None
    if ord is None or ord == 2:
        return native.norm_2(x, axis, keepdims)
    if ord == 1:
        return native.norm_1(x, axis, keepdims)
    if ord == np.inf:
        return native.norm_max(x, axis, keepdims)
    return None


@differentiable
def norm(ctx: Node, x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Array:
    r"""Norm of vectors or matrices.

    .. math:: \|x\|_p = \left(\sum_i |x_i|^p\right)^{1/p}

    Parameters
    ----------
    x : array_like
        Values of any shape.
    ord : int, float, inf, -inf, 'fro' or 'nuc', optional
        The order, as in `numpy.linalg.norm`; by default the root of the sum of squares.
    axis : int or tuple of two int, optional
        The dimension that holds the vectors, or the two that hold matrices; all by default.
    keepdims : bool
        Whether these dimensions stay, with size 1.

    Returns
    -------
    ndarray
        The norms. Squares are added up in float64, so that those of float32 do not overflow.

    Raises
    ------
    ValueError
        If ``x`` has no such dimension, or there is no such norm.

    Notes
    -----
    Where a root has no gradient, at 0, it is given as 0. Norms of matrices other than 'fro' have none here.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.norm(np.array([[3.0, 4.0], [6.0, 8.0]]), axis=1)
    array([ 5., 10.])
    """
    y = _native(x, ord, axis, keepdims)
    if y is None:
        y = np.asarray(np.linalg.norm(x, ord, axis, keepdims))
    if ctx.needs:
        if _is_matrix(x, ord, axis) and ord != "fro":
            raise NotImplementedError(f"[norm] the norm of matrices of order {ord} has no gradient")
        ctx.save(x=x, y=y, ord=2 if ord in (None, "fro") else ord, axis=axis)
    return y


@norm.vjp
def norm_vjp(ctx: Node, dy: Array) -> Any:
    x, order = ctx.x, ctx.ord
    y = native.sum_backward(ctx.y, x.shape, ctx.axis)
    up = native.sum_backward(dy, x.shape, ctx.axis)
    if order == 2:
        return native.multiply(native.where(native.equal(y, 0.0), 0.0, native.divide(x, y)), up)
    sign = native.multiply(native.sign(x), up)
    if order == 0:
        return native.multiply(sign, 0.0)
    if order == 1:
        return sign
    if abs(order) == np.inf:
        chosen = native.equal(native.absolute(x), y)
        count = native.sum(chosen, ctx.axis, dtype=dy.dtype, keepdims=True)
        return native.where(chosen, native.divide(sign, count), 0.0)
    ratio = native.divide(native.absolute(x), y)
    return native.where(native.equal(y, 0.0), 0.0, native.multiply(sign, np.power(ratio, order - 1)))


@norm.tensor_vjp
def norm_tensor_vjp(ctx: Node, dy: Array) -> Any:
    x, order, shape = ctx.x, ctx.ord, ctx.x.shape
    whole = native.sum_backward(value(ctx.y), shape, ctx.axis)
    zero = native.equal(whole, 0.0)
    # Derivatives of the quotients divide by the norm again, also where they are not taken.
    y = native.where(zero, 1.0, spread(ctx.y, shape, ctx.axis))
    up = spread(dy, shape, ctx.axis)
    if order == 2:
        return native.multiply(native.where(zero, 0.0, native.divide(x, y)), up)
    sign = native.multiply(native.sign(value(x)), up)
    if order == 0:
        return zeros_like(x)
    if order == 1:
        return sign
    if abs(order) == np.inf:
        chosen = native.equal(native.absolute(value(x)), whole)
        count = native.sum(chosen, ctx.axis, dtype=x.dtype, keepdims=True)
        return native.where(chosen, native.divide(sign, count), 0.0)
    steepness = native.power(native.divide(native.absolute(x), y), order - 1)
    return native.where(zero, 0.0, native.multiply(sign, steepness))
