"""Transposed convolution: what carries gradients back through a convolution, as a function of its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable, registry

from ._broadcast import known
from .conv import channels_first

_OP = "conv_transpose"


@differentiable
def conv_transpose(
    ctx: Node,
    inputs: Any,
    kernel: Any,
    strides: Any = 1,
    padding: str = "valid",
    output_padding: Any = None,
    data_format: str | None = None,
    dilation_rate: Any = 1,
) -> Array:
    """Spread each place of the inputs over a window of the result, weighted by the kernel.

    Parameters
    ----------
    inputs : array_like
        ``(batch, ..., channels)`` with one to three spatial dimensions.
    kernel : array_like
        ``(..., filters, channels)`` with as many spatial dimensions.
    strides : int or tuple of int
        How far apart the windows of neighbouring places lie; an integer serves all dimensions.
    padding : {"valid", "same"}
        All that the windows reach, or ``strides`` times the size of the inputs.
    output_padding : int or tuple of int, optional
        How many places more there are at the end.
    data_format : {"channels_last", "channels_first"}, optional
        Where ``inputs`` and the result have their channels; last by default.
    dilation_rate : int or tuple of int
        How far apart the places of one window lie.

    Returns
    -------
    ndarray
        ``(batch, ..., filters)``, or ``(batch, filters, ...)``; float64 if an argument is, else float32.

    Raises
    ------
    ValueError
        If the shapes do not fit, nothing would be left, or an option is unknown.

    Notes
    -----
    It is the gradient of `conv` with respect to its inputs: the sizes are Keras's, which let the cells that
    "same" cuts off lie as the convolution with that padding would have them.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> x = np.array([[[1.0], [10.0]]])  # 2 steps, 1 channel
    >>> ops.conv_transpose(x, np.array([[[1.0]], [[2.0]], [[3.0]]]), strides=2).ravel()
    array([ 1.,  2., 13., 20., 30.])
    """
    first = channels_first(_OP, data_format)
    x, k = np.asarray(inputs), np.asarray(kernel)
    spatial = x.ndim - 2
    if not 1 <= spatial <= 3 or k.ndim != x.ndim:
        raise ValueError(
            f"[{_OP}] inputs must have 1 to 3 spatial dimensions beside batch and channels, and kernel as many "
            f"beside filters and channels; received inputs {x.shape}, kernel {k.shape}"
        )
    sizes, channels = (x.shape[2:], x.shape[1]) if first else (x.shape[1:-1], x.shape[-1])
    if channels != k.shape[-1]:
        raise ValueError(
            f"[{_OP}] inputs must have as many channels as the kernel, kernel.shape[-1]; received {channels} "
            f"channels, kernel {k.shape}"
        )
    steps, gaps = _each("strides", strides, spatial, 1), _each("dilation_rate", dilation_rate, spatial, 1)
    more = (
        (None,) * spatial if output_padding is None else _each("output_padding", output_padding, spatial, 0)
    )
    if padding not in ("valid", "same"):
        raise ValueError(f"[{_OP}] padding must be 'valid' or 'same'; received {padding!r}")
    out, zeros = [], []
    for n, size, step, gap, extra in zip(sizes, k.shape, steps, gaps, more, strict=False):
        total, before = _window(n, (size - 1) * gap + 1, step, padding, extra)
        if n < 1 or size < 1 or total < 1:
            raise ValueError(
                f"[{_OP}] inputs, kernel and result must have places in every spatial dimension; received inputs "
                f"{x.shape}, kernel {k.shape}"
            )
        out.append(total)
        zeros.append((before, (n - 1) * step + (size - 1) * gap + 1 - total - before))
    shape = (len(x), k.shape[-2], *out) if first else (len(x), *out, k.shape[-2])
    y: Array = native.conv_input_gradient(x, k, shape, steps, zeros, gaps, first)
    ctx.save(inputs=inputs, kernel=kernel, moves=(steps, zeros, gaps, first))
    return y


def _each(name: str, value: Any, spatial: int, least: int) -> tuple[int, ...]:
    """Return one integer for every spatial dimension."""
    values = tuple(value) if isinstance(value, (tuple, list)) else (value,) * spatial
    if len(values) != spatial or not all(isinstance(v, int) and least <= v < 2**31 for v in values):
        raise ValueError(
            f"[{_OP}] {name} must be an integer, or {spatial}, one per spatial dimension, of at least {least}; "
            f"received {value!r}"
        )
    return values


def _window(n: int, reach: int, step: int, padding: str, extra: int | None) -> tuple[int, int]:
    """Return how long the result is, and how much of the first window lies in front of it.

    Keras counts what a convolution of the inputs, spread out by zeros, would be padded with: ``total``, of which
    the larger half comes first but never more than the window reaches.
    """
    if padding == "valid":
        return (n - 1) * step + (max(reach, step) if extra is None else reach + extra), 0
    if extra is None:
        size, total = n * step, step + reach - 2
    else:
        size, total = (n - 1) * step + reach % 2 + extra, reach + reach % 2 - 2 + extra
    return size, reach - 1 - min(total // 2 + total % 2, reach - 1)


@conv_transpose.vjp
def conv_transpose_vjp(ctx: Node, dy: Array) -> tuple[Array | None, ...]:
    kernel = np.asarray(ctx.kernel)
    dinputs = dkernel = None
    if ctx.needs[0]:
        dinputs = native.conv_forward(dy, kernel, None, "linear", *ctx.moves)
    if ctx.needs[1]:
        dkernel = native.conv_kernel_gradient(dy, ctx.inputs, kernel.shape, *ctx.moves)
    return (dinputs, dkernel, *(None,) * (len(ctx.needs) - 2))


@conv_transpose.tensor_vjp
def conv_transpose_tensor_vjp(ctx: Node, dy: Any) -> Any:
    inputs, kernel, moves, needs = known(ctx.inputs), known(ctx.kernel), ctx.moves, ctx.needs
    dinputs = registry["_conv"](dy, kernel, "y", None, moves) if needs[0] else None
    dkernel = registry["_conv"](dy, inputs, "kernel", kernel.shape, moves) if needs[1] else None
    return (dinputs, dkernel, *(None,) * (len(needs) - 2))
