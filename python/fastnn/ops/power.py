"""One number to the power of another."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable
from fastnn.tensor import Tensor

from ._broadcast import shape_of, sum_to_shape, value


@differentiable
def power(ctx: Node, x1: Any, x2: Any) -> Array:
    """Raise to a power, element by element.

    Parameters
    ----------
    x1, x2 : array_like
        Bases and exponents, whose shapes broadcast.

    Returns
    -------
    ndarray
        ``x1 ** x2``, at most 2 units in the last place off, with the special values of IEEE 754: 1 where
        ``x1`` is 1 or ``x2`` is 0, NaN for a negative base with a fraction as exponent.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Notes
    -----
    The gradient with respect to ``x2`` is ``dy * y * log(x1)``, and 0 where ``x1`` is 0.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.power(np.array([2.0, 9.0, -2.0]), np.array([10.0, 0.5, 3.0]))
    array([1024.,    3.,   -8.])
    """
    y: Array = native.power(x1, x2)
    if ctx.needs:
        ctx.save(x1=x1, x2=x2, y=y, shape1=shape_of(x1), shape2=shape_of(x2))
    return y


@power.tensor_vjp
@power.vjp
def power_vjp(ctx: Node, dy: Array) -> tuple[Array | None, Array | None]:
    x1, x2 = ctx.x1, ctx.x2
    dx1 = dx2 = None
    if ctx.needs[0]:
        slope = native.multiply(native.power(x1, _less_one(ctx, dy)), x2)
        dx1 = sum_to_shape(native.multiply(dy, slope), ctx.shape1)
    if ctx.needs[1]:
        logarithm = native.log(native.where(native.equal(x1, 0.0), 1.0, x1))
        dx2 = sum_to_shape(native.multiply(dy, native.multiply(ctx.y, logarithm)), ctx.shape2)
    return dx1, dx2


def _less_one(ctx: Node, dy: Any) -> Any:
    """Return x2 - 1, but 0 where x2 is 0: in derivatives of any order, 0 * inf would be NaN."""
    x1, x2 = value(ctx.x1), value(ctx.x2)
    if isinstance(x2, (int, float)):  # stays a number, which takes the type of x1
        return x2 - 1.0 if x2 else 0.0
    flat = np.equal(x2, 0)
    if ctx.needs[1] and isinstance(dy, Tensor):  # elsewhere the slope depends on x2
        flat = np.logical_and(flat, np.equal(x1, 0))
    exponent = native.subtract(ctx.x2, 1.0)
    return native.where(flat, 0.0, exponent) if np.any(flat) else exponent
