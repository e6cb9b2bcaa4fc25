"""Layers that convolve each channel by itself and then mix the channels."""

from __future__ import annotations

from typing import Any

from fastnn import ops
from fastnn.layers.convolving import Convolution
from fastnn.layers.layer import Shape, _registry


class _SeparableConv(Convolution):
    """SeparableConv1D and SeparableConv2D."""

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        pointwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        bias_constraint: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(activity_regularizer=activity_regularizer, **options)
        self._configure(locals())

    def build(self, input_shape: Shape) -> None:
        """Make both kernels and the bias."""
        channels = self._channels(input_shape)
        each = (*self.kernel_size, channels, self.depth_multiplier)
        mixing = (*(1,) * self.rank, channels * self.depth_multiplier, self.filters)
        self.depthwise_kernel = self._add_kernel(each, "depthwise", "depthwise_kernel")
        self.pointwise_kernel = self._add_kernel(mixing, "pointwise", "pointwise_kernel")
        self.bias = self._add_kernel((self.filters,), "bias", "bias") if self.use_bias else None

    def call(self, x: Any) -> Any:
        """Compute the output."""
        y = ops.separable_conv(x, self.depthwise_kernel, self.pointwise_kernel, *self._how())
        return self._finished(y)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape with the number of windows and the filters."""
        self._channels(input_shape)
        return self._shape_with(input_shape, self.filters)


@_registry.register()
class SeparableConv1D(_SeparableConv):
    """Convolution of each channel of a sequence by itself, then a mixing of the channels at each step.

    Parameters
    ----------
    filters : int
        Number of output channels.
    kernel_size, strides, dilation_rate : int
        As in `Conv1D`; of the first part.
    padding : {"valid", "same"}
    depth_multiplier : int
        How many kernels each channel has in the first part.
    data_format, activation, use_bias, bias_initializer, bias_regularizer, activity_regularizer, bias_constraint
        As in `Conv1D`.
    depthwise_initializer, depthwise_regularizer, depthwise_constraint
        Of the first part's kernel.
    pointwise_initializer, pointwise_regularizer, pointwise_constraint
        Of the second part's kernel.
    name, trainable, dtype, input_shape
        See `Layer`.

    Notes
    -----
    Inputs have shape (batch, steps, channels). Weights: depthwise_kernel (size, channels, depth_multiplier),
    pointwise_kernel (1, channels * depth_multiplier, filters), bias (filters,).

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.SeparableConv1D(6, 3)(np.ones((2, 10, 4), "float32")).shape
    (2, 8, 6)
    """

    rank = 1


@_registry.register()
class SeparableConv2D(_SeparableConv):
    """Convolution of each channel of an image by itself, then a mixing of the channels at each place.

    Parameters
    ----------
    filters : int
        Number of output channels.
    kernel_size, strides, dilation_rate : int or tuple of 2 ints
        As in `Conv2D`; of the first part.
    padding : {"valid", "same"}
    depth_multiplier : int
        How many kernels each channel has in the first part.
    data_format, activation, use_bias, bias_initializer, bias_regularizer, activity_regularizer, bias_constraint
        As in `Conv2D`.
    depthwise_initializer, depthwise_regularizer, depthwise_constraint
        Of the first part's kernel.
    pointwise_initializer, pointwise_regularizer, pointwise_constraint
        Of the second part's kernel.
    name, trainable, dtype, input_shape
        See `Layer`.

    Notes
    -----
    Inputs have shape (batch, height, width, channels). Weights: depthwise_kernel (height, width, channels,
    depth_multiplier), pointwise_kernel (1, 1, channels * depth_multiplier, filters), bias (filters,).

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layer = layers.SeparableConv2D(32, 3, padding="same")
    >>> layer(np.ones((2, 8, 8, 16), "float32")).shape
    (2, 8, 8, 32)
    >>> layer.count_params()  # Conv2D would have 4,640
    688
    """

    rank = 2


SeparableConvolution1D, SeparableConvolution2D = SeparableConv1D, SeparableConv2D
