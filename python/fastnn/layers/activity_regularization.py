"""A penalty on what passes through."""

from __future__ import annotations

from typing import Any

from fastnn import regularizers
from fastnn.layers.layer import Layer, _registry


@_registry.register()
class ActivityRegularization(Layer):
    """Passes its input on, and adds a penalty on it to the loss, divided by the batch size.

    Parameters
    ----------
    l1, l2 : float
        Factors of the sums of absolute values and of squares.
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layer = layers.ActivityRegularization(l2=0.5)
    >>> y = layer(np.full((2, 3), 2.0))
    >>> [float(loss) for loss in layer.losses]
    [6.0]
    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0, **options: Any) -> None:
        super().__init__(activity_regularizer=regularizers.L1L2(l1, l2), **options)
        self.l1, self.l2 = float(l1), float(l2)
        self.supports_masking = True

    def call(self, x: Any) -> Any:
        """Return the input."""
        return x

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input's shape."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        config = super().get_config()
        del config["activity_regularizer"]
        return {**config, "l1": self.l1, "l2": self.l2}
