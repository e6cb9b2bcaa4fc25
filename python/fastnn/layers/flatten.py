"""Samples of any shape as vectors."""

from __future__ import annotations

import math
from typing import Any

from fastnn import ops
from fastnn.layers.layer import Layer, Shape, _registry


@_registry.register()
class Flatten(Layer):
    """Flattens each sample: (batch, a, b, ...) becomes (batch, a * b * ...).

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.Flatten()(np.zeros((2, 28, 28))).shape
    (2, 784)
    """

    def call(self, x: Any) -> Any:
        """Compute the output."""
        return ops.reshape(x, (x.shape[0], math.prod(x.shape[1:])))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return (batch, product of the other sizes)."""
        sizes = input_shape[1:]
        return (input_shape[0], None if None in sizes else math.prod(s for s in sizes if s is not None))
