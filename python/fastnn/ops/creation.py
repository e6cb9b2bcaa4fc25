"""New arrays: of one value, of an identity matrix, of numbers in a row.

Floats are float32 unless told otherwise, as in Keras; `arange` goes by its arguments, as in NumPy.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn.autograd import Array, constant


def zeros(shape: Any, dtype: Any = "float32") -> Array:
    """Make an array of zeros.

    Parameters
    ----------
    shape : int or tuple of int
        The shape of the result.
    dtype : str or numpy.dtype
        The type of the result.

    Returns
    -------
    ndarray
        Zeros.

    Examples
    --------
    >>> from fastnn import ops
    >>> ops.zeros(3)
    array([0., 0., 0.], dtype=float32)
    """
    return np.zeros(shape, dtype)


def ones(shape: Any, dtype: Any = "float32") -> Array:
    """Make an array of ones.

    Parameters
    ----------
    shape : int or tuple of int
        The shape of the result.
    dtype : str or numpy.dtype
        The type of the result.

    Returns
    -------
    ndarray
        Ones.

    Examples
    --------
    >>> from fastnn import ops
    >>> ops.ones((1, 2))
    array([[1., 1.]], dtype=float32)
    """
    return np.ones(shape, dtype)


def full(shape: Any, fill_value: Any, dtype: Any = "float32") -> Array:
    """Make an array of one value.

    Parameters
    ----------
    shape : int or tuple of int
        The shape of the result.
    fill_value : scalar or array_like
        The value; broadcast to ``shape``.
    dtype : str or numpy.dtype
        The type of the result.

    Returns
    -------
    ndarray
        The value, over and over.

    Examples
    --------
    >>> from fastnn import ops
    >>> ops.full(2, 0.5)
    array([0.5, 0.5], dtype=float32)
    """
    return np.full(shape, fill_value, dtype)


def eye(N: int, M: int | None = None, k: int = 0, dtype: Any = "float32") -> Array:
    """Make a matrix with ones on a diagonal and zeros elsewhere.

    Parameters
    ----------
    N, M : int
        Numbers of rows and columns; as many columns as rows by default.
    k : int
        The diagonal: positive above the main one, negative below.
    dtype : str or numpy.dtype
        The type of the result.

    Returns
    -------
    ndarray
        Of shape (N, M).

    Examples
    --------
    >>> from fastnn import ops
    >>> ops.eye(2)
    array([[1., 0.],
           [0., 1.]], dtype=float32)
    """
    return np.eye(N, M, k, dtype)


def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = None) -> Array:
    """Count from ``start`` up to, but not including, ``stop``.

    Parameters
    ----------
    start, stop, step : int or float
        With one argument alone, from 0 up to it.
    dtype : str or numpy.dtype, optional
        By default int64, or float64 where an argument is a float.

    Returns
    -------
    ndarray
        1-D.

    Examples
    --------
    >>> from fastnn import ops
    >>> ops.arange(1, 7, 2)
    array([1, 3, 5])
    """
    if stop is None:
        start, stop = 0, start
    return np.arange(start, stop, step, dtype=dtype)


def linspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True, dtype: Any = "float32") -> Array:
    """Make numbers at equal distances.

    Parameters
    ----------
    start, stop : array_like
        The first number and the last.
    num : int
        How many.
    endpoint : bool
        Whether ``stop`` is one of them.
    dtype : str or numpy.dtype
        The type of the result.

    Returns
    -------
    ndarray
        Of shape (num,), followed by the shape to which ``start`` and ``stop`` broadcast.

    Examples
    --------
    >>> from fastnn import ops
    >>> ops.linspace(0, 1, 5)
    array([0.  , 0.25, 0.5 , 0.75, 1.  ], dtype=float32)
    """
    return np.linspace(start, stop, num, endpoint, dtype=dtype)


@constant
def zeros_like(x: Any, dtype: Any = None) -> Array:
    """Make zeros of the shape of an array.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    dtype : str or numpy.dtype, optional
        By default that of ``x``.

    Returns
    -------
    ndarray
        Zeros; a tensor of them for a tensor.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.zeros_like(np.array([1.0, 2.0]))
    array([0., 0.])
    """
    return np.zeros_like(x, dtype, subok=False)


@constant
def ones_like(x: Any, dtype: Any = None) -> Array:
    """Make ones of the shape of an array.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    dtype : str or numpy.dtype, optional
        By default that of ``x``.

    Returns
    -------
    ndarray
        Ones; a tensor of them for a tensor.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.ones_like(np.array([3.0, 2.0]))
    array([1., 1.])
    """
    return np.ones_like(x, dtype, subok=False)


@constant
def full_like(x: Any, fill_value: Any, dtype: Any = None) -> Array:
    """Make an array of one value, of the shape of another.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    fill_value : scalar or array_like
        The value; broadcast to the shape.
    dtype : str or numpy.dtype, optional
        By default that of ``x``.

    Returns
    -------
    ndarray
        The value, over and over; a tensor of it for a tensor.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.full_like(np.array([3.0, 2.0]), 7)
    array([7., 7.])
    """
    return np.full_like(x, fill_value, dtype, subok=False)
