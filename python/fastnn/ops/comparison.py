"""Comparisons and tests: arrays of bool, which have no gradient."""

from __future__ import annotations

from typing import Any

from fastnn._core import native
from fastnn.autograd import Array, constant


@constant
def equal(x1: Any, x2: Any) -> Array:
    """Tell where ``x1 == x2``.

    Parameters
    ----------
    x1, x2 : array_like
        Arrays whose shapes broadcast.

    Returns
    -------
    ndarray of bool
        The truth of every pair; NaN is unequal to everything.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.equal(np.array([1.0, 2.0, 3.0]), 2.0)
    array([False,  True, False])
    """
    return native.equal(x1, x2)


@constant
def not_equal(x1: Any, x2: Any) -> Array:
    """Tell where ``x1 != x2``.

    Parameters
    ----------
    x1, x2 : array_like
        Arrays whose shapes broadcast.

    Returns
    -------
    ndarray of bool
        The truth of every pair; NaN is unequal to everything.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.not_equal(np.array([1.0, 2.0, 3.0]), 2.0)
    array([ True, False,  True])
    """
    return native.not_equal(x1, x2)


@constant
def less(x1: Any, x2: Any) -> Array:
    """Tell where ``x1 < x2``.

    Parameters
    ----------
    x1, x2 : array_like
        Arrays whose shapes broadcast.

    Returns
    -------
    ndarray of bool
        The truth of every pair; NaN is unequal to everything.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.less(np.array([1.0, 2.0, 3.0]), 2.0)
    array([ True, False, False])
    """
    return native.less(x1, x2)


@constant
def less_equal(x1: Any, x2: Any) -> Array:
    """Tell where ``x1 <= x2``.

    Parameters
    ----------
    x1, x2 : array_like
        Arrays whose shapes broadcast.

    Returns
    -------
    ndarray of bool
        The truth of every pair; NaN is unequal to everything.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.less_equal(np.array([1.0, 2.0, 3.0]), 2.0)
    array([ True,  True, False])
    """
    return native.less_equal(x1, x2)


@constant
def greater(x1: Any, x2: Any) -> Array:
    """Tell where ``x1 > x2``.

    Parameters
    ----------
    x1, x2 : array_like
        Arrays whose shapes broadcast.

    Returns
    -------
    ndarray of bool
        The truth of every pair; NaN is unequal to everything.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.greater(np.array([1.0, 2.0, 3.0]), 2.0)
    array([False, False,  True])
    """
    return native.greater(x1, x2)


@constant
def greater_equal(x1: Any, x2: Any) -> Array:
    """Tell where ``x1 >= x2``.

    Parameters
    ----------
    x1, x2 : array_like
        Arrays whose shapes broadcast.

    Returns
    -------
    ndarray of bool
        The truth of every pair; NaN is unequal to everything.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.greater_equal(np.array([1.0, 2.0, 3.0]), 2.0)
    array([False,  True,  True])
    """
    return native.greater_equal(x1, x2)


@constant
def isnan(x: Any) -> Array:
    """Tell which elements are NaN.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray of bool
        The truth of every element.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.isnan(np.array([1.0, np.inf, np.nan]))
    array([False, False,  True])
    """
    return native.isnan(x)


@constant
def isinf(x: Any) -> Array:
    """Tell which elements are infinite.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray of bool
        The truth of every element.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.isinf(np.array([1.0, np.inf, np.nan]))
    array([False,  True, False])
    """
    return native.isinf(x)


@constant
def isfinite(x: Any) -> Array:
    """Tell which elements are neither infinite nor NaN.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray of bool
        The truth of every element.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.isfinite(np.array([1.0, np.inf, np.nan]))
    array([ True, False, False])
    """
    return native.isfinite(x)
