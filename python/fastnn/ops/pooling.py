"""Pooling: the largest or the mean element of each window of an image."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from .segment_sum import segment_sum

_FORMATS = {None: False, "channels_last": False, "channels_first": True}


def _channels_first(op: str, data_format: Any) -> bool:
    if data_format not in _FORMATS:
        raise ValueError(
            f"[{op}] data_format must be 'channels_last' or 'channels_first'; received {data_format!r}"
        )
    return _FORMATS[data_format]


@differentiable
def max_pool(
    ctx: Node,
    inputs: Any,
    pool_size: int | tuple[int, ...],
    strides: int | tuple[int, ...] | None = None,
    padding: str = "valid",
    data_format: str | None = None,
) -> Array:
    """Take the largest element of each window.

    Parameters
    ----------
    inputs : array_like
        Images of one, two or three dimensions: ``(batch, ..., channels)``, or ``(batch, channels, ...)`` where
        ``data_format`` is "channels_first".
    pool_size : int or tuple of int
        Size of the windows: one number for all dimensions of the image, or one for each.
    strides : int or tuple of int, optional
        Distance between windows; by default the size.
    padding : {"valid", "same"}
        "valid" takes the windows that lie inside the image, "same" one for each stride that the image has.
    data_format : {"channels_last", "channels_first"}, optional
        Where the channels are; last by default.

    Returns
    -------
    ndarray
        As many images, with ``(n - size) // stride + 1`` ("valid") or ``ceil(n / stride)`` ("same") elements
        in a dimension that had ``n``. A window with NaN gives NaN.

    Raises
    ------
    ValueError
        If ``inputs`` has no such dimensions, a window is larger than the image, or a size or stride is not
        positive.

    Notes
    -----
    The gradient goes to the element that was taken, of equals the first (Goodfellow et al., "Deep Learning",
    2016, section 9.3, on pooling).

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> image = np.arange(16.0).reshape(1, 4, 4, 1)
    >>> ops.max_pool(image, 2)[0, :, :, 0]
    array([[ 5.,  7.],
           [13., 15.]])
    """
    first = _channels_first("max_pool", data_format)
    y, positions = native.max_pool_forward(inputs, pool_size, strides, padding, first, bool(ctx.needs))
    if ctx.needs:
        ctx.save(positions=positions, how=(inputs.shape, pool_size, strides, padding, first))
    return y


@max_pool.vjp
def max_pool_vjp(ctx: Node, dy: Array) -> Any:
    return native.max_pool_backward(dy, ctx.positions, *ctx.how)


@max_pool.tensor_vjp
def max_pool_tensor_vjp(ctx: Node, dy: Any) -> Any:
    shape = ctx.how[0]
    return segment_sum(dy.reshape(-1), _sources(ctx.positions, *ctx.how), math.prod(shape)).reshape(shape)


def _sources(
    positions: Array, shape: tuple[int, ...], pool_size: Any, strides: Any, padding: str, first: bool
) -> Array:
    """Return the number of the element that each result is: from its position in the window."""
    axes = range(len(shape))[2:] if first else range(len(shape))[1:-1]
    sizes = np.broadcast_to(pool_size, len(axes))
    steps = sizes if strides is None else np.broadcast_to(strides, len(axes))
    at = list(np.indices(positions.shape))
    for axis, size, step, within in zip(axes, sizes, steps, np.unravel_index(positions, sizes), strict=True):
        padded = (positions.shape[axis] - 1) * step + size - shape[axis] if padding == "same" else 0
        at[axis] = at[axis] * step - max(padded, 0) // 2 + within
    numbers: Array = np.ravel_multi_index(at, shape).ravel()
    return numbers


@differentiable
def average_pool(
    ctx: Node,
    inputs: Any,
    pool_size: int | tuple[int, ...],
    strides: int | tuple[int, ...] | None = None,
    padding: str = "valid",
    data_format: str | None = None,
) -> Array:
    """Take the mean of each window; what padding adds is not counted.

    Parameters
    ----------
    inputs : array_like
        Images of one, two or three dimensions: ``(batch, ..., channels)``, or ``(batch, channels, ...)`` where
        ``data_format`` is "channels_first".
    pool_size : int or tuple of int
        Size of the windows: one number for all dimensions of the image, or one for each.
    strides : int or tuple of int, optional
        Distance between windows; by default the size.
    padding : {"valid", "same"}
        "valid" takes the windows that lie inside the image, "same" one for each stride that the image has.
    data_format : {"channels_last", "channels_first"}, optional
        Where the channels are; last by default.

    Returns
    -------
    ndarray
        Of the shape that `max_pool` gives.

    Raises
    ------
    ValueError
        As `max_pool`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> signal = np.array([[[1.0], [3.0], [5.0]]])
    >>> ops.average_pool(signal, 2, padding="same")[0, :, 0]
    array([2., 5.])
    """
    first = _channels_first("average_pool", data_format)
    if ctx.needs:
        ctx.save(how=(inputs.shape, pool_size, strides, padding, first))
    return native.average_pool_forward(inputs, pool_size, strides, padding, first)


@average_pool.tensor_vjp
@average_pool.vjp
def average_pool_vjp(ctx: Node, dy: Array) -> Any:
    return _average_pool(dy, *ctx.how)


@differentiable
def _average_pool(
    ctx: Node, dy: Any, shape: tuple[int, ...], pool_size: Any, strides: Any, padding: str, first: bool
) -> Array:
    """Give every element its share of the means that it was part of: `average_pool` transposed."""
    ctx.save(how=(pool_size, strides, padding), first=first)
    return native.average_pool_backward(dy, shape, pool_size, strides, padding, first)


@_average_pool.tensor_vjp
@_average_pool.vjp
def _average_pool_vjp(ctx: Node, dx: Array) -> Any:
    return average_pool(dx, *ctx.how, "channels_first" if ctx.first else None)
