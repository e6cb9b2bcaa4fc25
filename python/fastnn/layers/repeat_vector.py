"""A vector as a sequence."""

from __future__ import annotations

from typing import Any

from fastnn import ops
from fastnn.layers.layer import Layer, Shape, _registry


@_registry.register()
class RepeatVector(Layer):
    """Repeats vectors: (batch, features) becomes (batch, n, features).

    Parameters
    ----------
    n : int
        How often, positive.
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.RepeatVector(3)(np.array([[1.0, 2.0]]))
    array([[[1., 2.],
            [1., 2.],
            [1., 2.]]], dtype=float32)
    """

    def __init__(self, n: int, **options: Any) -> None:
        super().__init__(**options)
        if not isinstance(n, int) or isinstance(n, bool) or n <= 0:
            raise ValueError(f"RepeatVector: n must be a positive integer; received n={n!r}")
        self.n = n

    def call(self, x: Any) -> Any:
        """Compute the output."""
        self.compute_output_shape(x.shape)
        return ops.repeat(ops.expand_dims(x, 1), self.n, 1)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return (batch, n, features)."""
        if len(input_shape) != 2:
            raise ValueError(f"inputs must have shape (batch, features); received {input_shape}")
        return (input_shape[0], self.n, input_shape[1])

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "n": self.n}
