"""Convolutions 3x3 at the sizes of networks: forward, and the gradients of inputs and kernel, batch 32.

PyTorch has the better of its memory formats, "torch" being channels last and "torch-first" channels first; JAX has
channels last. "growth" rows show how time goes with the batch and the channels.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import Row

PARTS = ("forward", "input gradient", "kernel gradient")


def _operands(batch: int, size: int, channels: int) -> tuple[Any, Any, Any]:
    """Return images, kernel and the gradient of the result, of whole numbers: their sums are exact."""
    rng = np.random.default_rng(0)
    shapes = (batch, size, size, channels), (3, 3, channels, channels), (batch, size, size, channels)
    x, kernel, dy = (rng.integers(-2, 3, shape).astype("float32") for shape in shapes)
    return x, kernel, dy


def fastnn(part: str, *sizes: int) -> Callable[[], Any]:
    """What ``ops.conv`` and its rule call."""
    from fastnn import ops
    from fastnn._core import native

    x, kernel, dy = _operands(*sizes)
    moves = (1, "same", 1, False)
    if part == "forward":
        return lambda: ops.conv(x, kernel, padding="same")
    if part == "input gradient":
        return lambda: native.conv_input_gradient(dy, kernel, x.shape, *moves)
    return lambda: native.conv_kernel_gradient(x, dy, kernel.shape, *moves)


def _torch(channels_last: bool, part: str, sizes: Any) -> Callable[[], Any]:
    import torch

    def memory(array: Any, *order: int) -> Any:
        tensor = torch.from_numpy(array).permute(order)
        return tensor.contiguous(
            memory_format=torch.channels_last if channels_last else torch.contiguous_format
        )

    x, kernel, dy = _operands(*sizes)
    x, kernel, dy = memory(x, 0, 3, 1, 2), memory(kernel, 3, 2, 0, 1), memory(dy, 0, 3, 1, 2)
    if part == "forward":
        return lambda: torch.conv2d(x, kernel, padding=1).permute(0, 2, 3, 1)

    def gradient() -> Any:
        wanted = [part == "input gradient", part == "kernel gradient", False]
        moves = ([1, 1], [1, 1], [1, 1], False, [0, 0], 1)
        dx, dkernel, _ = torch.ops.aten.convolution_backward(dy, x, kernel, None, *moves, wanted)
        return dx.permute(0, 2, 3, 1) if dx is not None else dkernel.permute(2, 3, 1, 0)

    return gradient


def torch(part: str, *sizes: int) -> Callable[[], Any]:
    """OneDNN on channels last."""
    return _torch(True, part, sizes)


def torch_first(part: str, *sizes: int) -> Callable[[], Any]:
    """OneDNN on channels first."""
    return _torch(False, part, sizes)


def jax(part: str, *sizes: int) -> Callable[[], Any]:
    """The jitted convolution, and its transposes."""
    import jax

    x, kernel, dy = map(jax.device_put, _operands(*sizes))

    def conv(x: Any, kernel: Any) -> Any:
        return jax.lax.conv_general_dilated(
            x, kernel, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")
        )

    if part == "forward":
        run, arguments = jax.jit(conv), (x, kernel)
    elif part == "input gradient":
        run = jax.jit(lambda dy, kernel: jax.vjp(lambda x: conv(x, kernel), x)[1](dy)[0])
        arguments = dy, kernel
    else:
        run = jax.jit(lambda x, dy: jax.vjp(lambda kernel: conv(x, kernel), kernel)[1](dy)[0])
        arguments = x, dy
    return lambda: run(*arguments).block_until_ready()


CONTENDERS = {"fastnn": fastnn, "torch": torch, "torch-first": torch_first, "jax": jax}
ROWS = [
    Row(f"3x3 {channels} channels {size}x{size} {part}", CONTENDERS, (part, 32, size, channels))
    for size in (14, 28)
    for channels in (64, 128, 256)
    for part in PARTS
]
GROWTH = [(batch, 14, 64) for batch in (1, 4, 16, 64, 256)] + [(16, 14, n) for n in (8, 16, 32, 128, 512)]
ROWS += [
    Row(f"growth {batch} images {channels} channels {part}", CONTENDERS, (part, batch, size, channels))
    for batch, size, channels in GROWTH
    for part in PARTS
]
