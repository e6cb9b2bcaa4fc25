"""The digits and the weights that contenders share."""

from __future__ import annotations

import gzip
import os
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def _idx(name: str, header: int) -> Array | None:
    """Return the bytes of an MNIST file from FASTNN_DATA_HOME, raw or gzip, without its header."""
    raw = Path(os.environ.get("FASTNN_DATA_HOME", "")) / "mnist" / name
    packed = raw.with_name(name + ".gz")
    if raw.exists():
        return np.fromfile(raw, np.uint8, offset=header)
    if packed.exists():
        return np.frombuffer(gzip.decompress(packed.read_bytes()), np.uint8, offset=header)
    return None


def mnist() -> tuple[Array, Array]:
    """Return the training images as float32 (60000, 784) in [0, 1] and the labels as int64 (60000,).

    Where the files are missing: ten random images with noise, which train the same way at the same cost.
    """
    images, labels = _idx("train-images-idx3-ubyte", 16), _idx("train-labels-idx1-ubyte", 8)
    if images is not None and labels is not None:
        x = images.reshape(60000, 784).astype(np.float32)
        x /= 255
        return x, labels.astype(np.int64)
    rng = np.random.default_rng(0)
    y = rng.integers(0, 10, 60000)
    x = rng.random((60000, 784), dtype=np.float32)
    x += rng.random((10, 784), dtype=np.float32)[y]
    x /= 2
    return x, y


def weights(*sizes: int) -> list[Array]:
    """Return kernel and bias of every dense layer between ``sizes``: Glorot uniform, and zeros."""
    rng = np.random.default_rng(1)
    arrays = []
    for rows, columns in pairwise(sizes):
        limit = np.sqrt(6 / (rows + columns))
        arrays.append(rng.uniform(-limit, limit, (rows, columns)).astype(np.float32))
        arrays.append(np.zeros(columns, np.float32))
    return arrays


def torch_net(*sizes: int) -> Any:
    """Return the PyTorch net of dense layers with ReLU between them, from `weights` to logits."""
    import torch

    layers: list[torch.nn.Module] = []
    arrays = iter(weights(*sizes))
    for rows, columns in pairwise(sizes):
        linear = torch.nn.Linear(rows, columns)
        linear.weight.data = torch.from_numpy(next(arrays).T.copy())
        linear.bias.data = torch.from_numpy(next(arrays))
        layers += [linear, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def jax_logits(params: Any, x: Any) -> Any:
    """Return the logits of the same net in JAX."""
    import jax

    for kernel, bias in zip(params[:-2:2], params[1:-2:2], strict=True):
        x = jax.nn.relu(x @ kernel + bias)
    return x @ params[-2] + params[-1]
