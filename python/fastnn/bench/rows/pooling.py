"""Pooling of float32 images, 2 x 2 and 3 x 3: forward as in training, and forward with backward.

PyTorch pools in the memory format that it is given: ``torch`` has channels last, as fastnn, ``torch-nchw`` first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import Row

SHAPES = (
    ((128, 28, 28, 32), 2, 2),
    ((128, 14, 14, 64), 2, 2),
    ((128, 28, 28, 6), 2, 2),
    ((32, 28, 28, 32), 3, 2),
)


def _image(shape: tuple[int, ...]) -> Any:
    return np.random.default_rng(0).standard_normal(shape, dtype=np.float32)


def fastnn(kind: str, shape: tuple[int, ...], size: int, stride: int, backward: bool) -> Callable[[], Any]:
    """``ops.max_pool`` and ``ops.average_pool`` of a tensor."""
    from fastnn import ops
    from fastnn.autograd import gradients
    from fastnn.tensor import Tensor

    pool = getattr(ops, f"{kind}_pool")
    x = Tensor(_image(shape), requires_grad=True)
    dy = np.cos(pool(x, size, stride).numpy())
    if not backward:
        return lambda: pool(x, size, stride).numpy()
    return lambda: gradients(pool(x, size, stride), [x], dy)[0]


def _torch(first: bool) -> Callable[..., Callable[[], Any]]:
    def torch(kind: str, shape: tuple[int, ...], size: int, stride: int, backward: bool) -> Callable[[], Any]:
        import torch

        pool = {"max": torch.nn.functional.max_pool2d, "average": torch.nn.functional.avg_pool2d}[kind]
        x = torch.from_numpy(_image(shape)).permute(0, 3, 1, 2)
        x = (x.contiguous() if first else x).requires_grad_()
        dy = torch.cos(pool(x, size, stride)).detach()
        if not backward:
            return lambda: pool(x, size, stride).detach().permute(0, 2, 3, 1).numpy()
        return lambda: torch.autograd.grad(pool(x, size, stride), x, dy)[0].permute(0, 2, 3, 1).numpy()

    return torch


CONTENDERS = {"torch": _torch(False), "fastnn": fastnn, "torch-nchw": _torch(True)}
ROWS = [
    Row(
        f"{kind} {size}x{size} {shape} {'training' if backward else 'forward'}",
        CONTENDERS,
        (kind, shape, size, stride, backward),
    )
    for kind in ("max", "average")
    for shape, size, stride in SHAPES
    for backward in (False, True)
]
