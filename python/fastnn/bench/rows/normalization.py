"""Batch and layer normalisation of float32, in training: forward, and forward with backward.

PyTorch normalises images in the memory format that it is given: ``torch`` has channels last, as fastnn,
``torch-nchw`` first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import Row

BATCHES = ((128, 28, 28, 32), (128, 14, 14, 64), (128, 512))
ROWS_OF = ((64 * 100, 128), (32 * 128, 512))


def _arrays(shape: tuple[int, ...]) -> tuple[Any, ...]:
    """Return values, scale, offset and the gradient of the result."""
    rng = np.random.default_rng(0)
    sizes = (shape, shape[-1:], shape[-1:], shape)
    return tuple(rng.standard_normal(size, dtype=np.float32) for size in sizes)


def fastnn(kind: str, shape: tuple[int, ...], backward: bool) -> Callable[[], Any]:
    """The layers, called in training; a batch moves its statistics."""
    from fastnn import layers
    from fastnn.autograd import gradients
    from fastnn.tensor import Tensor

    x, scale, offset, dy = _arrays(shape)
    layer = layers.BatchNormalization() if kind == "batch" else layers.LayerNormalization()
    layer(x)
    layer.set_weights([scale, offset, *layer.get_weights()[2:]])
    t = Tensor(x, requires_grad=True)
    if not backward:
        return lambda: layer(t, training=True).numpy()
    sources = [t, layer.gamma, layer.beta]
    return lambda: gradients(layer(t, training=True), sources, dy)[0]


def _torch(first: bool) -> Callable[..., Callable[[], Any]]:
    def torch(kind: str, shape: tuple[int, ...], backward: bool) -> Callable[[], Any]:
        import torch

        x, scale, offset, dy = map(torch.from_numpy, _arrays(shape))
        image = len(shape) == 4
        if image:
            x, dy = (a.permute(0, 3, 1, 2) for a in (x, dy))
            if first:
                x, dy = x.contiguous(), dy.contiguous()
        sources = [a.requires_grad_() for a in (x, scale, offset)]
        mean, variance = torch.zeros(shape[-1]), torch.ones(shape[-1])

        def call() -> Any:
            if kind == "batch":
                return torch.nn.functional.batch_norm(x, mean, variance, scale, offset, True, 0.01, 1e-3)
            return torch.nn.functional.layer_norm(x, shape[-1:], scale, offset, 1e-3)

        def as_ours(y: Any) -> Any:
            return (y.permute(0, 2, 3, 1) if image else y).detach().numpy()

        if not backward:
            return lambda: as_ours(call())
        return lambda: as_ours(torch.autograd.grad(call(), sources, dy)[0])

    return torch


CONTENDERS = {"torch": _torch(False), "fastnn": fastnn, "torch-nchw": _torch(True)}
ROWS = [
    Row(
        f"{kind} {shape} {'training' if backward else 'forward'}",
        CONTENDERS if len(shape) == 4 else {"torch": CONTENDERS["torch"], "fastnn": fastnn},
        (kind, shape, backward),
        rtol=1e-4,
    )
    for kind, shapes in (("batch", BATCHES), ("layer", ROWS_OF))
    for shape in shapes
    for backward in (False, True)
]
