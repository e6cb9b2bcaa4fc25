"""What attention layers share: which queries see which keys."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
# Added to scores that do not count, where the scores themselves are asked for: Keras's number.
_FAR = -1e9


def boolean(name: str, mask: Any, shape: tuple[int, ...]) -> Array:
    """Return the mask of the steps of an input of ``shape`` (batch, ..., features), or one for all samples."""
    found = np.asarray(mask).astype(np.bool_, copy=False)
    if found.shape != shape[:-1] and found.shape != (1, *shape[1:-1]):
        raise ValueError(f"{name} must have the shape {shape[:-1]}; received {found.shape}")
    return found


def causal(queries: int, keys: int) -> Array:
    """Return for which keys each query is not earlier."""
    return np.tri(queries, keys, dtype=np.bool_)


def window(queries: int, keys: int, width: int) -> Array:
    """Return which keys are less than ``width`` steps from each query."""
    return np.abs(np.arange(queries)[:, np.newaxis] - np.arange(keys)) < width


def both(a: Array | None, b: Array | None) -> Array | None:
    """Return where both masks, or the one that there is, hold."""
    return b if a is None else a if b is None else a & b


def bias_of(mask: Array | None, dtype: Any) -> Array | None:
    """Return what to add to scores so that those that do not count vanish."""
    return None if mask is None else np.where(mask, 0.0, _FAR).astype(dtype)
