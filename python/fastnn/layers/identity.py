"""A layer that does nothing."""

from __future__ import annotations

from typing import Any

from fastnn.layers.layer import Layer, _registry


@_registry.register()
class Identity(Layer):
    """Returns its input, whatever structure it has.

    Parameters
    ----------
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.Identity()(np.array([1.0, 2.0]))
    array([1., 2.], dtype=float32)
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.supports_masking = True

    def call(self, x: Any) -> Any:
        """Return the input."""
        return x

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input's shape."""
        return input_shape
