"""To whole numbers. The functions are flat almost everywhere, so their gradient is 0."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from ._broadcast import zeros_like


@differentiable
def floor(ctx: Node, x: Any) -> Array:
    """Round every element down.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        The largest whole number that is not above ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.floor(np.array([-1.5, 0.5, 2.0]))
    array([-2.,  0.,  2.])
    """
    return native.floor(x)


@floor.tensor_vjp
@floor.vjp
def floor_vjp(ctx: Node, dy: Array) -> Any:
    return zeros_like(dy)


@differentiable
def ceil(ctx: Node, x: Any) -> Array:
    """Round every element up.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        The smallest whole number that is not below ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.ceil(np.array([-1.5, 0.5, 2.0]))
    array([-1.,  1.,  2.])
    """
    return native.ceil(x)


@ceil.tensor_vjp
@ceil.vjp
def ceil_vjp(ctx: Node, dy: Array) -> Any:
    return zeros_like(dy)


@differentiable
def trunc(ctx: Node, x: Any) -> Array:
    """Round every element towards zero.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        ``x`` without its fraction.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.trunc(np.array([-1.5, 0.5, 2.0]))
    array([-1.,  0.,  2.])
    """
    return native.trunc(x)


@trunc.tensor_vjp
@trunc.vjp
def trunc_vjp(ctx: Node, dy: Array) -> Any:
    return zeros_like(dy)


@differentiable
def round(ctx: Node, x: Any, decimals: int = 0) -> Array:
    """Round every element to the nearest number of so many decimals; halves go to the even neighbour.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    decimals : int
        Decimals that are kept; negative to round to tens, hundreds, ...

    Returns
    -------
    ndarray
        The numbers of `numpy.round`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.round(np.array([-1.5, 0.5, 2.25]))
    array([-2.,  0.,  2.])
    """
    return native.round(x) if decimals == 0 else np.asarray(np.round(x, decimals))


@round.tensor_vjp
@round.vjp
def round_vjp(ctx: Node, dy: Array) -> Any:
    return zeros_like(dy)
