"""Convolution layers."""

from __future__ import annotations

from typing import Any

from fastnn import ops
from fastnn.layers.convolving import Convolution
from fastnn.layers.layer import Shape, _registry


class _Conv(Convolution):
    """Conv1D, Conv2D and Conv3D."""

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
        groups: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(activity_regularizer=activity_regularizer, **options)
        self._configure(locals())
        if self.filters % self.groups:
            raise ValueError(
                f"{type(self).__name__}: filters must be divisible by groups; received filters={filters}, "
                f"groups={groups}"
            )
        self._refuse_strides_with_dilation()

    def build(self, input_shape: Shape) -> None:
        """Make kernel and bias."""
        channels = self._channels(input_shape)
        shape = (*self.kernel_size, channels // self.groups, self.filters)
        self.kernel = self._add_kernel(shape, "kernel", "kernel")
        self.bias = self._add_kernel((self.filters,), "bias", "bias") if self.use_bias else None

    def call(self, x: Any) -> Any:
        """Compute the output."""
        self._channels(x.shape)  # the op would take a multiple of the channels for groups
        return self._finished(ops.conv(x, self.kernel, *self._how()))

    def call_normalized(self, x: Any, norm: Any, activation: str) -> Any:
        """Compute what a batch normalization and an activation make of the output, at inference."""
        kernel, bias = norm.folded_into(self.kernel, self.bias)
        return ops.conv(x, kernel, *self._how()[:-2], bias, activation)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape with the number of windows and the filters."""
        channels = self._channels(input_shape)
        if channels % self.groups:
            raise ValueError(
                f"the channels must be divisible by groups={self.groups}; received {channels} channels in shape "
                f"{input_shape}"
            )
        return self._shape_with(input_shape, self.filters)


@_registry.register()
class Conv1D(_Conv):
    """Convolution in one dimension: sequences.

    Parameters
    ----------
    filters : int
        Number of output channels.
    kernel_size : int
        Size of a window.
    strides : int
        Steps from window to window.
    padding : {"valid", "same", "causal"}
        Only windows inside the input; or as many as the input has places (one per stride), with zeros around,
        the odd one at the end; "causal": zeros in
        front alone, so that no output depends on later steps.
    data_format : {"channels_last", "channels_first"}, optional
        Where inputs and outputs have their channels.
    dilation_rate : int
        Steps from place to place within a window.
    groups : int
        Channels and filters are divided into so many groups that do not meet.
    activation : str or callable, optional
    use_bias : bool
    kernel_initializer, bias_initializer : str or Initializer
    kernel_regularizer, bias_regularizer, activity_regularizer : str or Regularizer, optional
    kernel_constraint, bias_constraint : str or Constraint, optional
    name, trainable, dtype, input_shape
        See `Layer`.

    Notes
    -----
    Inputs have shape (batch, steps, channels), or (batch, channels, steps). Weights: kernel
    (size, channels / groups, filters), bias (filters,).

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layer = layers.Conv1D(6, 3, activation="relu")
    >>> layer(np.ones((2, 10, 4), "float32")).shape
    (2, 8, 6)
    >>> [w.shape for w in layer.get_weights()]
    [(3, 4, 6), (6,)]
    """

    rank = 1
    _paddings = ("valid", "same", "causal")


@_registry.register()
class Conv2D(_Conv):
    """Convolution in two dimensions: images.

    Parameters
    ----------
    filters : int
        Number of output channels.
    kernel_size : int or tuple of 2 ints
        Size of a window.
    strides : int or tuple of 2 ints
        Steps from window to window.
    padding : {"valid", "same"}
        Only windows inside the input; or as many as the input has places (one per stride), with zeros around,
        the odd one at the end.
    data_format : {"channels_last", "channels_first"}, optional
        Where inputs and outputs have their channels.
    dilation_rate : int or tuple of 2 ints
        Steps from place to place within a window.
    groups : int
        Channels and filters are divided into so many groups that do not meet.
    activation : str or callable, optional
    use_bias : bool
    kernel_initializer, bias_initializer : str or Initializer
    kernel_regularizer, bias_regularizer, activity_regularizer : str or Regularizer, optional
    kernel_constraint, bias_constraint : str or Constraint, optional
    name, trainable, dtype, input_shape
        See `Layer`.

    Notes
    -----
    Inputs have shape (batch, height, width, channels), or (batch, channels, height, width). Weights: kernel
    (height, width, channels / groups, filters), bias (filters,).

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layer = layers.Conv2D(6, 5, activation="relu")
    >>> layer(np.ones((2, 32, 32, 3), "float32")).shape
    (2, 28, 28, 6)
    >>> [w.shape for w in layer.get_weights()]
    [(5, 5, 3, 6), (6,)]
    """

    rank = 2


@_registry.register()
class Conv3D(_Conv):
    """Convolution in three dimensions: volumes, or videos.

    Parameters
    ----------
    filters : int
        Number of output channels.
    kernel_size : int or tuple of 3 ints
        Size of a window.
    strides : int or tuple of 3 ints
        Steps from window to window.
    padding : {"valid", "same"}
        Only windows inside the input; or as many as the input has places (one per stride), with zeros around,
        the odd one at the end.
    data_format : {"channels_last", "channels_first"}, optional
        Where inputs and outputs have their channels.
    dilation_rate : int or tuple of 3 ints
        Steps from place to place within a window.
    groups : int
        Channels and filters are divided into so many groups that do not meet.
    activation : str or callable, optional
    use_bias : bool
    kernel_initializer, bias_initializer : str or Initializer
    kernel_regularizer, bias_regularizer, activity_regularizer : str or Regularizer, optional
    kernel_constraint, bias_constraint : str or Constraint, optional
    name, trainable, dtype, input_shape
        See `Layer`.

    Notes
    -----
    Inputs have shape (batch, depth, height, width, channels), or (batch, channels, depth, height, width).
    Weights: kernel (depth, height, width, channels / groups, filters), bias (filters,).

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layer = layers.Conv3D(6, (2, 3, 3), activation="relu")
    >>> layer(np.ones((2, 4, 9, 9, 1), "float32")).shape
    (2, 3, 7, 7, 6)
    >>> [w.shape for w in layer.get_weights()]
    [(2, 3, 3, 1, 6), (6,)]
    """

    rank = 3


Convolution1D, Convolution2D, Convolution3D = Conv1D, Conv2D, Conv3D
