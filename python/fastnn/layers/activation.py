"""An activation function as a layer."""

from __future__ import annotations

from typing import Any

from fastnn import activations
from fastnn.layers.layer import Layer, _registry


@_registry.register()
class Activation(Layer):
    """Applies an activation function.

    Parameters
    ----------
    activation : str or callable
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.Activation("relu")(np.array([-1.0, 2.0]))
    array([0., 2.], dtype=float32)
    """

    def __init__(self, activation: Any, **options: Any) -> None:
        super().__init__(**options)
        self.activation = activations.get(activation)
        self.supports_masking = True

    def call(self, x: Any) -> Any:
        """Compute the output."""
        return self.activation(x)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input's shape."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "activation": activations.serialize(self.activation)}
