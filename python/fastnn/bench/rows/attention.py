"""Self-attention of several heads, forward and backward to the input and all weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import Row


def _data(batch: int, steps: int, features: int, heads: int) -> list[Any]:
    """Return the input, the upstream gradient, and kernels and biases of query, key, value and output."""
    rng = np.random.default_rng(0)
    x, dy = rng.standard_normal((2, batch, steps, features), dtype=np.float32)
    kernels = rng.standard_normal((4, features, features), dtype=np.float32) / np.float32(features**0.5)
    biases = rng.standard_normal((4, features), dtype=np.float32) / 10
    return [x, dy, kernels, biases]


def fastnn(*sizes: int) -> Callable[[], Any]:
    """``layers.MultiHeadAttention``."""
    import fastnn
    from fastnn import layers

    x, dy, kernels, biases = _data(*sizes)
    features, heads = sizes[2:]
    layer = layers.MultiHeadAttention(heads, features // heads)
    layer.build(x.shape, x.shape)
    split = (heads, features // heads)
    weights = []
    for kernel, bias in zip(kernels[:3], biases[:3], strict=True):
        weights += [kernel.reshape(features, *split), bias.reshape(split)]
    layer.set_weights([*weights, kernels[3].reshape(*split, features), biases[3]])
    x = fastnn.tensor(x, requires_grad=True)

    def step() -> Any:
        x.grad = None
        for weight in layer.weights:
            weight.grad = None
        y = layer(x, x)
        y.backward(dy)
        results: list[Any] = [y.detach(), x.grad, layer.weights[0].grad]
        return np.concatenate([np.ravel(a) for a in results])

    return step


def torch(*sizes: int) -> Callable[[], Any]:
    """``nn.MultiheadAttention``, which need not give its weights."""
    import torch

    x, dy, kernels, biases = map(torch.from_numpy, _data(*sizes))
    features, heads = sizes[2:]
    layer = torch.nn.MultiheadAttention(features, heads, batch_first=True)
    with torch.no_grad():
        layer.in_proj_weight.copy_(torch.cat([k.T for k in kernels[:3]]))
        layer.in_proj_bias.copy_(biases[:3].ravel())
        layer.out_proj.weight.copy_(kernels[3].T)
        layer.out_proj.bias.copy_(biases[3])
    x.requires_grad_()

    def step() -> Any:
        layer.zero_grad()
        x.grad = None
        y, _ = layer(x, x, x, need_weights=False)
        y.backward(dy)
        kernel = layer.in_proj_weight.grad[:features].T
        return torch.cat([a.ravel() for a in (y.detach(), x.grad, kernel)]).numpy()

    return step


CONTENDERS = {"fastnn": fastnn, "torch": torch}
ROWS = [
    Row(f"{shape}, {heads} heads", CONTENDERS, (*shape, heads), rtol=1e-4, atol=1e-4)
    for shape, heads in (((32, 128, 256), 8), ((64, 100, 128), 4))
]
