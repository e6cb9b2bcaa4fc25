"""What all kinds of convolution layers share: arguments, weights, shapes and the configuration."""

from __future__ import annotations

from typing import Any, ClassVar

from fastnn import activations, constraints, initializers, regularizers
from fastnn.layers import windows
from fastnn.layers.dense import _FUSED
from fastnn.layers.layer import Layer, Shape


class Convolution(Layer):
    """What convolution layers have in common: windows, bias, activation, and the configuration."""

    rank: ClassVar[int]
    _paddings: ClassVar[tuple[str, ...]] = ("valid", "same")
    filters: int
    groups: int
    depth_multiplier: int
    kernel_size: tuple[int, ...]
    strides: tuple[int, ...]
    dilation_rate: tuple[int, ...]
    padding: str
    data_format: str
    use_bias: bool
    activation: Any
    kernel: Any
    bias: Any

    def _configure(self, arguments: dict[str, Any]) -> None:
        """Take the constructor's arguments over as attributes, checked."""
        self._names = [
            name
            for name in arguments
            if name not in ("self", "__class__", "options", "activity_regularizer")  # which Layer has
        ]
        for name in self._names:
            value = arguments[name]
            if name in ("kernel_size", "strides", "dilation_rate"):
                value = windows.sizes(self, name, value, self.rank)
            elif name in ("filters", "groups", "depth_multiplier"):
                (value,) = windows.sizes(self, name, value, 1)
            elif name == "padding":
                value = windows.one_of(self, name, value, *self._paddings)
            elif name == "data_format":
                value = windows.data_format(self, value)
            elif name == "activation":
                value = activations.get(value)
            elif name.endswith("_initializer"):
                value = initializers.get("glorot_uniform" if value is None else value)
            elif name.endswith("_regularizer"):
                value = regularizers.get(value)
            elif name.endswith("_constraint"):
                value = constraints.get(value)
            setattr(self, name, value)
        self._fused = _FUSED.get(self.activation)

    def _refuse_strides_with_dilation(self) -> None:
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ValueError(
                f"{type(self).__name__}: strides and dilation_rate cannot both be greater than 1; received "
                f"strides={self.strides}, dilation_rate={self.dilation_rate}"
            )

    def _add_kernel(self, shape: tuple[int, ...], kind: str, name: str) -> Any:
        """Make a kernel; ``kind`` is what its initializer, regularizer and constraint are called by."""
        return self.add_weight(
            shape,
            getattr(self, f"{kind}_initializer"),
            name=name,
            regularizer=getattr(self, f"{kind}_regularizer"),
            constraint=getattr(self, f"{kind}_constraint"),
        )

    def _channels(self, input_shape: Shape) -> int:
        return windows.checked_channels(self, input_shape, self.rank, self.data_format)

    def _how(self) -> tuple[Any, ...]:
        """Return what all ops are told after the kernels: the windows, and what follows the convolution."""
        padding: Any = self.padding
        if padding == "causal":
            padding = ((self.dilation_rate[0] * (self.kernel_size[0] - 1), 0),)
        moves = (self.strides, padding, self.data_format, self.dilation_rate)
        return (*moves, self.bias, self._fused or "linear")

    def _finished(self, y: Any) -> Any:
        """Apply an activation that the op cannot."""
        return y if self._fused else self.activation(y)

    def _shape_with(self, input_shape: Shape, channels: int) -> Shape:
        axes = windows.spatial_axes(self.rank, self.data_format)
        counts = windows.window_counts(
            input_shape, axes, self.kernel_size, self.strides, self.padding, self.dilation_rate
        )
        return windows.with_sizes(input_shape, counts, channels, self.data_format)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        config = super().get_config()
        for name in self._names:
            value = getattr(self, name)
            for ending, module in (
                ("activation", activations),
                ("_initializer", initializers),
                ("_regularizer", regularizers),
                ("_constraint", constraints),
            ):
                if name.endswith(ending):
                    value = None if value is None else module.serialize(value)
            config[name] = list(value) if isinstance(value, tuple) else value
        return config
