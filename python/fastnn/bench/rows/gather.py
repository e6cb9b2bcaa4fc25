"""A shuffled batch of 128 out of 60,000 images: float32 as they are, and bytes made float32."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import Row


def _images(dtype: str) -> tuple[Any, Any]:
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (60000, 784), dtype=np.uint8).astype(dtype)
    return x, rng.permutation(60000)[:128]


def fastnn(dtype: str) -> Callable[[], Any]:
    """The native call that ``fit`` makes."""
    from fastnn._core import native

    x, index = _images(dtype)
    return lambda: native.gather(x, index, "float32")


def numpy(dtype: str) -> Callable[[], Any]:
    """``x[index]``, cast where needed."""
    x, index = _images(dtype)
    return lambda: x[index].astype(np.float32, copy=False)


def torch(dtype: str) -> Callable[[], Any]:
    """``index_select``, cast where needed."""
    import torch

    x, index = map(torch.from_numpy, _images(dtype))
    return lambda: x.index_select(0, index).float()


CONTENDERS = {"numpy": numpy, "fastnn": fastnn, "torch": torch}
ROWS = [Row(f"128 rows of {dtype}", CONTENDERS, (dtype,)) for dtype in ("float32", "uint8")]
