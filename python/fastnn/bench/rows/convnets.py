"""Training of convolutional networks: LeNet-5, and 32-64-64 filters of 3x3, with ReLU, max pooling and Adam, batch 128.

A step is one on a batch that stays in memory, the losses of the first five are compared; an epoch is one of MNIST,
shuffled, batches gathered. "torch" keeps its channels first, "torch-last" has them last.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from . import Row
from ._data import Array, mnist

BATCH = 128
# Filters of convolutions by the size of their kernel, units of dense layers.
NETS: dict[str, list[Any]] = {
    "LeNet-5": [(5, 6), "pool", (5, 16), "pool", 120, 84, 10],
    "32-64-64": [(3, 32), "pool", (3, 64), "pool", (3, 64), 64, 10],
}


def _weights(net: str, shape: tuple[int, int, int]) -> list[Array]:
    """Return kernel and bias of every layer, in Keras's shapes: Glorot uniform, and zeros."""
    rng = np.random.default_rng(1)
    arrays = []
    for part in NETS[net]:
        if part == "pool":
            shape = (shape[0] // 2, shape[1] // 2, shape[2])
            continue
        if isinstance(part, tuple):
            size, units = part
            kernel: tuple[int, ...] = (size, size, shape[2], units)
            shape = (shape[0] - size + 1, shape[1] - size + 1, units)
        else:
            kernel = (math.prod(shape), part)
            shape = (1, 1, part)
        limit = np.sqrt(6 / (math.prod(kernel[:-2]) * sum(kernel[-2:])))
        arrays += [rng.uniform(-limit, limit, kernel).astype(np.float32), np.zeros(kernel[-1], np.float32)]
    return arrays


def _data(shape: tuple[int, int, int], images: int) -> tuple[Array, Array]:
    """Return images and labels, of MNIST where the shape is its."""
    if shape == (28, 28, 1):
        x, y = mnist()
        return x[:images].reshape(-1, *shape), y[:images]
    rng = np.random.default_rng(0)
    return rng.random((images, *shape), dtype=np.float32), rng.integers(0, 10, images)


def fastnn(net: str, shape: tuple[int, int, int], images: int) -> Callable[[], float]:
    """``Sequential.fit``, or ``train_on_batch``."""
    from fastnn import layers, models

    x, y = _data(shape, images)
    model = models.Sequential([layers.Input(shape)])
    flat = False
    for part in NETS[net]:
        if part == "pool":
            model.add(layers.MaxPooling2D(2))
        elif isinstance(part, tuple):
            model.add(layers.Conv2D(part[1], part[0], activation="relu"))
        else:
            if not flat:
                model.add(layers.Flatten())
                flat = True
            model.add(layers.Dense(part, activation="softmax" if part == 10 else "relu"))
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    model.set_weights(_weights(net, shape))
    if images == BATCH:
        return lambda: float(model.train_on_batch(x, y))
    return lambda: float(model.fit(x, y, batch_size=BATCH, verbose=0).history["loss"][0])


def _torch(channels_last: bool, net: str, shape: tuple[int, int, int], images: int) -> Callable[[], float]:
    import torch

    form = torch.channels_last if channels_last else torch.contiguous_format
    arrays, y = _data(shape, images)
    x = torch.from_numpy(arrays).permute(0, 3, 1, 2).contiguous(memory_format=form)
    labels = torch.from_numpy(y)
    weights = iter(_weights(net, shape))
    parts: list[torch.nn.Module] = []
    height, width, channels = shape
    flat = False
    for part in NETS[net]:
        if part == "pool":
            parts.append(torch.nn.MaxPool2d(2))
            height, width = height // 2, width // 2
            continue
        kernel, bias = next(weights), next(weights)
        layer: Any
        if isinstance(part, tuple):
            size, units = part
            layer = torch.nn.Conv2d(channels, units, size)
            layer.weight.data = torch.from_numpy(kernel.transpose(3, 2, 0, 1).copy())
            height, width, channels = height - size + 1, width - size + 1, units
        else:
            if not flat:  # PyTorch's lines go through a channel, Keras's through a pixel
                kernel = kernel.reshape(height, width, channels, part).transpose(2, 0, 1, 3)
                parts.append(torch.nn.Flatten())
                flat = True
            kernel = kernel.reshape(-1, part)
            layer = torch.nn.Linear(len(kernel), part)
            layer.weight.data = torch.from_numpy(kernel.T.copy())
        layer.bias.data = torch.from_numpy(bias)
        parts += [layer, torch.nn.ReLU()]
    model = torch.nn.Sequential(*parts[:-1]).to(memory_format=form)
    loss_function = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7, fused=True)

    def step(x: Any, y: Any) -> float:
        optimizer.zero_grad()
        loss = loss_function(model(x), y)
        loss.backward()
        optimizer.step()
        return float(loss.item())

    def epoch() -> float:
        order = torch.randperm(len(x)).split(BATCH)
        return sum(step(x[index], labels[index]) * len(index) for index in order) / len(x)

    return (lambda: step(x, labels)) if images == BATCH else epoch


def torch(net: str, shape: tuple[int, int, int], images: int) -> Callable[[], float]:
    """The usual eager loop."""
    return _torch(False, net, shape, images)


def torch_last(net: str, shape: tuple[int, int, int], images: int) -> Callable[[], float]:
    """The same with ``memory_format=torch.channels_last``."""
    return _torch(True, net, shape, images)


CONTENDERS = {"fastnn": fastnn, "torch": torch, "torch-last": torch_last}
ROWS = [
    Row(f"{net} {'x'.join(map(str, shape))} step", CONTENDERS, (net, shape, BATCH), rtol=1e-3, results=5)
    for net, shape in (("LeNet-5", (28, 28, 1)), ("LeNet-5", (32, 32, 3)), ("32-64-64", (28, 28, 1)))
]
ROWS += [
    Row(f"{net} MNIST epoch", CONTENDERS, (net, (28, 28, 1), 60000), rtol=0.05)
    for net in ("LeNet-5", "32-64-64")
]
