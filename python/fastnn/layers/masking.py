"""Steps that do not count."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn import ops
from fastnn.layers.layer import Layer, _registry
from fastnn.masks import with_mask


@_registry.register()
class Masking(Layer):
    """Masks the steps of a sequence that hold nothing but one value, and makes them 0.

    Parameters
    ----------
    mask_value : float
        A step all of whose features are this does not count for the layers behind.
    name, dtype, input_shape
        See `Layer`.

    Notes
    -----
    Inputs and outputs have shape (batch, steps, ..., features); the output carries a mask (batch, steps, ...).

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> y = layers.Masking(mask_value=-1.0)(np.array([[[5.0, 6.0], [-1.0, -1.0]]]))
    >>> y.numpy()
    array([[[5., 6.],
            [0., 0.]]], dtype=float32)
    >>> y._keras_mask
    array([[ True, False]])
    """

    def __init__(self, mask_value: float = 0.0, **options: Any) -> None:
        super().__init__(**options)
        self.mask_value = mask_value
        self.supports_masking = True

    def call(self, x: Any) -> Any:
        """Compute the output and its mask."""
        counts = self.compute_mask(x)
        return with_mask(ops.where(counts[..., np.newaxis], x, 0.0), counts)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return where a step holds another value."""
        return np.any(np.asarray(inputs) != self.mask_value, axis=-1)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input's shape."""
        if len(input_shape) < 2:
            raise ValueError(f"inputs must have shape (batch, ..., features); received {input_shape}")
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "mask_value": self.mask_value}
