"""What normalisations share: the gradient on tensors, and axes."""

from __future__ import annotations

from typing import Any

from fastnn._core import native


def normalized_vjp(
    x: Any, dy: Any, scale: Any, shape: tuple[int, ...], by_sample: bool, epsilon: float, centred: bool = True
) -> tuple[Any, Any, Any]:
    """Return the gradients of x, scale and offset, by operations that have gradients themselves.

    ``shape`` is that of x with its groups: (segments, rows, groups, channels of a group, inner).
    """
    axes = (1, 3, 4) if by_sample else (0, 1, 3, 4)
    channels = (1, 1, *shape[2:4], 1)
    up, values = dy.reshape(shape), x.reshape(shape)
    if centred:
        values = native.subtract(values, native.mean(values, axes, keepdims=True))
    variance = native.mean(native.square(values), axes, keepdims=True)
    inverse = native.reciprocal(native.sqrt(native.add(variance, epsilon)))
    normal = native.multiply(values, inverse)
    dscale = native.sum(native.multiply(up, normal), (0, 1, 4)).reshape(-1)
    doffset = native.sum(up, (0, 1, 4)).reshape(-1)
    if scale is not None:
        up = native.multiply(up, scale.reshape(channels))
    product = native.mean(native.multiply(up, normal), axes, keepdims=True)
    dx = native.subtract(up, native.multiply(normal, product))
    if centred:
        dx = native.subtract(dx, native.mean(up, axes, keepdims=True))
    return native.multiply(dx, inverse).reshape(x.shape), dscale, doffset


def checked_axes(op: str, axis: Any, ndim: int) -> list[int]:
    """Return axes counted from the front, in order."""
    axes = list(axis) if isinstance(axis, (list, tuple)) else [axis]
    if not axes or any(not -ndim <= a < ndim for a in axes):
        raise ValueError(f"[{op}] axis must lie in [{-ndim}, {ndim}); received {axis}")
    axes = sorted(a % ndim for a in axes)
    if len(set(axes)) != len(axes):
        raise ValueError(f"[{op}] axis must not name a dimension twice; received {axis}")
    return axes
