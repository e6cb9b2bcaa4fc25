"""First values whose rows or columns are at right angles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from fastnn import random
from fastnn._core import native
from fastnn.initializers.initializer import Array, RandomInitializer, _registry

_BLOCK = 32  # columns that are orthogonalized together


@_registry.register("orthogonal", "OrthogonalInitializer")
class Orthogonal(RandomInitializer):
    """An orthogonal matrix, every one equally likely; of a kernel, seen as (all other axes, last axis).

    Where there are more columns than rows, the rows are orthonormal, otherwise the columns.

    Parameters
    ----------
    gain : float
        Factor of the result.
    seed
        See `RandomInitializer`.

    Notes
    -----
    Saxe et al., "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks", 2014.

    Examples
    --------
    >>> from fastnn import initializers
    >>> kernel = initializers.Orthogonal(seed=1)((4, 2))
    >>> np.allclose(kernel.T @ kernel, np.eye(2), atol=1e-6)
    True
    """

    def __init__(self, gain: float = 1.0, seed: Any = None) -> None:
        super().__init__(seed)
        self.gain = gain

    def __call__(self, shape: Sequence[int], dtype: Any = "float32") -> Array:
        """Draw a kernel of this shape."""
        if len(shape) < 2:
            raise ValueError(
                f"Orthogonal: a weight must have at least two axes; received shape {tuple(shape)}"
            )
        rows, columns = math.prod(shape[:-1]), shape[-1]
        drawn = random.normal((max(rows, columns), min(rows, columns)), dtype="float64", seed=self.seed)
        matrix = _orthonormal_columns(drawn)
        if rows < columns:
            matrix = matrix.T
        return (self.gain * matrix).reshape(shape).astype(dtype)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "gain": self.gain}


def _orthonormal_columns(a: Array) -> Array:
    """Return the Q of ``a = Q R`` with a positive diagonal of R, which makes Q of a normal ``a`` uniform.

    Gram and Schmidt's way, block by block and each block twice: our products have the same bits at any number
    of threads, which a LAPACK need not have.
    """
    q = np.empty_like(a)
    for start in range(0, a.shape[1], _BLOCK):
        block, before = a[:, start : start + _BLOCK], q[:, :start]
        for _ in range(2):
            block = block - native.matmul(before, native.matmul(before.T, block))
            for k in range(block.shape[1]):
                done = block[:, :k]
                column = block[:, k] - native.matmul(done, native.matmul(done.T, block[:, k]))
                block[:, k] = column / np.sqrt(native.matmul(column, column))
        q[:, start : start + _BLOCK] = block
    return q
