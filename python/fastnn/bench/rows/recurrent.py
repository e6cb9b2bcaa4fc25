"""Recurrent layers over 100 steps, 128 features to 128 units: a training step at batch 64, inference at batch 1.

A training step is forward and backward, for the gradients of all weights; those of some weights are compared.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import Row

STEPS, SIZE = 100, 128
GATES = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}


def _weights(layer: str) -> list[Any]:
    """Kernel, recurrent kernel and bias in Keras's shapes and order."""
    rng, columns = np.random.default_rng(0), GATES[layer] * SIZE
    shapes = [(SIZE, columns), (SIZE, columns), (2, columns) if layer == "GRU" else (columns,)]
    return [(0.08 * rng.standard_normal(shape)).astype(np.float32) for shape in shapes]


def _data(batch: int) -> tuple[Any, Any]:
    """Sequences, and the gradient of all outputs."""
    rng = np.random.default_rng(1)
    return tuple(rng.standard_normal((batch, STEPS, SIZE), dtype=np.float32) for _ in range(2))  # type: ignore[return-value]


def _compared(layer: str) -> int:
    """A column of the kernel that stands at the same place in both libraries: of no gate, in a GRU."""
    return 2 * SIZE if layer == "GRU" else 0


def fastnn(layer: str, batch: int, training: bool) -> Callable[[], Any]:
    """The layer of that name."""
    import fastnn
    from fastnn import layers
    from fastnn.autograd import gradients

    x, dy = _data(batch)
    net = getattr(layers, layer)(SIZE, return_sequences=True)
    net.build((None, STEPS, SIZE))
    net.set_weights(_weights(layer))

    def step() -> Any:
        return gradients(net(x), net.trainable_weights, dy)[0][:, _compared(layer)]

    def run() -> Any:
        with fastnn.no_grad():
            return net(x).numpy()

    return step if training else run


def torch(layer: str, batch: int, training: bool) -> Callable[[], Any]:
    """``nn.RNN``, ``nn.LSTM``, ``nn.GRU``; the second bias of the first two is zero."""
    import torch

    x, dy = map(torch.from_numpy, _data(batch))
    net = getattr(torch.nn, layer.removeprefix("Simple"))(SIZE, SIZE, batch_first=True)
    kernel, recurrent, bias = _weights(layer)
    biases = bias if layer == "GRU" else [bias, np.zeros_like(bias)]
    order = [1, 0, 2] if layer == "GRU" else list(range(GATES[layer]))  # theirs: r, z, n
    with torch.no_grad():
        for parameter, weight in zip(net.parameters(), [kernel.T, recurrent.T, *biases], strict=True):
            parts = np.split(weight, GATES[layer])
            parameter.copy_(torch.from_numpy(np.concatenate([parts[i] for i in order])))

    def step() -> Any:
        net.zero_grad()
        net(x)[0].backward(dy)
        return net.weight_ih_l0.grad[_compared(layer)].numpy()

    def run() -> Any:
        with torch.inference_mode():
            return net(x)[0].numpy()

    return step if training else run


CONTENDERS = {"torch": torch, "fastnn": fastnn}
ROWS = [
    Row(
        f"{layer} {'training step, batch 64' if training else 'inference, batch 1'}",
        CONTENDERS,
        (layer, 64 if training else 1, training),
        rtol=1e-4,
        atol=2e-3 if training else 1e-5,  # sums of 6,400 terms
    )
    for training in (True, False)
    for layer in GATES
]
