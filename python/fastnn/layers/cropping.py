"""The spatial dimensions without their borders."""

from __future__ import annotations

from typing import Any, ClassVar

from fastnn import ops
from fastnn.layers import windows
from fastnn.layers.layer import Layer, Shape, _registry


class _Cropping(Layer):
    """Cropping1D, Cropping2D and Cropping3D."""

    rank: ClassVar[int]

    def __init__(self, cropping: Any = 1, data_format: str | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.cropping = windows.borders(self, "cropping", cropping, self.rank)
        self.data_format = windows.data_format(self, data_format)

    def call(self, x: Any) -> Any:
        """Compute the output."""
        shape = self.compute_output_shape(x.shape)
        kept = [slice(None)] * len(shape)
        axes = windows.spatial_axes(self.rank, self.data_format)
        for axis, (before, _) in zip(axes, self.cropping, strict=True):
            kept[axis] = slice(before, before + (shape[axis] or 0))
        return ops.get_item(x, tuple(kept))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the input's shape without what is cropped."""
        windows.checked_channels(self, input_shape, self.rank, self.data_format)
        shape = list(input_shape)
        axes = windows.spatial_axes(self.rank, self.data_format)
        for axis, (before, after) in zip(axes, self.cropping, strict=True):
            n = shape[axis]
            if n is not None and n <= before + after:
                raise ValueError(
                    f"cropping={self.cropping} must leave something of axis {axis}, of size {n}; received shape "
                    f"{tuple(input_shape)}"
                )
            shape[axis] = None if n is None else n - before - after
        return tuple(shape)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        cropping: Any = [list(pair) for pair in self.cropping]
        cropping = cropping[0] if self.rank == 1 else cropping
        return {**super().get_config(), "cropping": cropping, "data_format": self.data_format}


@_registry.register()
class Cropping1D(_Cropping):
    """Cuts off the borders of sequences.

    Parameters
    ----------
    cropping : int, or a pair of ints
        How many steps are cut off before and after the sequence.
    data_format : {"channels_last", "channels_first"}, optional
        Where inputs and outputs have their channels.
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.Cropping1D((2, 1))(np.ones((2, 7, 3), "float32")).shape
    (2, 4, 3)
    """

    rank = 1


@_registry.register()
class Cropping2D(_Cropping):
    """Cuts off the borders of images.

    Parameters
    ----------
    cropping : int, 2 of them, or 2 pairs
        How many places are cut off before and after: everywhere, of each dimension, or each by itself.
    data_format : {"channels_last", "channels_first"}, optional
        Where inputs and outputs have their channels.
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.Cropping2D(((1, 0), (2, 1)))(np.ones((2, 8, 9, 3), "float32")).shape
    (2, 7, 6, 3)
    """

    rank = 2

    def __init__(self, cropping: Any = 0, data_format: str | None = None, **options: Any) -> None:
        super().__init__(cropping, data_format, **options)  # Keras's default is to crop nothing, here alone


@_registry.register()
class Cropping3D(_Cropping):
    """Cuts off the borders of volumes.

    Parameters
    ----------
    cropping : int, 3 of them, or 3 pairs
        How many places are cut off before and after: everywhere, of each dimension, or each by itself.
    data_format : {"channels_last", "channels_first"}, optional
        Where inputs and outputs have their channels.
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.Cropping3D((1, 2, 0))(np.ones((1, 5, 6, 7, 2), "float32")).shape
    (1, 3, 2, 7, 2)
    """

    rank = 3
