"""The largest or the mean element of each window."""

from __future__ import annotations

from typing import Any

from fastnn import ops
from fastnn.layers.layer import Layer, Shape, _registry

Size = int | tuple[int, ...]


class _Pooling(Layer):
    """Windows over images of ``_dimensions`` dimensions."""

    _dimensions = 2

    def __init__(
        self,
        pool_size: Size,
        strides: Size | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(name=name, **options)
        self.pool_size = self._sizes("pool_size", pool_size)
        self.strides = self.pool_size if strides is None else self._sizes("strides", strides)
        self.padding = padding.lower() if isinstance(padding, str) else padding
        if self.padding not in ("valid", "same"):
            raise ValueError(
                f"{type(self).__name__}: padding must be 'valid' or 'same'; received padding={padding!r}"
            )
        self.data_format = checked_data_format(self, data_format)

    def _sizes(self, name: str, value: Any) -> tuple[int, ...]:
        sizes = (value,) * self._dimensions if isinstance(value, int) else value
        try:
            sizes = tuple(sizes)
            fits = len(sizes) == self._dimensions and all(isinstance(n, int) and n > 0 for n in sizes)
        except TypeError:
            fits = False
        if not fits:
            raise ValueError(
                f"{type(self).__name__}: {name} must be a positive integer, or a tuple of "
                f"{self._dimensions}; received {name}={value!r}"
            )
        return sizes

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return how many windows there are in each dimension of the image."""
        image = image_axes(input_shape, self._dimensions, self.data_format)
        shape = list(input_shape)
        for axis, size, stride in zip(image, self.pool_size, self.strides, strict=True):
            n = shape[axis]
            if n is None:
                continue
            if self.padding == "valid" and n < size:
                raise ValueError(
                    "pool_size must not be larger than the image where padding is 'valid'; "
                    f"received pool_size={self.pool_size}, inputs of shape {input_shape}"
                )
            shape[axis] = (n - size) // stride + 1 if self.padding == "valid" else -(-n // stride)
        return tuple(shape)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {
            **super().get_config(),
            "pool_size": self.pool_size,
            "strides": self.strides,
            "padding": self.padding,
            "data_format": self.data_format,
        }


class _MaxPooling(_Pooling):
    def __init__(
        self,
        pool_size: Size = 2,
        strides: Size | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(pool_size, strides, padding, data_format, name, **options)

    def call(self, x: Any) -> Any:
        """Compute the output."""
        return ops.max_pool(x, self.pool_size, self.strides, self.padding, self.data_format)


class _AveragePooling(_Pooling):
    def call(self, x: Any) -> Any:
        """Compute the output."""
        return ops.average_pool(x, self.pool_size, self.strides, self.padding, self.data_format)


def checked_data_format(layer: Layer, data_format: Any) -> str:
    """Return where the channels are: last by default."""
    if data_format not in (None, "channels_last", "channels_first"):
        raise ValueError(
            f"{type(layer).__name__}: data_format must be 'channels_last' or 'channels_first'; "
            f"received data_format={data_format!r}"
        )
    return data_format or "channels_last"


def image_axes(shape: Shape, dimensions: int, data_format: str) -> range:
    """Return the axes of the image, which are neither the batch nor the channels."""
    last = data_format == "channels_last"
    if len(shape) != dimensions + 2:
        image = ", ".join(("depth", "height", "width")[3 - dimensions :] if dimensions > 1 else ["steps"])
        wanted = f"{image}, channels" if last else f"channels, {image}"
        raise ValueError(f"inputs must have shape (batch, {wanted}); received {shape}")
    return range(1, dimensions + 1) if last else range(2, dimensions + 2)


@_registry.register("MaxPool1D")
class MaxPooling1D(_MaxPooling):
    """The largest of each ``pool_size`` steps.

    Parameters
    ----------
    pool_size : int, default 2
    strides : int, optional
        Distance between windows; by default the size.
    padding : {"valid", "same"}
        "valid" takes the windows that lie inside, "same" one for each stride that there is, as if there were more
        steps around that are never the largest.
    data_format : {"channels_last", "channels_first"}, optional
        Inputs are (batch, steps, channels) or (batch, channels, steps).
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.MaxPooling1D(2)(np.array([[[1.0], [3.0], [2.0], [0.0]]]))[0, :, 0]
    array([3., 2.], dtype=float32)
    """

    _dimensions = 1


@_registry.register("MaxPool2D")
class MaxPooling2D(_MaxPooling):
    """The largest of each window of an image.

    Parameters
    ----------
    pool_size : int or tuple of 2 int, default (2, 2)
    strides : int or tuple of 2 int, optional
        Distance between windows; by default the size.
    padding : {"valid", "same"}
        "valid" takes the windows that lie inside the image, "same" one for each stride that the image has, as if
        there were a border around it that is never the largest.
    data_format : {"channels_last", "channels_first"}, optional
        Inputs are (batch, height, width, channels) or (batch, channels, height, width).
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.MaxPooling2D()(np.zeros((8, 28, 28, 32))).shape
    (8, 14, 14, 32)
    >>> layers.MaxPooling2D(3, strides=2, padding="same")(np.zeros((8, 7, 7, 1))).shape
    (8, 4, 4, 1)
    """


@_registry.register("MaxPool3D")
class MaxPooling3D(_MaxPooling):
    """The largest of each window of a volume.

    Parameters
    ----------
    pool_size : int or tuple of 3 int, default (2, 2, 2)
    strides : int or tuple of 3 int, optional
        Distance between windows; by default the size.
    padding : {"valid", "same"}
        As for `MaxPooling2D`.
    data_format : {"channels_last", "channels_first"}, optional
        Inputs are (batch, depth, height, width, channels) or (batch, channels, depth, height, width).
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.MaxPooling3D()(np.zeros((2, 4, 6, 8, 3))).shape
    (2, 2, 3, 4, 3)
    """

    _dimensions = 3


@_registry.register("AvgPool1D")
class AveragePooling1D(_AveragePooling):
    """The mean of each ``pool_size`` steps.

    Parameters
    ----------
    pool_size : int
    strides : int, optional
        Distance between windows; by default the size.
    padding : {"valid", "same"}
        "valid" takes the windows that lie inside, "same" one for each stride that there is; those that reach over
        the ends are means of what lies inside.
    data_format : {"channels_last", "channels_first"}, optional
        Inputs are (batch, steps, channels) or (batch, channels, steps).
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.AveragePooling1D(2)(np.array([[[1.0], [3.0], [2.0], [0.0]]]))[0, :, 0]
    array([2., 1.], dtype=float32)
    """

    _dimensions = 1


@_registry.register("AvgPool2D")
class AveragePooling2D(_AveragePooling):
    """The mean of each window of an image.

    Parameters
    ----------
    pool_size : int or tuple of 2 int
    strides : int or tuple of 2 int, optional
        Distance between windows; by default the size.
    padding : {"valid", "same"}
        "valid" takes the windows that lie inside the image, "same" one for each stride that the image has; those
        that reach over the border are means of what lies inside.
    data_format : {"channels_last", "channels_first"}, optional
        Inputs are (batch, height, width, channels) or (batch, channels, height, width).
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.AveragePooling2D(2)(np.zeros((8, 28, 28, 6))).shape
    (8, 14, 14, 6)
    """


@_registry.register("AvgPool3D")
class AveragePooling3D(_AveragePooling):
    """The mean of each window of a volume.

    Parameters
    ----------
    pool_size : int or tuple of 3 int
    strides : int or tuple of 3 int, optional
        Distance between windows; by default the size.
    padding : {"valid", "same"}
        As for `AveragePooling2D`.
    data_format : {"channels_last", "channels_first"}, optional
        Inputs are (batch, depth, height, width, channels) or (batch, channels, depth, height, width).
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.AveragePooling3D(2)(np.zeros((2, 4, 6, 8, 3))).shape
    (2, 2, 3, 4, 3)
    """

    _dimensions = 3


MaxPool1D, MaxPool2D, MaxPool3D = MaxPooling1D, MaxPooling2D, MaxPooling3D
AvgPool1D, AvgPool2D, AvgPool3D = AveragePooling1D, AveragePooling2D, AveragePooling3D
