"""What the backward rules of picking and repeating share, for arrays and for tensors: adding where values came from."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, registry
from fastnn.tensor import Tensor


def scatter_add(dy: Array, indices: Any, shape: tuple[int, ...], axis: int) -> Array:
    """Return zeros of ``shape``, where ``dy`` has been added along ``axis`` at ``indices``: the rule of `take`."""
    indices = np.asarray(indices, np.intp)
    size = shape[axis]
    if indices.min(initial=0) < 0:
        indices = np.where(indices < 0, indices + size, indices)
    rows = indices.reshape(-1)
    outer, inner = math.prod(shape[:axis]), shape[axis + 1 :]
    if outer != 1:
        rows = (np.arange(outer).reshape(-1, 1) * size + rows).reshape(-1)
    sums = _sum_segments(dy.reshape((rows.size, *inner)), rows, outer * size)
    return sums if axis == 0 else sums.reshape(shape)  # a view would be copied to be a leaf's gradient


def _sum_segments(rows: Any, numbers: Array, count: int) -> Any:
    add = registry["segment_sum"] if isinstance(rows, Tensor) else native.segment_sum
    return add(rows, numbers, count)


def put_back(dy: Array, positions: Array, shape: tuple[int, ...]) -> Array:
    """Return zeros of ``shape``, where each value of ``dy`` has been added at its position in C order."""
    positions = np.asarray(positions).reshape(-1)
    return _sum_segments(dy.reshape(positions.size), positions, math.prod(shape)).reshape(shape)
