"""Bits of integers, and of truths, which have one: no gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn.autograd import Array, constant


@constant
def bitwise_and(x1: Any, x2: Any) -> Array:
    """Keep the bits that both have: the operator ``&``.

    Parameters
    ----------
    x1, x2 : array_like
        Integers or truths whose shapes broadcast.

    Returns
    -------
    ndarray
        Of the type to which both promote.

    Raises
    ------
    TypeError
        If the elements are not integers or truths.
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.bitwise_and(np.array([6, 12]), np.array([3, 5]))
    array([2, 4])
    """
    return np.asarray(np.bitwise_and(x1, x2))


@constant
def bitwise_or(x1: Any, x2: Any) -> Array:
    """Join the bits of both: the operator ``|``.

    Parameters
    ----------
    x1, x2 : array_like
        Integers or truths whose shapes broadcast.

    Returns
    -------
    ndarray
        Of the type to which both promote.

    Raises
    ------
    TypeError
        If the elements are not integers or truths.
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.bitwise_or(np.array([6, 12]), np.array([3, 5]))
    array([ 7, 13])
    """
    return np.asarray(np.bitwise_or(x1, x2))


@constant
def bitwise_xor(x1: Any, x2: Any) -> Array:
    """Take the bits that exactly one has: the operator ``^``.

    Parameters
    ----------
    x1, x2 : array_like
        Integers or truths whose shapes broadcast.

    Returns
    -------
    ndarray
        Of the type to which both promote.

    Raises
    ------
    TypeError
        If the elements are not integers or truths.
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.bitwise_xor(np.array([6, 12]), np.array([3, 5]))
    array([5, 9])
    """
    return np.asarray(np.bitwise_xor(x1, x2))


@constant
def bitwise_not(x: Any) -> Array:
    """Turn every bit: the operator ``~``.

    Parameters
    ----------
    x : array_like
        Integers or truths of any shape.

    Returns
    -------
    ndarray
        Of the type of ``x``.

    Raises
    ------
    TypeError
        If the elements are not integers or truths.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.bitwise_not(np.array([True, False]))
    array([False,  True])
    """
    return np.asarray(np.invert(x))
