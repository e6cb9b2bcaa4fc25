"""Samples of any shape as vectors."""

from __future__ import annotations

import math
from typing import Any

from fastnn import ops
from fastnn.layers.layer import Layer, Shape, _registry


@_registry.register()
class Flatten(Layer):
    """Flattens each sample: (batch, a, b, ...) becomes (batch, a * b * ...).

    Parameters
    ----------
    data_format : {"channels_last", "channels_first"}, optional
        With "channels_first" the first axis of a sample is moved behind the others before flattening, so
        that the order of the values does not depend on where the channels are.
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.Flatten()(np.zeros((2, 28, 28))).shape
    (2, 784)
    """

    def __init__(self, data_format: str | None = None, **options: Any) -> None:
        super().__init__(**options)
        if data_format not in (None, "channels_last", "channels_first"):
            raise ValueError(
                "Flatten: data_format must be 'channels_last' or 'channels_first'; "
                f"received data_format={data_format!r}"
            )
        self.data_format = data_format or "channels_last"

    def call(self, x: Any) -> Any:
        """Compute the output."""
        if self.data_format == "channels_first" and x.ndim > 2:
            x = ops.transpose(x, (0, *range(2, x.ndim), 1))
        return ops.reshape(x, (x.shape[0], math.prod(x.shape[1:])))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return (batch, product of the other sizes)."""
        sizes = input_shape[1:]
        return (input_shape[0], None if None in sizes else math.prod(s for s in sizes if s is not None))

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "data_format": self.data_format}
