"""Convolution."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from ._broadcast import known


def channels_first(op: str, data_format: str | None) -> bool:
    """Return whether a data format, by default "channels_last", is "channels_first"."""
    if data_format not in (None, "channels_last", "channels_first"):
        raise ValueError(
            f"[{op}] data_format must be 'channels_last' or 'channels_first'; received {data_format!r}"
        )
    return data_format == "channels_first"


def fold_normalization(
    kernel: Any,
    bias: Any,
    mean: Any,
    variance: Any,
    gamma: Any = None,
    beta: Any = None,
    epsilon: float = 1e-3,
) -> tuple[Array, Array]:
    """Fold a batch normalization that follows a convolution or dense layer into that one's kernel and bias.

    Parameters
    ----------
    kernel : array_like
        ``(..., filters)``.
    bias, gamma, beta : array_like or None
        ``(filters,)``; without them 0, 1 and 0.
    mean, variance : array_like
        The moving statistics, ``(filters,)``.
    epsilon : float
        What the layer adds to the variance.

    Returns
    -------
    kernel, bias : ndarray
        With which the convolution gives what the normalization made of its results at inference.

    Examples
    --------
    >>> from fastnn.ops.conv import fold_normalization
    >>> fold_normalization([[2.0]], [1.0], mean=[3.0], variance=[4.0], gamma=[6.0], epsilon=0.0)
    (array([[6.]]), array([-6.]))
    """
    scale = (1.0 if gamma is None else np.asarray(gamma)) / np.sqrt(np.asarray(variance) + epsilon)
    shift = (0.0 if bias is None else np.asarray(bias)) - np.asarray(mean)
    return np.asarray(kernel) * scale, shift * scale + (0.0 if beta is None else np.asarray(beta))


@differentiable
def conv(
    ctx: Node,
    inputs: Any,
    kernel: Any,
    strides: Any = 1,
    padding: Any = "valid",
    data_format: str | None = None,
    dilation_rate: Any = 1,
    bias: Any = None,
    activation: str = "linear",
) -> Array:
    """Convolve in one, two or three spatial dimensions: ``activation(inputs * kernel + bias)``.

    As everywhere in neural networks the kernel is not flipped, which mathematics calls a correlation.

    Parameters
    ----------
    inputs : array_like
        ``(batch, ..., channels)``, or ``(batch, channels, ...)`` with ``data_format="channels_first"``, with 1 to 3
        spatial dimensions at the dots.
    kernel : array_like
        ``(..., channels / groups, filters)``: of fewer channels than the inputs, the latter and the filters fall into
        groups that do not mix.
    strides, dilation_rate : int or tuple of int
        Steps between outputs, and between the inputs under one kernel; one value per spatial dimension, or for all.
    padding : {"valid", "same"} or sequence of pairs of int
        Zeros around the inputs: none; as many as give ``ceil(size / stride)`` outputs, the odd one at the end; or
        their numbers before and after each spatial dimension.
    data_format : {"channels_last", "channels_first"}, optional
    bias : array_like, optional
        ``(filters,)``.
    activation : {"linear", "relu", "sigmoid", "tanh"}
        Applied to the results before they leave the cache.

    Returns
    -------
    ndarray
        As ``inputs``, with filters for channels, and ``(size + padding - reach) // stride + 1`` places along each
        spatial dimension, where ``reach`` is ``(kernel size - 1) * dilation + 1``. float64 if any argument is, else
        float32.

    Raises
    ------
    ValueError
        If the kernel is larger than the padded inputs, channels or filters do not fit or do not fall into groups, a
        stride or dilation is less than 1, or a name is unknown.

    Notes
    -----
    No matrix of patches is written: the kernel of the matmul reads the images where they lie. With ``dz`` the gradient
    before the activation, the gradient of the inputs is ``dz`` convolved with the flipped kernel, that of the kernel
    the inputs convolved with ``dz``. The result has the same bits at any number of threads.

    Examples
    --------
    Where a line gets brighter:

    >>> import numpy as np
    >>> from fastnn import ops
    >>> line = np.array([0.0, 0.0, 1.0, 1.0, 3.0]).reshape(1, 5, 1)
    >>> ops.conv(line, np.array([-1.0, 1.0]).reshape(2, 1, 1)).ravel()
    array([0., 1., 0., 2.])
    """
    moves = (strides, padding, dilation_rate, channels_first("conv", data_format))
    y = native.conv_forward(inputs, kernel, bias, activation, *moves)
    ctx.save(inputs=inputs, kernel=kernel, y=y, activation=activation, moves=moves)
    return y


@conv.vjp
def conv_vjp(ctx: Node, dy: Array) -> Any:
    needs = ctx.needs
    wanted = needs[0], needs[1], len(needs) > 6 and needs[6]
    arguments = (ctx.inputs, ctx.kernel, ctx.y, dy, ctx.activation, *ctx.moves, *wanted)
    dx, dkernel, dbias = native.conv_backward(*arguments)
    return dx, dkernel, None, None, None, None, dbias


@conv.tensor_vjp
def conv_tensor_vjp(ctx: Node, dy: Array) -> Any:
    x, kernel, y, needs = known(ctx.inputs), known(ctx.kernel), ctx.y, ctx.needs
    if ctx.activation == "relu":
        dy = native.where(native.greater(y, 0.0), dy, 0.0)
    elif ctx.activation == "sigmoid":
        dy = native.multiply(dy, native.multiply(y, native.subtract(1.0, y)))
    elif ctx.activation == "tanh":
        dy = native.multiply(dy, native.subtract(1.0, native.square(y)))
    dx = _conv(dy, kernel, "inputs", x.shape, ctx.moves) if needs[0] else None
    dkernel = _conv(x, dy, "kernel", kernel.shape, ctx.moves) if needs[1] else None
    dbias = None
    if len(needs) > 6 and needs[6]:
        channel = 1 if ctx.moves[-1] else dy.ndim - 1
        dbias = native.sum(dy, tuple([i for i in range(dy.ndim) if i != channel]))
    return dx, dkernel, None, None, None, None, dbias


@differentiable
def _conv(ctx: Node, a: Any, b: Any, which: str, shape: Any, moves: Any) -> Array:
    """Convolve, or give one of the gradients of that, each of which is linear in both of its arguments.

    ``which`` is "y" for inputs and kernel; "inputs", of ``shape``, for dy and kernel; or "kernel" for inputs and dy.
    """
    ctx.save(a=a, b=b, which=which, moves=moves)
    if which == "inputs":
        return native.conv_input_gradient(a, b, shape, *moves)
    if which == "kernel":
        return native.conv_kernel_gradient(a, b, shape, *moves)
    return native.conv_forward(a, b, None, "linear", *moves)


# What the gradients of the first and the second argument are, and which of their places dy takes.
_GRADIENTS = {"y": ("inputs", "kernel"), "inputs": ("y", "kernel"), "kernel": ("inputs", "y")}


@_conv.tensor_vjp
@_conv.vjp
def _conv_vjp(ctx: Node, dy: Array) -> Any:
    a, b, moves = known(ctx.a), known(ctx.b), ctx.moves
    first, second = _GRADIENTS[ctx.which]
    da = db = None
    if ctx.needs[0]:  # of inputs, dy or kernel in the first place
        da = (
            _conv(dy, b, first, a.shape, moves)
            if ctx.which != "kernel"
            else _conv(b, dy, first, a.shape, moves)
        )
    if ctx.needs[1]:
        db = (
            _conv(a, dy, second, b.shape, moves)
            if ctx.which != "inputs"
            else _conv(dy, a, second, b.shape, moves)
        )
    return da, db
