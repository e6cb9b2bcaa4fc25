"""Convolution of each channel by itself, then of all at each place."""

from __future__ import annotations

from typing import Any

import numpy as np

from .axes import moveaxis
from .cast import cast
from .dense import dense
from .depthwise_conv import depthwise_conv
from .shape import reshape


def separable_conv(
    inputs: Any,
    depthwise_kernel: Any,
    pointwise_kernel: Any,
    strides: Any = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Any = 1,
    bias: Any = None,
    activation: str = "linear",
) -> Any:
    """Convolve each channel by itself, then mix the channels at each place.

    Parameters
    ----------
    inputs : ndarray
        ``(batch, ..., channels)`` with one to three spatial dimensions.
    depthwise_kernel : ndarray
        ``(..., channels, multiplier)`` with as many spatial dimensions.
    pointwise_kernel : ndarray
        ``(1, ..., channels * multiplier, filters)``.
    strides, padding, data_format, dilation_rate
        See `depthwise_conv`.
    bias : ndarray, optional
        ``(filters,)``.
    activation : {"linear", "relu", "sigmoid", "tanh"}
        Applied to the result.

    Returns
    -------
    ndarray
        ``(batch, ..., filters)``, or ``(batch, filters, ...)``.

    Raises
    ------
    ValueError
        If the shapes do not fit or an option is unknown.

    Notes
    -----
    The second part is a matrix product over all places: `dense`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> x = np.array([[[1.0, 1.0], [2.0, 1.0], [4.0, 1.0]]])
    >>> ops.separable_conv(x, np.array([[[-1.0], [2.0]], [[1.0], [3.0]]]), np.array([[[10.0], [1.0]]]))
    array([[[15.],
            [25.]]])
    """
    operands = (inputs, depthwise_kernel, pointwise_kernel, *(() if bias is None else (bias,)))
    widest = np.result_type(*[x.dtype for x in operands])
    if widest == np.float64 and inputs.dtype != widest:  # of both parts, as in other ops
        inputs = cast(inputs, widest)
    y = depthwise_conv(inputs, depthwise_kernel, strides, padding, data_format, dilation_rate)
    shape = pointwise_kernel.shape
    if len(shape) != len(y.shape) or any(n != 1 for n in shape[:-2]):
        raise ValueError(
            "[separable_conv] pointwise_kernel must have shape (1, ..., channels * multiplier, filters) with the "
            f"dimensions of inputs; received inputs {tuple(inputs.shape)}, pointwise_kernel {tuple(shape)}"
        )
    kernel = reshape(pointwise_kernel, shape[-2:])
    if data_format == "channels_first":
        return moveaxis(dense(moveaxis(y, 1, -1), kernel, bias, activation), -1, 1)
    return dense(y, kernel, bias, activation)
