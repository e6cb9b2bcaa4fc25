"""Arrays of random numbers from a distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.seeds import Seed, next_stream

Array = np.ndarray[Any, Any]


def uniform(
    shape: Any, minval: float = 0.0, maxval: float = 1.0, dtype: Any = "float32", seed: Seed = None
) -> Array:
    """Draw numbers that are equally likely anywhere in [minval, maxval).

    Parameters
    ----------
    shape : int or tuple of int
        Shape of the result.
    minval, maxval : float
        The bounds; ``maxval`` itself is never drawn unless the two are equal.
    dtype : {"float32", "float64"}
        Type of the result.
    seed : int or SeedGenerator, optional
        Draw from this seed and leave the global sequence alone; an int gives the same numbers at every call.

    Returns
    -------
    ndarray
        The numbers.

    Raises
    ------
    ValueError
        If ``minval`` is greater than ``maxval``, or a size or the seed is negative.

    Examples
    --------
    >>> from fastnn import random
    >>> random.uniform((2, 2), -1, 1, seed=1).shape
    (2, 2)
    """
    if not minval <= maxval:
        raise ValueError(f"minval must not be greater than maxval; received {minval} and {maxval}")
    dtype = np.dtype(dtype)
    out: Array = native.random_uniform(*next_stream(seed), shape, dtype.name)
    if (minval, maxval) != (0, 1):
        out *= dtype.type(maxval - minval)
        out += dtype.type(minval)
        # Rounding may have reached maxval.
        np.minimum(out, np.nextafter(dtype.type(maxval), dtype.type(minval)), out=out)
    return out


def normal(
    shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: Any = "float32", seed: Seed = None
) -> Array:
    """Draw normally distributed numbers.

    Parameters
    ----------
    shape : int or tuple of int
        Shape of the result.
    mean, stddev : float
        Mean and standard deviation.
    dtype : {"float32", "float64"}
        Type of the result.
    seed : int or SeedGenerator, optional
        Draw from this seed and leave the global sequence alone; an int gives the same numbers at every call.

    Returns
    -------
    ndarray
        The numbers.

    Notes
    -----
    Box and Muller's transform ("A note on the generation of random normal deviates", 1958).

    Examples
    --------
    >>> from fastnn import random
    >>> round(float(random.normal(100_000, mean=5.0, seed=1).mean()), 1)
    5.0
    """
    dtype = np.dtype(dtype)
    return _scaled(native.random_normal(*next_stream(seed), shape, dtype.name), mean, stddev)


def truncated_normal(
    shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: Any = "float32", seed: Seed = None
) -> Array:
    """Draw normally distributed numbers, none further than two ``stddev`` from ``mean``.

    What falls outside is drawn again, so the standard deviation of the result is 0.8796 ``stddev``.

    Parameters
    ----------
    shape : int or tuple of int
        Shape of the result.
    mean, stddev : float
        Mean and standard deviation before truncation.
    dtype : {"float32", "float64"}
        Type of the result.
    seed : int or SeedGenerator, optional
        Draw from this seed and leave the global sequence alone; an int gives the same numbers at every call.

    Returns
    -------
    ndarray
        The numbers.

    Examples
    --------
    >>> from fastnn import random
    >>> bool(abs(random.truncated_normal(1000, seed=1)).max() <= 2)
    True
    """
    dtype = np.dtype(dtype)
    return _scaled(native.random_truncated_normal(*next_stream(seed), shape, dtype.name), mean, stddev)


def _scaled(out: Array, mean: float, stddev: float) -> Array:
    """Return out * stddev + mean, in place."""
    if stddev != 1:
        out *= out.dtype.type(stddev)
    if mean != 0:
        out += out.dtype.type(mean)
    return out
