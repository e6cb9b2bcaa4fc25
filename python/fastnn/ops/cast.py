"""Values in another type."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn.autograd import Array, Node, differentiable
from fastnn.tensor import Tensor


def cast(x: Any, dtype: Any) -> Any:
    """Convert values to another type.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    dtype : dtype
        The type of the result.

    Returns
    -------
    ndarray
        Of the shape of ``x``, which it is itself where it has the type already.

    Raises
    ------
    TypeError
        If there is no such type.
    ValueError
        If a value cannot be converted.

    Notes
    -----
    Gradients flow between floating-point types; integers and booleans have none.

    Examples
    --------
    >>> from fastnn import ops
    >>> ops.cast([0, 128, 255], "float32") / 255
    array([0.       , 0.5019608, 1.       ], dtype=float32)
    """
    try:
        dtype = np.dtype(dtype)
    except TypeError:
        raise TypeError(f"[cast] dtype must be a type of NumPy's; received {dtype!r}") from None
    if dtype.kind == "f":
        return _cast(x, dtype)
    values = x.numpy() if isinstance(x, Tensor) else np.asarray(x)
    converted = values.astype(dtype, copy=False)
    return Tensor(converted) if isinstance(x, Tensor) else converted


@differentiable
def _cast(ctx: Node, x: Any, dtype: np.dtype[Any]) -> Array:
    x = np.asarray(x)
    ctx.save(dtype=x.dtype)
    return x.astype(dtype, copy=False)


@_cast.vjp
def _cast_vjp(ctx: Node, dy: Array) -> Array:
    return dy.astype(ctx.dtype.newbyteorder("="), copy=False)
