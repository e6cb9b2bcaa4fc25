"""The same values as another type, and as a new array."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn.autograd import Array, Node, constant, differentiable
from fastnn.tensor import Tensor


@differentiable
def _cast(ctx: Node, x: Any, dtype: Any) -> Array:
    if ctx.needs:
        ctx.save(dtype=x.dtype.newbyteorder("="))
    return np.asarray(x).astype(dtype)


@_cast.tensor_vjp
@_cast.vjp
def _cast_vjp(ctx: Node, dy: Array) -> tuple[Array, None]:
    return dy.astype(ctx.dtype), None


@constant
def __cast(x: Any, dtype: Any) -> Array:
    """Convert to a type that has no gradient."""
    return np.asarray(x).astype(dtype)


def cast(x: Any, dtype: Any) -> Any:
    """Convert to another type.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    dtype : str or numpy.dtype
        The type of the result. A result of integers or truths has no gradient.

    Returns
    -------
    ndarray
        A new array; ``x`` itself where it has the type already.

    Raises
    ------
    TypeError
        If there is no such type.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.cast(np.array([1.5, -2.5]), "int64")
    array([ 1, -2])
    """
    try:
        dtype = np.dtype(dtype)
    except TypeError:
        raise TypeError(f"[cast] dtype must be a type of NumPy's; received {dtype!r}") from None
    if not isinstance(x, Tensor):
        return np.asarray(x, dtype)
    if x.dtype == dtype:
        return x
    return _cast(x, dtype) if dtype.kind == "f" else __cast(x, dtype)


@differentiable
def copy(ctx: Node, x: Any) -> Array:
    """Copy the values to new memory.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        Equal to ``x``, in C order. The gradient is that of the copy.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> x = np.array([1.0, 2.0])
    >>> y = ops.copy(x)
    >>> x[0] = 5.0
    >>> y
    array([1., 2.])
    """
    return np.array(x, order="C")


@copy.tensor_vjp
@copy.vjp
def copy_vjp(ctx: Node, dy: Array) -> Array:
    return dy
