"""Inputs on another scale."""

from __future__ import annotations

from typing import Any

from fastnn import ops
from fastnn.layers.layer import Layer, _registry


@_registry.register()
class Rescaling(Layer):
    """Computes ``x * scale + offset``: for example images from 0 ... 255 to 0 ... 1 with ``scale=1 / 255``.

    Parameters
    ----------
    scale : float
    offset : float, default 0
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.Rescaling(1 / 128, offset=-1)(np.array([0, 128, 192], np.uint8))
    array([-1. ,  0. ,  0.5], dtype=float32)
    """

    def __init__(self, scale: float, offset: float = 0.0, **options: Any) -> None:
        super().__init__(**options)
        self.scale = float(scale)
        self.offset = float(offset)

    def call(self, x: Any) -> Any:
        """Compute the output."""
        return ops.add(ops.multiply(x, self.scale), self.offset)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input's shape."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "scale": self.scale, "offset": self.offset}
