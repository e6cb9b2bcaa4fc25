"""Exponentials and logarithms."""

from __future__ import annotations

import math
from typing import Any

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

_LN2 = math.log(2)
_LN10 = math.log(10)


@differentiable
def exp(ctx: Node, x: Any) -> Array:
    r"""Compute :math:`e^x`.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        The exponential of every element, at most 2 units in the last place off.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.exp(np.array([-np.inf, 0.0, 1.0]))
    array([0.        , 1.        , 2.71828183])
    """
    y: Array = native.exp(x)
    ctx.save(y=y)
    return y


@exp.tensor_vjp
@exp.vjp
def exp_vjp(ctx: Node, dy: Array) -> Any:
    return native.multiply(dy, ctx.y)


@differentiable
def exp2(ctx: Node, x: Any) -> Array:
    r"""Compute :math:`2^x`.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        The power of 2 of every element, at most 2 units in the last place off.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.exp2(np.array([-1.0, 0.0, 10.0]))
    array([5.000e-01, 1.000e+00, 1.024e+03])
    """
    y: Array = native.exp2(x)
    ctx.save(y=y)
    return y


@exp2.tensor_vjp
@exp2.vjp
def exp2_vjp(ctx: Node, dy: Array) -> Any:
    return native.multiply(dy, native.multiply(ctx.y, _LN2))


@differentiable
def expm1(ctx: Node, x: Any) -> Array:
    r"""Compute :math:`e^x - 1`, precise also near 0.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        One less than the exponential of every element, at most 3 units in the last place off.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.expm1(np.array([1e-20, 1.0]))
    array([1.00000000e-20, 1.71828183e+00])
    """
    y: Array = native.expm1(x)
    ctx.save(y=y)
    return y


@expm1.tensor_vjp
@expm1.vjp
def expm1_vjp(ctx: Node, dy: Array) -> Any:
    return native.multiply(dy, native.add(ctx.y, 1.0))


@differentiable
def log(ctx: Node, x: Any) -> Array:
    """Compute the natural logarithm.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        The logarithm of every element, at most 3 units in the last place off: -inf of 0, NaN of less.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.log(np.array([0.0, 1.0, np.e]))
    array([-inf,   0.,   1.])
    """
    y: Array = native.log(x)
    ctx.save(x=x)
    return y


@log.tensor_vjp
@log.vjp
def log_vjp(ctx: Node, dy: Array) -> Any:
    return native.divide(dy, ctx.x)


@differentiable
def log2(ctx: Node, x: Any) -> Array:
    """Compute the logarithm to the base 2.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        The logarithm of every element, at most 3 units in the last place off. Powers of 2 give whole numbers.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.log2(np.array([0.125, 1.0, 1024.0]))
    array([-3.,  0., 10.])
    """
    y: Array = native.log2(x)
    ctx.save(x=x)
    return y


@log2.tensor_vjp
@log2.vjp
def log2_vjp(ctx: Node, dy: Array) -> Any:
    return native.divide(dy, native.multiply(ctx.x, _LN2))


@differentiable
def log10(ctx: Node, x: Any) -> Array:
    """Compute the logarithm to the base 10.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        The logarithm of every element, at most 3 units in the last place off.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.log10(np.array([0.1, 1.0, 100.0]))
    array([-1.,  0.,  2.])
    """
    y: Array = native.log10(x)
    ctx.save(x=x)
    return y


@log10.tensor_vjp
@log10.vjp
def log10_vjp(ctx: Node, dy: Array) -> Any:
    return native.divide(dy, native.multiply(ctx.x, _LN10))


@differentiable
def log1p(ctx: Node, x: Any) -> Array:
    r"""Compute :math:`\log(1 + x)`, precise also near 0.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        The logarithm of one more than every element, at most 2 units in the last place off.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.log1p(np.array([-1.0, 1e-20, 1.0]))
    array([          -inf, 1.00000000e-20, 6.93147181e-01])
    """
    y: Array = native.log1p(x)
    ctx.save(x=x)
    return y


@log1p.tensor_vjp
@log1p.vjp
def log1p_vjp(ctx: Node, dy: Array) -> Any:
    return native.divide(dy, native.add(ctx.x, 1.0))
