"""Layers that convolve each channel by itself."""

from __future__ import annotations

from typing import Any

from fastnn import ops
from fastnn.layers.convolving import Convolution
from fastnn.layers.layer import Shape, _registry


class _DepthwiseConv(Convolution):
    """DepthwiseConv1D and DepthwiseConv2D."""

    def __init__(
        self,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        depth_multiplier: int = 1,
        data_format: str | None = None,
        dilation_rate: Any = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        bias_constraint: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(activity_regularizer=activity_regularizer, **options)
        self._configure(locals())

    def build(self, input_shape: Shape) -> None:
        """Make kernel and bias."""
        channels = self._channels(input_shape)
        shape = (*self.kernel_size, channels, self.depth_multiplier)
        self.kernel = self._add_kernel(shape, "depthwise", "kernel")
        outputs = channels * self.depth_multiplier
        self.bias = self._add_kernel((outputs,), "bias", "bias") if self.use_bias else None

    def call(self, x: Any) -> Any:
        """Compute the output."""
        return self._finished(ops.depthwise_conv(x, self.kernel, *self._how()))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape with the number of windows, and depth_multiplier outputs for each channel."""
        return self._shape_with(input_shape, self._channels(input_shape) * self.depth_multiplier)


@_registry.register()
class DepthwiseConv1D(_DepthwiseConv):
    """Convolution of each channel of a sequence by itself.

    Parameters
    ----------
    kernel_size, strides, dilation_rate : int
        As in `Conv1D`.
    padding : {"valid", "same"}
    depth_multiplier : int
        How many kernels each channel has.
    data_format, activation, use_bias, bias_initializer, bias_regularizer, activity_regularizer, bias_constraint
        As in `Conv1D`.
    depthwise_initializer, depthwise_regularizer, depthwise_constraint
        Of the kernel.
    name, trainable, dtype, input_shape
        See `Layer`.

    Notes
    -----
    Inputs have shape (batch, steps, channels), outputs (batch, steps, channels * depth_multiplier), the outputs
    of a channel side by side. Weights: kernel (size, channels, depth_multiplier), bias (outputs,).

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.DepthwiseConv1D(3, depth_multiplier=2)(np.ones((2, 10, 4), "float32")).shape
    (2, 8, 8)
    """

    rank = 1


@_registry.register()
class DepthwiseConv2D(_DepthwiseConv):
    """Convolution of each channel of an image by itself.

    Parameters
    ----------
    kernel_size, strides, dilation_rate : int or tuple of 2 ints
        As in `Conv2D`.
    padding : {"valid", "same"}
    depth_multiplier : int
        How many kernels each channel has.
    data_format, activation, use_bias, bias_initializer, bias_regularizer, activity_regularizer, bias_constraint
        As in `Conv2D`.
    depthwise_initializer, depthwise_regularizer, depthwise_constraint
        Of the kernel.
    name, trainable, dtype, input_shape
        See `Layer`.

    Notes
    -----
    Inputs have shape (batch, height, width, channels), outputs (batch, height, width, channels *
    depth_multiplier), the outputs of a channel side by side. Weights: kernel (height, width, channels,
    depth_multiplier), bias (outputs,).

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layer = layers.DepthwiseConv2D(3, padding="same")
    >>> layer(np.ones((2, 8, 8, 16), "float32")).shape
    (2, 8, 8, 16)
    >>> layer.count_params()
    160
    """

    rank = 2
