"""Larger images from smaller ones, without weights."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from fastnn import ops
from fastnn.layers import windows
from fastnn.layers.layer import Layer, Shape, _registry


class _UpSampling(Layer):
    """UpSampling1D, UpSampling2D and UpSampling3D."""

    rank: ClassVar[int]
    interpolation = "nearest"

    def __init__(self, size: Any = 2, data_format: str | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.size = windows.sizes(self, "size", size, self.rank)
        self.data_format = windows.data_format(self, data_format)

    def call(self, x: Any) -> Any:
        """Compute the output."""
        axes = windows.spatial_axes(self.rank, self.data_format)
        for axis, factor in zip(axes, self.size, strict=True):
            if factor > 1:
                x = (
                    ops.repeat(x, factor, axis)
                    if self.interpolation == "nearest"
                    else _between(x, factor, axis)
                )
        return x

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the input's shape, its spatial dimensions multiplied."""
        windows.checked_channels(self, input_shape, self.rank, self.data_format)
        shape = list(input_shape)
        axes = windows.spatial_axes(self.rank, self.data_format)
        for axis, factor in zip(axes, self.size, strict=True):
            n = shape[axis]
            shape[axis] = None if n is None else n * factor
        return tuple(shape)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "size": list(self.size), "data_format": self.data_format}


def _between(x: Any, factor: int, axis: int) -> Any:
    """Interpolate linearly; places are the middles of pixels, and beyond the outermost nothing changes."""
    n = x.shape[axis]
    at = np.clip((np.arange(n * factor) + 0.5) / factor - 0.5, 0, max(n - 1, 0))
    low = np.floor(at).astype(int)
    share = (at - low).astype(x.dtype).reshape((-1, *(1,) * (x.ndim - 1 - axis)))
    below, above = ops.take(x, low, axis), ops.take(x, np.minimum(low + 1, max(n - 1, 0)), axis)
    return below + (above - below) * share


@_registry.register()
class UpSampling1D(_UpSampling):
    """Repeats each step of a sequence.

    Parameters
    ----------
    size : int
        How often.
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.UpSampling1D(3)(np.ones((2, 4, 5), "float32")).shape
    (2, 12, 5)
    """

    rank = 1

    def __init__(self, size: int = 2, **options: Any) -> None:
        super().__init__(size, **options)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        config = {**super().get_config(), "size": self.size[0]}
        del config["data_format"]  # which Keras does not have here
        return config


@_registry.register()
class UpSampling2D(_UpSampling):
    """Enlarges images by whole factors.

    Parameters
    ----------
    size : int or tuple of 2 ints
        Factors of height and width.
    data_format : {"channels_last", "channels_first"}, optional
        Where inputs and outputs have their channels.
    interpolation : {"nearest", "bilinear"}
        Repeat each pixel, or go from each to the next in straight lines.
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> x = np.array([[[[0.0], [1.0]]]], "float32")
    >>> np.asarray(layers.UpSampling2D((1, 2), interpolation="bilinear")(x)).ravel()
    array([0.  , 0.25, 0.75, 1.  ], dtype=float32)
    """

    rank = 2

    def __init__(
        self, size: Any = 2, data_format: str | None = None, interpolation: str = "nearest", **options: Any
    ) -> None:
        super().__init__(size, data_format, **options)
        self.interpolation = windows.one_of(self, "interpolation", interpolation, "nearest", "bilinear")

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "interpolation": self.interpolation}


@_registry.register()
class UpSampling3D(_UpSampling):
    """Repeats the places of volumes.

    Parameters
    ----------
    size : int or tuple of 3 ints
        How often, in each dimension.
    data_format : {"channels_last", "channels_first"}, optional
        Where inputs and outputs have their channels.
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.UpSampling3D((1, 2, 3))(np.ones((1, 2, 2, 2, 3), "float32")).shape
    (1, 2, 4, 6, 3)
    """

    rank = 3
