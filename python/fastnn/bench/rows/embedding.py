"""Embedding vectors of 64 sentences of 100 tokens out of 10,000, forward, and backward to a dense gradient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import Row


def _data(vocabulary: int, size: int, shape: tuple[int, ...]) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(0)
    table = rng.standard_normal((vocabulary, size), dtype=np.float32)
    return table, rng.integers(0, vocabulary, shape), rng.standard_normal((*shape, size), dtype=np.float32)


def fastnn(*sizes: Any) -> Callable[[], Any]:
    """``layers.Embedding``, and ``backward`` of its output."""
    from fastnn import layers

    table, ids, dy = _data(*sizes)
    layer = layers.Embedding(*table.shape)
    layer.build()
    layer.set_weights([table])

    def step() -> Any:
        layer.embeddings.grad = None
        layer(ids).backward(dy)
        return layer.embeddings.grad

    return step


def torch(*sizes: Any) -> Callable[[], Any]:
    """``nn.Embedding``, and ``backward`` of its output."""
    import torch

    table, ids, dy = map(torch.from_numpy, _data(*sizes))
    layer = torch.nn.Embedding.from_pretrained(table, freeze=False)

    def step() -> Any:
        layer.weight.grad = None
        layer(ids).backward(dy)
        return layer.weight.grad

    return step


CONTENDERS = {"fastnn": fastnn, "torch": torch}
ROWS = [Row("10,000 x 128, ids (64, 100)", CONTENDERS, (10_000, 128, (64, 100)))]
