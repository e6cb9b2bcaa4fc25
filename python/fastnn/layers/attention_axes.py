"""Attention over several axes at once, or over some of them, as attention over the steps of one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fastnn import ops


class Back:
    """How to undo `flattened`: the sizes, and the order of axes that was taken."""

    def __init__(self, shape: tuple[int, ...], axes: tuple[int, ...]) -> None:
        middle = range(1, len(shape) - 2)
        apart = [0, *(d for d in middle if d not in axes)]
        self.order = (*apart, *axes, len(shape) - 2, len(shape) - 1)
        self.batch = tuple(shape[d] for d in apart)
        self.steps = tuple(shape[d] for d in axes)

    def unflattened(self, y: Any) -> Any:
        """Return (batch, steps, heads, depth) in the axes of the input."""
        y = ops.reshape(y, (*self.batch, *self.steps, *y.shape[2:]))
        return ops.transpose(y, tuple(int(d) for d in np.argsort(self.order)))


def flattened(x: Any, axes: tuple[int, ...]) -> tuple[Any, Back]:
    """Return heads (batch, ..., heads, depth) as (batch, steps, heads, depth), the steps those of ``axes``."""
    back = Back(x.shape, axes)
    x = ops.transpose(x, back.order)
    sizes = (math.prod(back.batch), math.prod(back.steps), *x.shape[-2:])
    return ops.reshape(x, sizes), back


def flattened_mask(mask: Any, queries: Back, keys: Back) -> Any:
    """Return a mask (batch, ..., queries, keys) as (batch, 1 or heads, queries, keys)."""
    if mask is None:
        return None
    steps = len(queries.steps) + len(keys.steps)
    missing = len(queries.batch) + 1 + steps - mask.ndim
    if missing < 0:
        raise ValueError(f"attention_mask has too many axes; received shape {mask.shape}")
    cut = mask.ndim - steps
    mask = mask.reshape(*mask.shape[:cut], *(1,) * missing, *mask.shape[cut:])
    heads = mask.shape[len(queries.batch)]
    whole = np.broadcast_to(mask, (*queries.batch, heads, *queries.steps, *keys.steps))
    return whole.reshape(math.prod(queries.batch), heads, math.prod(queries.steps), math.prod(keys.steps))
