"""3x3 convolutions of each channel by itself, as in MobileNets: forward, and both gradients.

Channels lie last in memory for fastnn, and for PyTorch's ``channels_last`` format too, which is its faster one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import Row

# batch, height and width, channels, stride
SIZES = ((32, 28, 64, 1), (32, 14, 256, 1), (8, 56, 128, 1), (32, 14, 256, 2), (32, 7, 512, 1))


def _arrays(batch: int, size: int, channels: int, stride: int) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((batch, size, size, channels), np.float32)
    kernel = rng.standard_normal((3, 3, channels, 1), np.float32)
    out = -(-size // stride)
    return x, kernel, rng.standard_normal((batch, out, out, channels), np.float32)


def fastnn(sizes: tuple[int, ...], backward: bool) -> Callable[[], Any]:
    """``ops.depthwise_conv``, padded by zeros as PyTorch does it, and its gradient."""
    import fastnn
    from fastnn import ops
    from fastnn.autograd import gradients

    x, kernel, dy = _arrays(*sizes)
    stride = sizes[-1]
    if stride > 1:  # PyTorch puts the odd cell of zeros in front
        x = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    padding = "valid" if stride > 1 else "same"
    if not backward:
        return lambda: ops.depthwise_conv(x, kernel, stride, padding)
    x, kernel = (fastnn.Tensor(a, requires_grad=True) for a in (x, kernel))
    y = ops.depthwise_conv(x, kernel, stride, padding)

    def back() -> Any:
        _, dkernel = gradients(y, [x, kernel], dy, retain_graph=True)
        return dkernel

    return back


def torch(sizes: tuple[int, ...], backward: bool) -> Callable[[], Any]:
    """``conv2d`` with as many groups as channels."""
    import torch

    x, kernel, dy = (torch.from_numpy(a) for a in _arrays(*sizes))
    x, dy = (a.permute(0, 3, 1, 2) for a in (x, dy))  # whose memory is channels_last
    kernel = kernel.permute(2, 3, 0, 1).contiguous()

    def forward() -> Any:
        return torch.nn.functional.conv2d(x, kernel, stride=sizes[-1], padding=1, groups=sizes[2])

    if not backward:
        return lambda: forward().permute(0, 2, 3, 1)
    x.requires_grad_()
    kernel.requires_grad_()
    y = forward()

    def back() -> Any:
        _, dkernel = torch.autograd.grad(y, [x, kernel], dy, retain_graph=True)
        return dkernel.permute(2, 3, 0, 1)

    return back


ROWS = [
    Row(
        f"{'gradients' if backward else 'forward'} {batch} x {size} x {size} x {channels}, stride {stride}",
        {"fastnn": fastnn, "torch": torch},
        ((batch, size, channels, stride), backward),
        atol=5e-3 if backward else 1e-4,  # sums of up to 25,000 terms
    )
    for batch, size, channels, stride in SIZES
    for backward in (False, True)
]
