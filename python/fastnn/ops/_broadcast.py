"""What the backward rules of broadcasting ops share."""

from __future__ import annotations

from typing import Any

from fastnn._core import native
from fastnn.autograd import Array


def shape_of(x: Any) -> Any:
    """Return the shape of an array, None of a number or list (which want no gradient)."""
    return getattr(x, "shape", None)


def sum_to_shape(dy: Array, shape: tuple[int, ...]) -> Array:
    """Add up what broadcasting from ``shape`` to the shape of ``dy`` repeated."""
    return dy if dy.shape == shape else native.sum_to(dy, shape)
