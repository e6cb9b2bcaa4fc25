"""Where the largest and the smallest elements are."""

from __future__ import annotations

from typing import Any

from fastnn._core import native
from fastnn.autograd import Array, constant


@constant
def argmax(x: Any, axis: int | None = None, keepdims: bool = False) -> Array:
    """Position of the first largest element along ``axis``.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    axis : int, optional
        The dimension to search; by default all elements, in C order.
    keepdims : bool
        Whether the dimensions that are searched stay, with size 1.

    Returns
    -------
    ndarray
        Positions, int64; of the first NaN where there is any.

    Raises
    ------
    ValueError
        If there are no elements, or ``x`` has no such dimension.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.argmax(np.array([[1.0, 5.0, 5.0], [7.0, 2.0, 3.0]]), axis=1)
    array([1, 0])
    """
    return native.argmax(x, axis, keepdims=keepdims)


@constant
def argmin(x: Any, axis: int | None = None, keepdims: bool = False) -> Array:
    """Position of the first smallest element along ``axis``.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    axis : int, optional
        The dimension to search; by default all elements, in C order.
    keepdims : bool
        Whether the dimensions that are searched stay, with size 1.

    Returns
    -------
    ndarray
        Positions, int64; of the first NaN where there is any.

    Raises
    ------
    ValueError
        If there are no elements, or ``x`` has no such dimension.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.argmin(np.array([[1.0, 5.0, 5.0], [7.0, 2.0, 2.0]]), axis=1)
    array([0, 1])
    """
    return native.argmin(x, axis, keepdims=keepdims)
