"""Probabilities, most of them exactly zero; made of other ops."""

from __future__ import annotations

from typing import Any

from .arithmetic import add, divide, multiply, subtract
from .axes import flip
from .cast import cast
from .comparison import greater
from .creation import ones_like
from .cumsum import cumsum
from .reduction import sum
from .relu import relu
from .sort import sort
from .where import where


def sparsemax(x: Any, axis: int = -1) -> Any:
    """Return the probabilities that are nearest to the scores: they sum to 1, and the smaller ones are 0.

    Parameters
    ----------
    x : array_like
        Scores of any shape.
    axis : int
        The axis along which the result sums to 1.

    Returns
    -------
    ndarray
        The probabilities, in the shape of ``x``.

    Notes
    -----
    Martins and Astudillo, "From Softmax to Sparsemax", 2016, algorithm 1. (What Keras 3.15 gives on JAX does not
    sum to 1.)

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.sparsemax(np.array([1.0, 0.5, -1.0]))
    array([0.75, 0.25, 0.  ])
    """
    ordered = flip(sort(x, axis), axis)
    places = cumsum(ones_like(ordered), axis)
    inside = greater(add(multiply(places, ordered), 1.0), cumsum(ordered, axis))
    count = sum(cast(inside, x.dtype), axis, keepdims=True)
    excess = subtract(sum(where(inside, ordered, 0.0), axis, keepdims=True), 1.0)
    return relu(subtract(x, divide(excess, count)))
