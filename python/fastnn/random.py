"""Random numbers that are the same for a seed, whatever the number of threads.

The generator is Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): each
number follows from the seed, the stream and its place in the array alone. Every call without a seed of its
own takes the next stream of the global seed, which the operating system gives until `set_seed` is called.
"""

from __future__ import annotations

import operator
import os
import threading
from typing import Any

import numpy as np

from fastnn._core import native

Array = np.ndarray[Any, Any]

__all__ = [
    "get_state",
    "normal",
    "permutation",
    "set_seed",
    "set_state",
    "shuffle",
    "truncated_normal",
    "uniform",
]

_lock = threading.Lock()
_seed: int | None = None
_calls = 0


def _checked_seed(seed: Any) -> int:
    seed = operator.index(seed)
    if not 0 <= seed < 2**64:
        raise ValueError(f"a seed must be an integer in [0, 2**64); received {seed}")
    return seed


def _next_stream(seed: int | None) -> tuple[int, int]:
    """Return the (seed, stream) to draw from; stream 0 belongs to calls with a seed of their own."""
    global _seed, _calls
    if seed is not None:
        return _checked_seed(seed), 0
    with _lock:
        if _seed is None:
            _seed = int.from_bytes(os.urandom(8), "little")
        _calls += 1
        return _seed, _calls


def set_seed(seed: int) -> None:
    """Start the global sequence of random numbers anew.

    Parameters
    ----------
    seed : int
        In [0, 2**64).

    Examples
    --------
    >>> from fastnn import random
    >>> random.set_seed(7)
    >>> first = random.normal((2, 3))
    >>> random.set_seed(7)
    >>> bool((random.normal((2, 3)) == first).all())
    True
    """
    set_state((seed, 0))


def get_state() -> tuple[int, int]:
    """Return where the global sequence stands, to be given to `set_state` later.

    Returns
    -------
    tuple of int
        The seed, and how many arrays have been drawn.
    """
    global _seed
    with _lock:
        if _seed is None:
            _seed = int.from_bytes(os.urandom(8), "little")
        return _seed, _calls


def set_state(state: tuple[int, int]) -> None:
    """Go on from where the global sequence stood when `get_state` was called.

    Parameters
    ----------
    state : tuple of int
        What `get_state` returned.

    Examples
    --------
    >>> from fastnn import random
    >>> state = random.get_state()
    >>> first = random.uniform(3)
    >>> random.set_state(state)
    >>> bool((random.uniform(3) == first).all())
    True
    """
    global _seed, _calls
    seed, calls = (_checked_seed(value) for value in state)
    with _lock:
        _seed, _calls = seed, calls


def uniform(
    shape: Any, minval: float = 0.0, maxval: float = 1.0, dtype: Any = "float32", seed: int | None = None
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
    seed : int, optional
        Draw from this seed and leave the global sequence alone.

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
    out: Array = native.random_uniform(*_next_stream(seed), shape, dtype.name)
    if (minval, maxval) != (0, 1):
        out *= dtype.type(maxval - minval)
        out += dtype.type(minval)
        # Rounding may have reached maxval.
        np.minimum(out, np.nextafter(dtype.type(maxval), dtype.type(minval)), out=out)
    return out


def normal(
    shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: Any = "float32", seed: int | None = None
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
    seed : int, optional
        Draw from this seed and leave the global sequence alone.

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
    return _scaled(native.random_normal(*_next_stream(seed), shape, dtype.name), mean, stddev)


def truncated_normal(
    shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: Any = "float32", seed: int | None = None
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
    seed : int, optional
        Draw from this seed and leave the global sequence alone.

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
    return _scaled(native.random_truncated_normal(*_next_stream(seed), shape, dtype.name), mean, stddev)


def _scaled(out: Array, mean: float, stddev: float) -> Array:
    """Return out * stddev + mean, in place."""
    if stddev != 1:
        out *= out.dtype.type(stddev)
    if mean != 0:
        out += out.dtype.type(mean)
    return out


def permutation(n: int, seed: int | None = None) -> Array:
    """Return the numbers 0 to n - 1 in random order, every order equally likely.

    Parameters
    ----------
    n : int
        How many.
    seed : int, optional
        Draw from this seed and leave the global sequence alone.

    Returns
    -------
    ndarray of int64
        The order.

    Examples
    --------
    >>> from fastnn import random
    >>> sorted(random.permutation(4, seed=1).tolist())
    [0, 1, 2, 3]
    """
    order: Array = native.random_permutation(*_next_stream(seed), n)
    return order


def shuffle(x: Any, axis: int = 0, seed: int | None = None) -> Array:
    """Return a copy of ``x`` with its slices along ``axis`` in random order.

    Parameters
    ----------
    x : array_like
        At least one-dimensional.
    axis : int
        The axis to reorder.
    seed : int, optional
        Draw from this seed and leave the global sequence alone.

    Returns
    -------
    ndarray
        The reordered copy.

    Examples
    --------
    >>> from fastnn import random
    >>> sorted(random.shuffle([3, 1, 2], seed=1).tolist())
    [1, 2, 3]
    """
    x = np.asarray(x)
    return np.take(x, permutation(x.shape[axis], seed), axis)
