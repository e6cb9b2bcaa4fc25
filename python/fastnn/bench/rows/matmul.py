"""Matrix products in the shapes of nets: rows x columns x length of the sums, float32 unless the name says.

"dkernel" is ``x.T @ dy`` and "dx" is ``dy @ kernel.T``, as in the backward pass of a dense layer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import Row


def _operands(m: int, n: int, k: int, transposed: str, dtype: Any) -> Any:
    rng = np.random.default_rng(0)
    a = rng.standard_normal((k, m) if transposed == "a" else (m, k), dtype=dtype)
    b = rng.standard_normal((n, k) if transposed == "b" else (k, n), dtype=dtype)
    return a.T if transposed == "a" else a, b.T if transposed == "b" else b


def fastnn(*shape: Any) -> Callable[[], Any]:
    """``ops.matmul``."""
    from fastnn import ops

    a, b = _operands(*shape)
    return lambda: ops.matmul(a, b)


def numpy(*shape: Any) -> Callable[[], Any]:
    """``a @ b``."""
    a, b = _operands(*shape)
    return lambda: a @ b


def torch(*shape: Any) -> Callable[[], Any]:
    """``torch.mm``."""
    import torch

    a, b = map(torch.from_numpy, _operands(*shape))
    return lambda: torch.mm(a, b)


def jax(*shape: Any) -> Callable[[], Any]:
    """A jitted product, with the transpose inside."""
    import jax

    *_, transposed, dtype = shape
    jax.config.update("jax_enable_x64", dtype is np.float64)
    a, b = _operands(*shape)
    a = jax.device_put(np.ascontiguousarray(a.T if transposed == "a" else a))
    b = jax.device_put(np.ascontiguousarray(b.T if transposed == "b" else b))
    product = jax.jit(lambda a, b: (a.T if transposed == "a" else a) @ (b.T if transposed == "b" else b))
    return lambda: product(a, b).block_until_ready()


CONTENDERS = {"numpy": numpy, "fastnn": fastnn, "torch": torch, "jax": jax}
SHAPES = {
    "1024x1024x1024": (1024, 1024, 1024, ""),
    "128x512x784": (128, 512, 784, ""),
    "512x784x128": (512, 784, 128, ""),
    "784x512x128 dkernel": (784, 512, 128, "a"),
    "128x512x10 dx": (128, 512, 10, "b"),
    "256x256x256": (256, 256, 256, ""),
    "64x64x64": (64, 64, 64, ""),
    "128x10x512": (128, 10, 512, ""),
    "32x128x128": (32, 128, 128, ""),
    "1x512x784": (1, 512, 784, ""),
    # Vectors and thin matrices, and what the smallest nets are made of.
    "512x1x784": (512, 1, 784, ""),
    "1x4096x4096": (1, 4096, 4096, ""),
    "1024x4x1024": (1024, 4, 1024, ""),
    "1024x16x1024": (1024, 16, 1024, ""),
    "32x64x32": (32, 64, 32, ""),
    "32x32x10": (32, 32, 10, ""),
    "4x2x8": (4, 2, 8, ""),
    "4x8x1": (4, 8, 1, ""),
}
# A sum of k products of standard normal numbers is off by about sqrt(k) units of the last place.
ROWS = [Row(name, CONTENDERS, (*shape, np.float32), rtol=1e-4, atol=4e-4) for name, shape in SHAPES.items()]
ROWS += [
    Row(f"{name} float64", CONTENDERS, (*shape, np.float64), rtol=1e-11, atol=1e-11)
    for name, shape in SHAPES.items()
]
