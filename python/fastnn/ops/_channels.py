"""What convolutions share: where the channels are, and rules on tensors."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, registry
from fastnn.tensor import Tensor


def channels_come_first(op: str, data_format: str | None) -> bool:
    """Return whether ``data_format`` says so; None stands for "channels_last"."""
    if data_format in (None, "channels_last"):
        return False
    if data_format == "channels_first":
        return True
    raise ValueError(
        f"[{op}] data_format must be 'channels_last' or 'channels_first'; received {data_format!r}"
    )


def channels_last(x: Any) -> Array:
    """Return a view of (batch, channels, ...) as (batch, ..., channels)."""
    x = np.asarray(x)
    return x.transpose((0, *range(2, x.ndim), 1)) if x.ndim > 2 else x


def channels_first(y: Array) -> Array:
    """Return a view of (batch, ..., channels) as (batch, channels, ...); its memory stays as it is, so that
    the next layer need not copy it.
    """
    return y.transpose((0, y.ndim - 1, *range(1, y.ndim - 1)))


def through_activation(activation: str, y: Any, dy: Any) -> Any:
    """Return the gradient before a fused activation, of tensors: from its result and that of the gradient."""
    if activation == "relu":
        return native.where(native.greater(y, 0.0), dy, 0.0)
    if activation == "sigmoid":
        return native.multiply(dy, native.multiply(y, native.subtract(1.0, y)))
    if activation == "tanh":
        return native.multiply(dy, native.subtract(1.0, native.square(y)))
    return dy


def detached_on_tape(x: Any) -> Any:
    """Return a tensor of the same values that gradients can be asked for, itself connected to ``x``."""
    return registry["copy"](x) if isinstance(x, Tensor) and x.requires_grad else Tensor(x, requires_grad=True)
