"""Random order."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.seeds import Seed, next_stream

Array = np.ndarray[Any, Any]


def permutation(n: int, seed: Seed = None) -> Array:
    """Return the numbers 0 to n - 1 in random order, every order equally likely.

    Parameters
    ----------
    n : int
        How many.
    seed : int or SeedGenerator, optional
        Draw from this seed and leave the global sequence alone; an int gives the same numbers at every call.

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
    order: Array = native.random_permutation(*next_stream(seed), n)
    return order


def shuffle(x: Any, axis: int = 0, seed: Seed = None) -> Array:
    """Return a copy of ``x`` with its slices along ``axis`` in random order.

    Parameters
    ----------
    x : array_like
        At least one-dimensional.
    axis : int
        The axis to reorder.
    seed : int or SeedGenerator, optional
        Draw from this seed and leave the global sequence alone; an int gives the same numbers at every call.

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
