"""Dropout of whole channels."""

from __future__ import annotations

from typing import Any

from fastnn.layers.dropout import Dropout
from fastnn.layers.layer import _registry
from fastnn.layers.pooling import checked_data_format, image_axes


class _SpatialDropout(Dropout):
    """Drops whole channels of samples of ``_dimensions`` dimensions and a channel axis."""

    _dimensions = 2

    def __init__(self, rate: float, data_format: str | None, seed: Any, **options: Any) -> None:
        super().__init__(rate, None, seed, **options)
        self.data_format = checked_data_format(self, data_format)

    def _noise_shape_for(self, shape: tuple[int, ...]) -> Any:
        image = image_axes(shape, self._dimensions, self.data_format)
        return tuple(1 if axis in image else n for axis, n in enumerate(shape))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input's shape."""
        image_axes(input_shape, self._dimensions, self.data_format)
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        config = super().get_config()
        del config["noise_shape"]
        return {**config, "data_format": self.data_format}


@_registry.register()
class SpatialDropout1D(_SpatialDropout):
    """Drops features of (batch, steps, features) in all steps of a sample alike.

    Parameters
    ----------
    rate : float
        Which part of the features becomes zero, in [0, 1].
    seed, name, dtype, input_shape
        See `Dropout`.

    Notes
    -----
    Tompson et al., "Efficient Object Localization Using Convolutional Networks", 2015.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.SpatialDropout1D(0.5, seed=1)(np.ones((1, 2, 5)), training=True)
    array([[[2., 0., 2., 2., 0.],
            [2., 0., 2., 2., 0.]]], dtype=float32)
    """

    _dimensions = 1

    def __init__(self, rate: float, seed: Any = None, **options: Any) -> None:
        super().__init__(rate, None, seed, **options)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        config = super().get_config()
        del config["data_format"]
        return config


@_registry.register()
class SpatialDropout2D(_SpatialDropout):
    """Drops whole channels of images.

    Parameters
    ----------
    rate : float
        Which part of the channels becomes zero, in [0, 1].
    data_format : {"channels_last", "channels_first"}, optional
        Whether the channels are the last axis, or the one behind the batch.
    seed, name, dtype, input_shape
        See `Dropout`.

    Notes
    -----
    Tompson et al., "Efficient Object Localization Using Convolutional Networks", 2015.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.SpatialDropout2D(0.5, seed=1)(np.ones((1, 9, 9, 5)), training=True).max((1, 2))
    array([[2., 0., 2., 2., 0.]], dtype=float32)
    """

    def __init__(self, rate: float, data_format: str | None = None, seed: Any = None, **options: Any) -> None:
        super().__init__(rate, data_format, seed, **options)


@_registry.register()
class SpatialDropout3D(_SpatialDropout):
    """Drops whole channels of volumes.

    Parameters
    ----------
    rate : float
        Which part of the channels becomes zero, in [0, 1].
    data_format : {"channels_last", "channels_first"}, optional
        Whether the channels are the last axis, or the one behind the batch.
    seed, name, dtype, input_shape
        See `Dropout`.

    Notes
    -----
    Tompson et al., "Efficient Object Localization Using Convolutional Networks", 2015.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.SpatialDropout3D(0.5, seed=1)(np.ones((1, 4, 4, 4, 5)), training=True).max((1, 2, 3))
    array([[2., 0., 2., 2., 0.]], dtype=float32)
    """

    _dimensions = 3

    def __init__(self, rate: float, data_format: str | None = None, seed: Any = None, **options: Any) -> None:
        super().__init__(rate, data_format, seed, **options)
