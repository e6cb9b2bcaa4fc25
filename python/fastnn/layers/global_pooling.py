"""The largest or the mean element of whole images."""

from __future__ import annotations

from typing import Any

from fastnn import ops
from fastnn.layers.layer import Layer, Shape, _registry
from fastnn.layers.pooling import checked_data_format, image_axes


class _GlobalPooling(Layer):
    """Takes images of ``_dimensions`` dimensions as one window."""

    _dimensions = 2

    def __init__(self, data_format: str | None = None, keepdims: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.data_format = checked_data_format(self, data_format)
        self.keepdims = keepdims

    def _axes(self, shape: Shape) -> tuple[int, ...]:
        return tuple(image_axes(shape, self._dimensions, self.data_format))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return (batch, channels), with ones for the image where dimensions are kept."""
        axes = self._axes(input_shape)
        if self.keepdims:
            return tuple(1 if axis in axes else n for axis, n in enumerate(input_shape))
        return tuple(n for axis, n in enumerate(input_shape) if axis not in axes)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "data_format": self.data_format, "keepdims": self.keepdims}


class _GlobalMaxPooling(_GlobalPooling):
    def call(self, x: Any) -> Any:
        """Compute the output."""
        return ops.max(x, self._axes(x.shape), keepdims=self.keepdims)


class _GlobalAveragePooling(_GlobalPooling):
    def call(self, x: Any) -> Any:
        """Compute the output."""
        return ops.mean(x, self._axes(x.shape), keepdims=self.keepdims)


@_registry.register("GlobalMaxPool1D")
class GlobalMaxPooling1D(_GlobalMaxPooling):
    """The largest of all steps, for each channel.

    Parameters
    ----------
    data_format : {"channels_last", "channels_first"}, optional
        Inputs are (batch, steps, channels) or (batch, channels, steps).
    keepdims : bool, default False
        Whether the dimensions that are pooled stay, with size 1.
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.GlobalMaxPooling1D()(np.zeros((8, 10, 3))).shape
    (8, 3)
    """

    _dimensions = 1


@_registry.register("GlobalMaxPool2D")
class GlobalMaxPooling2D(_GlobalMaxPooling):
    """The largest of an image, for each channel.

    Parameters
    ----------
    data_format : {"channels_last", "channels_first"}, optional
        Inputs are (batch, height, width, channels) or (batch, channels, height, width).
    keepdims : bool, default False
        Whether the dimensions that are pooled stay, with size 1.
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.GlobalMaxPooling2D()(np.zeros((8, 28, 28, 3))).shape
    (8, 3)
    """


@_registry.register("GlobalMaxPool3D")
class GlobalMaxPooling3D(_GlobalMaxPooling):
    """The largest of a volume, for each channel.

    Parameters
    ----------
    data_format : {"channels_last", "channels_first"}, optional
        Inputs are (batch, depth, height, width, channels) or (batch, channels, depth, height, width).
    keepdims : bool, default False
        Whether the dimensions that are pooled stay, with size 1.
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.GlobalMaxPooling3D()(np.zeros((8, 4, 6, 6, 3))).shape
    (8, 3)
    """

    _dimensions = 3


@_registry.register("GlobalAvgPool1D")
class GlobalAveragePooling1D(_GlobalAveragePooling):
    """The mean of all steps, for each channel.

    Parameters
    ----------
    data_format : {"channels_last", "channels_first"}, optional
        Inputs are (batch, steps, channels) or (batch, channels, steps).
    keepdims : bool, default False
        Whether the dimensions that are pooled stay, with size 1.
    name, dtype, input_shape
        See `Layer`.

    Notes
    -----
    Of a sequence with a mask the steps that are True are counted. A sequence without any gives NaN, as in Keras.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.GlobalAveragePooling1D()(np.zeros((8, 10, 3))).shape
    (8, 3)
    """

    _dimensions = 1

    def __init__(self, data_format: str | None = None, keepdims: bool = False, **options: Any) -> None:
        super().__init__(data_format, keepdims, **options)
        self.supports_masking = True

    def call(self, x: Any, mask: Any = None) -> Any:
        """Compute the output."""
        if mask is None:
            return super().call(x)
        axes = self._axes(x.shape)
        counted = ops.expand_dims(mask, -1 if axes == (1,) else 1)
        total = ops.sum(ops.where(counted, x, 0.0), axes, keepdims=self.keepdims)
        return total / ops.sum(ops.cast(counted, x.dtype), axes, keepdims=self.keepdims)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return None: there are no steps left."""
        return None


@_registry.register("GlobalAvgPool2D")
class GlobalAveragePooling2D(_GlobalAveragePooling):
    """The mean of an image, for each channel.

    Parameters
    ----------
    data_format : {"channels_last", "channels_first"}, optional
        Inputs are (batch, height, width, channels) or (batch, channels, height, width).
    keepdims : bool, default False
        Whether the dimensions that are pooled stay, with size 1.
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.GlobalAveragePooling2D()(np.zeros((8, 28, 28, 3))).shape
    (8, 3)
    """


@_registry.register("GlobalAvgPool3D")
class GlobalAveragePooling3D(_GlobalAveragePooling):
    """The mean of a volume, for each channel.

    Parameters
    ----------
    data_format : {"channels_last", "channels_first"}, optional
        Inputs are (batch, depth, height, width, channels) or (batch, channels, depth, height, width).
    keepdims : bool, default False
        Whether the dimensions that are pooled stay, with size 1.
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.GlobalAveragePooling3D()(np.zeros((8, 4, 6, 6, 3))).shape
    (8, 3)
    """

    _dimensions = 3


GlobalMaxPool1D, GlobalMaxPool2D, GlobalMaxPool3D = (
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    GlobalMaxPooling3D,
)
GlobalAvgPool1D, GlobalAvgPool2D, GlobalAvgPool3D = (
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalAveragePooling3D,
)
