"""Distributions that NumPy draws, on a generator whose key is one of our streams."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn.seeds import Seed, next_stream

Array = np.ndarray[Any, Any]


def _generator(seed: Seed) -> np.random.Generator:
    key, stream = next_stream(seed)
    return np.random.Generator(np.random.Philox(key=key | stream << 64))


def randint(shape: Any, minval: int, maxval: int, dtype: Any = "int32", seed: Seed = None) -> Array:
    """Draw integers that are equally likely anywhere in [minval, maxval).

    Parameters
    ----------
    shape : int or tuple of int
        Shape of the result.
    minval, maxval : int
        The bounds; ``maxval`` itself is never drawn.
    dtype : str
        An integer type.
    seed : int or SeedGenerator, optional
        Draw from this seed and leave the global sequence alone; an int gives the same numbers at every call.

    Returns
    -------
    ndarray
        The numbers.

    Raises
    ------
    ValueError
        If there is no number in the interval, or ``dtype`` does not hold them all.

    Examples
    --------
    >>> from fastnn import random
    >>> sorted(set(random.randint(1000, 3, 6, seed=1).tolist()))
    [3, 4, 5]
    """
    dtype = np.dtype(dtype)
    if dtype.kind not in "iu":
        raise ValueError(f"dtype must be an integer type; received {dtype}")
    low, high = int(minval), int(maxval)
    limits = np.iinfo(dtype)
    if not low < high or low < limits.min or high - 1 > limits.max:
        raise ValueError(
            f"minval must be less than maxval, and {dtype} must hold what lies between; "
            f"received minval={minval}, maxval={maxval}"
        )
    return np.asarray(_generator(seed).integers(low, high, shape, dtype.newbyteorder("=")))


def binomial(shape: Any, counts: Any, probabilities: Any, dtype: Any = "float32", seed: Seed = None) -> Array:
    """Draw numbers of successes in independent trials.

    Parameters
    ----------
    shape : int or tuple of int
        Shape of the result.
    counts, probabilities : array_like
        Number of trials, and the probability of success of each; they broadcast to ``shape``.
    dtype : str
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
    >>> round(float(random.binomial(100_000, 10, 0.3, seed=1).mean()), 1)
    3.0
    """
    counts = np.asarray(counts)
    drawn = _generator(seed).binomial(counts.astype(np.int64), np.asarray(probabilities, np.float64), shape)
    return np.asarray(drawn, dtype)


def gamma(shape: Any, alpha: Any, dtype: Any = "float32", seed: Seed = None) -> Array:
    """Draw from the gamma distribution of shape ``alpha`` and scale 1.

    Parameters
    ----------
    shape : int or tuple of int
        Shape of the result.
    alpha : array_like
        Positive; it broadcasts to ``shape``.
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
    >>> round(float(random.gamma(100_000, 2.0, seed=1).mean()), 1)
    2.0
    """
    return np.asarray(_generator(seed).standard_gamma(np.asarray(alpha, np.float64), shape), dtype)


def beta(shape: Any, alpha: Any, beta: Any, dtype: Any = "float32", seed: Seed = None) -> Array:
    """Draw from the beta distribution.

    Parameters
    ----------
    shape : int or tuple of int
        Shape of the result.
    alpha, beta : array_like
        Positive; they broadcast to ``shape``. The mean is ``alpha / (alpha + beta)``.
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
    >>> round(float(random.beta(100_000, 1.0, 4.0, seed=1).mean()), 1)
    0.2
    """
    a, b = np.asarray(alpha, np.float64), np.asarray(beta, np.float64)
    return np.asarray(_generator(seed).beta(a, b, shape), dtype)
