"""Zeros around the spatial dimensions."""

from __future__ import annotations

from typing import Any, ClassVar

from fastnn import ops
from fastnn.layers import windows
from fastnn.layers.layer import Layer, Shape, _registry


class _ZeroPadding(Layer):
    """ZeroPadding1D, ZeroPadding2D and ZeroPadding3D."""

    rank: ClassVar[int]

    def __init__(self, padding: Any = 1, data_format: str | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.padding = windows.borders(self, "padding", padding, self.rank)
        self.data_format = windows.data_format(self, data_format)

    def call(self, x: Any) -> Any:
        """Compute the output."""
        none = ((0, 0),)
        last = self.data_format == "channels_last"
        return ops.pad(x, (*none, *self.padding, *none) if last else (*none, *none, *self.padding))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the input's shape with the zeros counted."""
        windows.checked_channels(self, input_shape, self.rank, self.data_format)
        shape = list(input_shape)
        axes = windows.spatial_axes(self.rank, self.data_format)
        for axis, (before, after) in zip(axes, self.padding, strict=True):
            n = shape[axis]
            shape[axis] = None if n is None else n + before + after
        return tuple(shape)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        padding: Any = [list(pair) for pair in self.padding]
        padding = padding[0] if self.rank == 1 else padding
        return {**super().get_config(), "padding": padding, "data_format": self.data_format}


@_registry.register()
class ZeroPadding1D(_ZeroPadding):
    """Adds zeros around sequences.

    Parameters
    ----------
    padding : int, or a pair of ints
        How many steps are added before and after the sequence.
    data_format : {"channels_last", "channels_first"}, optional
        Where inputs and outputs have their channels.
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.ZeroPadding1D((2, 1))(np.ones((2, 7, 3), "float32")).shape
    (2, 10, 3)
    """

    rank = 1


@_registry.register()
class ZeroPadding2D(_ZeroPadding):
    """Adds zeros around images.

    Parameters
    ----------
    padding : int, 2 of them, or 2 pairs
        How many places are added before and after: everywhere, of each dimension, or each by itself.
    data_format : {"channels_last", "channels_first"}, optional
        Where inputs and outputs have their channels.
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.ZeroPadding2D(((1, 0), (2, 1)))(np.ones((2, 8, 9, 3), "float32")).shape
    (2, 9, 12, 3)
    """

    rank = 2


@_registry.register()
class ZeroPadding3D(_ZeroPadding):
    """Adds zeros around volumes.

    Parameters
    ----------
    padding : int, 3 of them, or 3 pairs
        How many places are added before and after: everywhere, of each dimension, or each by itself.
    data_format : {"channels_last", "channels_first"}, optional
        Where inputs and outputs have their channels.
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.ZeroPadding3D((1, 2, 0))(np.ones((1, 5, 6, 7, 2), "float32")).shape
    (1, 7, 10, 7, 2)
    """

    rank = 3
