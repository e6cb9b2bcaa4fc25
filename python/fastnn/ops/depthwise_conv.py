"""Convolution of each channel by itself."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable, registry
from fastnn.autograd.flow import gradients
from fastnn.tensor import Tensor

from .conv import channels_first


@differentiable
def depthwise_conv(
    ctx: Node,
    inputs: Any,
    kernel: Any,
    strides: Any = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Any = 1,
    bias: Any = None,
    activation: str = "linear",
) -> Array:
    """Convolve each channel by itself, with one or several kernels of its own.

    Parameters
    ----------
    inputs : array_like
        ``(batch, ..., channels)`` with one to three spatial dimensions.
    kernel : array_like
        ``(..., channels, multiplier)`` with as many spatial dimensions.
    strides, dilation_rate : int or tuple of int
        Steps from window to window, and from place to place within one; an integer serves all dimensions.
    padding : {"valid", "same"}
        Windows inside the inputs only, or one per stride with zeros around the inputs, the odd one at the end.
    data_format : {"channels_last", "channels_first"}, optional
        Where ``inputs`` and the result have their channels; last by default.
    bias : array_like, optional
        ``(channels * multiplier,)``.
    activation : {"linear", "relu", "sigmoid", "tanh"}
        Applied to the result while it is in the cache.

    Returns
    -------
    ndarray
        ``(batch, ..., channels * multiplier)``, the kernels of a channel side by side; float64 if any argument
        is, else float32.

    Raises
    ------
    ValueError
        If the shapes do not fit, the kernel reaches further than the inputs, or an option is unknown.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> x = np.array([[[1.0, 1.0], [2.0, 1.0], [4.0, 1.0]]])  # 3 steps, 2 channels
    >>> ops.depthwise_conv(x, np.array([[[-1.0], [2.0]], [[1.0], [3.0]]]))
    array([[[1., 5.],
            [2., 5.]]])
    """
    first = channels_first("depthwise_conv", data_format)
    x = _to_channels_last(inputs) if first else inputs
    y = native.depthwise_conv_forward(x, kernel, bias, strides, padding, dilation_rate, activation)
    if first:
        y = _to_channels_first(y)
    options = (strides, padding, dilation_rate, activation)
    ctx.save(inputs=inputs, kernel=kernel, y=y, first=first, options=options)
    return y


@depthwise_conv.vjp
def depthwise_conv_vjp(ctx: Node, dy: Array) -> tuple[Array | None, ...]:
    needs = (*ctx.needs, *(False,) * 6)
    strides, padding, dilation_rate, activation = ctx.options
    inputs, y = ctx.inputs, ctx.y
    if ctx.first:
        inputs, y, dy = _to_channels_last(inputs), _to_channels_last(y), _to_channels_last(dy)
    dinputs, dkernel, dbias = native.depthwise_conv_backward(
        inputs, ctx.kernel, y, dy, strides, padding, dilation_rate, activation, needs[0], needs[1], needs[6]
    )
    if ctx.first and dinputs is not None:
        dinputs = _to_channels_first(dinputs)
    return (dinputs, dkernel, None, None, None, None, dbias)[: len(ctx.needs)]


@depthwise_conv.tensor_vjp
def depthwise_conv_tensor_vjp(ctx: Node, dy: Any) -> Any:
    needs = (*ctx.needs, *(False,) * 6)
    strides, padding, dilation_rate, activation = ctx.options
    y, dz = ctx.y, dy
    if activation == "relu":
        dz = native.where(native.greater(y, 0.0), dy, 0.0)
    elif activation == "sigmoid":
        dz = native.multiply(dy, native.multiply(y, native.subtract(1.0, y)))
    elif activation == "tanh":
        dz = native.multiply(dy, native.subtract(1.0, native.square(y)))
    # Tensors of their own, so that no gradient flows back on another way.
    inputs, kernel = _detached_on_tape(ctx.inputs), _detached_on_tape(ctx.kernel)
    x = registry["moveaxis"](inputs, 1, -1) if ctx.first else inputs
    z = _by_slices(x, kernel, strides, padding, dilation_rate)
    z = registry["moveaxis"](z, -1, 1) if ctx.first else z
    dinputs, dkernel = gradients(z, [inputs, kernel], dz, create_graph=True)
    dbias = None
    if needs[6]:
        dbias = native.sum(dz, tuple(d for d in range(dz.ndim) if d != (1 if ctx.first else dz.ndim - 1)))
    return (dinputs, dkernel, None, None, None, None, dbias)[: len(ctx.needs)]


def _by_slices(x: Any, kernel: Any, strides: Any, padding: str, dilation_rate: Any) -> Any:
    """Return the same convolution of tensors, made of ops: a product for each place of the kernel."""
    spatial = x.ndim - 2
    steps, gaps = ((v,) * spatial if isinstance(v, int) else tuple(v) for v in (strides, dilation_rate))
    reach = [(k - 1) * gap + 1 for k, gap in zip(kernel.shape, gaps, strict=False)]
    if padding == "same":
        total = [
            max((-(-n // step) - 1) * step + r - n, 0)
            for n, step, r in zip(x.shape[1:-1], steps, reach, strict=True)
        ]
        x = registry["pad"](x, [(0, 0), *((t // 2, t - t // 2) for t in total), (0, 0)])
    ends = [n - r + 1 for n, r in zip(x.shape[1:-1], reach, strict=True)]
    z: Any = 0.0
    for place in product(*map(range, kernel.shape[:spatial])):
        first = [at * gap for at, gap in zip(place, gaps, strict=True)]
        window = [
            slice(start, start + max(end, 0), step)
            for start, end, step in zip(first, ends, steps, strict=True)
        ]
        part = x[(slice(None), *window)]
        z = part.reshape((*part.shape, 1)) * kernel[place] + z
    return z.reshape((*z.shape[:-2], z.shape[-2] * z.shape[-1]))


def _to_channels_last(x: Any) -> Array:
    """Return a view of (batch, channels, ...) as (batch, ..., channels)."""
    x = np.asarray(x)
    return x.transpose((0, *range(2, x.ndim), 1)) if x.ndim > 2 else x


def _to_channels_first(y: Array) -> Array:
    """Return a view of (batch, ..., channels) as (batch, channels, ...); its memory stays as it is, so that
    the next layer need not copy it.
    """
    return y.transpose((0, y.ndim - 1, *range(1, y.ndim - 1)))


def _detached_on_tape(x: Any) -> Any:
    """Return a tensor of the same values that gradients can be asked for, itself connected to ``x``."""
    return registry["copy"](x) if isinstance(x, Tensor) and x.requires_grad else Tensor(x, requires_grad=True)
