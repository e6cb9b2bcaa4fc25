"""Classes drawn by their probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn import ops
from fastnn.random.distributions import uniform
from fastnn.seeds import Seed

Array = np.ndarray[Any, Any]


def categorical(logits: Any, num_samples: int, dtype: Any = "int32", seed: Seed = None) -> Array:
    """Draw classes with the probabilities ``softmax(logits)``.

    Parameters
    ----------
    logits : array_like, shape (batch, classes)
        Logarithms of probabilities, up to a constant in each row.
    num_samples : int
        How many to draw from each row.
    dtype : str
        An integer type.
    seed : int or SeedGenerator, optional
        Draw from this seed and leave the global sequence alone; an int gives the same numbers at every call.

    Returns
    -------
    ndarray, shape (batch, num_samples)
        The numbers of the classes.

    Raises
    ------
    ValueError
        If ``logits`` has not two axes, or a row has no probabilities: it is empty or holds NaN or +Inf.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import random
    >>> random.categorical([[-np.inf, 0.0], [0.0, -np.inf]], 4, seed=1)
    array([[1, 1, 1, 1],
           [0, 0, 0, 0]], dtype=int32)
    """
    logits = np.asarray(logits, np.float64)
    if logits.ndim != 2:
        raise ValueError(f"logits must have shape (batch, classes); received shape {logits.shape}")
    sums = np.cumsum(ops.softmax(logits), 1)
    if not (logits.shape[1] and np.isfinite(sums).all()):
        raise ValueError("logits must give probabilities: a row must not be empty, nor hold NaN or +Inf")
    points = uniform((len(logits), num_samples), dtype="float64", seed=seed)
    drawn = np.empty(points.shape, dtype)
    for row, (steps, u) in enumerate(zip(sums, points, strict=True)):
        last = np.searchsorted(steps, steps[-1])  # rounding must not lead to a class that cannot be
        drawn[row] = np.minimum(np.searchsorted(steps, u * steps[-1], "right"), last)
    return drawn
