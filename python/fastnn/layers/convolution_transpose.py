"""Transposed convolution layers: they spread each place of the input over a window of the output."""

from __future__ import annotations

from typing import Any

from fastnn import ops
from fastnn.layers import windows
from fastnn.layers.convolving import Convolution
from fastnn.layers.layer import Shape, _registry


class _ConvTranspose(Convolution):
    """Conv1DTranspose, Conv2DTranspose and Conv3DTranspose."""

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        output_padding: Any = None,
        data_format: str | None = None,
        dilation_rate: Any = 1,
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
        self._refuse_strides_with_dilation()
        if output_padding is not None:
            self.output_padding = windows.sizes(self, "output_padding", output_padding, self.rank, least=0)
            if any(more >= stride for more, stride in zip(self.output_padding, self.strides, strict=True)):
                raise ValueError(
                    f"{type(self).__name__}: output_padding must be less than strides; received "
                    f"output_padding={self.output_padding}, strides={self.strides}"
                )

    def build(self, input_shape: Shape) -> None:
        """Make kernel and bias."""
        shape = (*self.kernel_size, self.filters, self._channels(input_shape))
        self.kernel = self._add_kernel(shape, "kernel", "kernel")
        self.bias = self._add_kernel((self.filters,), "bias", "bias") if self.use_bias else None

    def call(self, x: Any) -> Any:
        """Compute the output."""
        y = ops.conv_transpose(
            x,
            self.kernel,
            self.strides,
            self.padding,
            self.output_padding,
            self.data_format,
            self.dilation_rate,
        )
        if self.bias is not None:
            last = self.data_format == "channels_last"
            y = y + (self.bias if last else ops.reshape(self.bias, (self.filters, *(1,) * self.rank)))
        return self.activation(y)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape of an input from which the convolution makes this one, with the filters."""
        self._channels(input_shape)
        spatial: list[int | None] = []
        for i, axis in enumerate(windows.spatial_axes(self.rank, self.data_format)):
            n, stride = input_shape[axis], self.strides[i]
            reach = (self.kernel_size[i] - 1) * self.dilation_rate[i] + 1
            more = None if self.output_padding is None else self.output_padding[i]
            if n is None:
                spatial.append(None)
            elif self.padding == "same":
                spatial.append(n * stride if more is None else (n - 1) * stride + reach % 2 + more)
            else:
                spatial.append((n - 1) * stride + (max(reach, stride) if more is None else reach + more))
        return windows.with_sizes(input_shape, spatial, self.filters, self.data_format)


@_registry.register()
class Conv1DTranspose(_ConvTranspose):
    """Transposed convolution in one dimension: what carries gradients back through `Conv1D`, as a layer.

    Parameters
    ----------
    filters : int
        Number of output channels.
    kernel_size, dilation_rate : int
        As in `Conv1D`.
    strides : int
        How far apart the windows of neighbouring inputs lie in the output, which grows by this factor.
    padding : {"valid", "same"}
        All that the windows reach; or strides times the input's size.
    output_padding : int, optional
        Places more at the end of the output, less than strides; by default so many that no window is cut.
    data_format, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer
        As in `Conv1D`.
    bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint
        As in `Conv1D`.
    name, trainable, dtype, input_shape
        See `Layer`.

    Notes
    -----
    Inputs have shape (batch, steps, channels), or (batch, channels, steps). Weights: kernel
    (size, filters, channels), bias (filters,).

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layer = layers.Conv1DTranspose(6, 3, strides=2, padding="same")
    >>> layer(np.ones((2, 5, 4), "float32")).shape
    (2, 10, 6)
    >>> [w.shape for w in layer.get_weights()]
    [(3, 6, 4), (6,)]
    """

    rank = 1


@_registry.register()
class Conv2DTranspose(_ConvTranspose):
    """Transposed convolution in two dimensions: what carries gradients back through `Conv2D`, as a layer.

    Parameters
    ----------
    filters : int
        Number of output channels.
    kernel_size, dilation_rate : int or tuple of 2 ints
        As in `Conv2D`.
    strides : int or tuple of 2 ints
        How far apart the windows of neighbouring inputs lie in the output, which grows by this factor.
    padding : {"valid", "same"}
        All that the windows reach; or strides times the input's size.
    output_padding : int or tuple of 2 ints, optional
        Places more at the end of the output, less than strides; by default so many that no window is cut.
    data_format, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer
        As in `Conv2D`.
    bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint
        As in `Conv2D`.
    name, trainable, dtype, input_shape
        See `Layer`.

    Notes
    -----
    Inputs have shape (batch, height, width, channels), or (batch, channels, height, width). Weights: kernel
    (height, width, filters, channels), bias (filters,).

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layer = layers.Conv2DTranspose(6, 3, strides=2, padding="same")
    >>> layer(np.ones((2, 7, 7, 4), "float32")).shape
    (2, 14, 14, 6)
    >>> [w.shape for w in layer.get_weights()]
    [(3, 3, 6, 4), (6,)]
    """

    rank = 2


@_registry.register()
class Conv3DTranspose(_ConvTranspose):
    """Transposed convolution in three dimensions: what carries gradients back through `Conv3D`, as a layer.

    Parameters
    ----------
    filters : int
        Number of output channels.
    kernel_size, dilation_rate : int or tuple of 3 ints
        As in `Conv3D`.
    strides : int or tuple of 3 ints
        How far apart the windows of neighbouring inputs lie in the output, which grows by this factor.
    padding : {"valid", "same"}
        All that the windows reach; or strides times the input's size.
    output_padding : int or tuple of 3 ints, optional
        Places more at the end of the output, less than strides; by default so many that no window is cut.
    data_format, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer
        As in `Conv3D`.
    bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint
        As in `Conv3D`.
    name, trainable, dtype, input_shape
        See `Layer`.

    Notes
    -----
    Inputs have shape (batch, depth, height, width, channels), or (batch, channels, depth, height, width).
    Weights: kernel (depth, height, width, filters, channels), bias (filters,).

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layer = layers.Conv3DTranspose(6, 3, strides=2, padding="same")
    >>> layer(np.ones((1, 2, 3, 3, 4), "float32")).shape
    (1, 4, 6, 6, 6)
    >>> [w.shape for w in layer.get_weights()]
    [(3, 3, 3, 6, 4), (6,)]
    """

    rank = 3


Convolution1DTranspose, Convolution2DTranspose = Conv1DTranspose, Conv2DTranspose
Convolution3DTranspose = Conv3DTranspose
