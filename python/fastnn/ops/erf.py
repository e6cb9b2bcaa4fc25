"""The error function."""

from __future__ import annotations

import math
from typing import Any

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

_SLOPE_AT_0 = 2 / math.sqrt(math.pi)


@differentiable
def erf(ctx: Node, x: Any) -> Array:
    r"""Compute the error function :math:`\frac{2}{\sqrt\pi} \int_0^x e^{-t^2} dt`.

    Parameters
    ----------
    x : array_like
        Values of any shape. Integers, booleans and float16 become float32.

    Returns
    -------
    ndarray
        The function of every element, at most 3 units in the last place off.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.erf(np.array([-np.inf, 0.0, 0.5]))
    array([-1.        ,  0.        ,  0.52049988])
    """
    y: Array = native.erf(x)
    ctx.save(x=x)
    return y


@erf.tensor_vjp
@erf.vjp
def erf_vjp(ctx: Node, dy: Array) -> Any:
    density = native.exp(native.negative(native.square(ctx.x)))
    return native.multiply(dy, native.multiply(density, _SLOPE_AT_0))
