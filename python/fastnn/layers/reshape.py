"""Samples in another shape."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from fastnn import ops
from fastnn.layers.layer import Layer, Shape, _registry


@_registry.register()
class Reshape(Layer):
    """Gives each sample another shape, the values in the same order.

    Parameters
    ----------
    target_shape : tuple of int
        Shape of a sample; one size may be -1, which is what is left.
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.Reshape((2, -1))(np.zeros((5, 12))).shape
    (5, 2, 6)
    """

    def __init__(self, target_shape: Iterable[int], **options: Any) -> None:
        super().__init__(**options)
        self.target_shape = tuple(target_shape)
        sizes = self.target_shape
        if sizes.count(-1) > 1 or not all(isinstance(s, int) and s >= -1 for s in sizes):
            raise ValueError(
                "Reshape: target_shape must hold sizes, at most one of them -1; "
                f"received target_shape={target_shape!r}"
            )

    def call(self, x: Any) -> Any:
        """Compute the output."""
        return ops.reshape(x, (x.shape[0], *self.target_shape))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return (batch, *target_shape), -1 replaced where it is known."""
        target = self.target_shape
        if any(s is None for s in input_shape[1:]):
            return (input_shape[0], *(None if s == -1 else s for s in target))
        size = math.prod(s for s in input_shape[1:] if s is not None)
        known = math.prod(s for s in target if s != -1)
        if (size % known if known else size) if -1 in target else size != known:
            raise ValueError(
                f"a sample of shape {tuple(input_shape[1:])} cannot take the shape {target}: "
                f"it has {size} values"
            )
        return (input_shape[0], *(size // known if s == -1 and known else s for s in target))

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "target_shape": list(self.target_shape)}
