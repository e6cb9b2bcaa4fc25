"""Axes in another order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastnn import ops
from fastnn.layers.layer import Layer, Shape, _registry


@_registry.register()
class Permute(Layer):
    """Puts the axes of each sample in another order.

    Parameters
    ----------
    dims : sequence of int
        The axes in their new order, the first axis of a sample being 1.
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.Permute((2, 1))(np.zeros((5, 10, 64))).shape
    (5, 64, 10)
    """

    def __init__(self, dims: Sequence[int], **options: Any) -> None:
        super().__init__(**options)
        self.dims = tuple(dims)
        if sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            raise ValueError(
                f"Permute: dims must hold each axis of a sample, 1 to their number, once; received dims={dims!r}"
            )

    def call(self, x: Any) -> Any:
        """Compute the output."""
        return ops.transpose(x, (0, *self.dims))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the sizes in their new order."""
        if len(input_shape) != len(self.dims) + 1:
            raise ValueError(
                f"inputs must have a batch and {len(self.dims)} more axes, as dims={self.dims} has; "
                f"received shape {input_shape}"
            )
        return (input_shape[0], *(input_shape[axis] for axis in self.dims))

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "dims": self.dims}
