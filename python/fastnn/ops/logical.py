"""Truth of elements: arrays of bool, which have no gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn.autograd import Array, constant


@constant
def logical_and(x1: Any, x2: Any) -> Array:
    """Tell where both are true.

    Parameters
    ----------
    x1, x2 : array_like
        Truths, or numbers of which 0 alone is false, whose shapes broadcast.

    Returns
    -------
    ndarray of bool
        The truth of every pair.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.logical_and(np.array([True, True, False]), np.array([True, False, False]))
    array([ True, False, False])
    """
    return np.asarray(np.logical_and(x1, x2))


@constant
def logical_or(x1: Any, x2: Any) -> Array:
    """Tell where one or both are true.

    Parameters
    ----------
    x1, x2 : array_like
        Truths, or numbers of which 0 alone is false, whose shapes broadcast.

    Returns
    -------
    ndarray of bool
        The truth of every pair.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.logical_or(np.array([True, True, False]), np.array([True, False, False]))
    array([ True,  True, False])
    """
    return np.asarray(np.logical_or(x1, x2))


@constant
def logical_xor(x1: Any, x2: Any) -> Array:
    """Tell where exactly one is true.

    Parameters
    ----------
    x1, x2 : array_like
        Truths, or numbers of which 0 alone is false, whose shapes broadcast.

    Returns
    -------
    ndarray of bool
        The truth of every pair.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.logical_xor(np.array([True, True, False]), np.array([True, False, False]))
    array([False,  True, False])
    """
    return np.asarray(np.logical_xor(x1, x2))


@constant
def logical_not(x: Any) -> Array:
    """Tell where something is false.

    Parameters
    ----------
    x : array_like
        Truths, or numbers of which 0 alone is false, of any shape.

    Returns
    -------
    ndarray of bool
        The opposite of every element.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.logical_not(np.array([True, False]))
    array([False,  True])
    """
    return np.asarray(np.logical_not(x))
