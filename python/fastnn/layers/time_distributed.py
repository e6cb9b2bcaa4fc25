"""A layer applied to every step of sequences."""

from __future__ import annotations

from typing import Any

from fastnn import ops
from fastnn.layers.layer import Layer, Shape, _registry, deserialize, serialize
from fastnn.layers.rnn import check_sequences


@_registry.register()
class TimeDistributed(Layer):
    """Applies a layer to every step of sequences by itself.

    Parameters
    ----------
    layer : Layer
    name, trainable, dtype, input_shape, activity_regularizer
        See `Layer`.

    Notes
    -----
    Inputs have shape (batch, time, ...). The steps of all samples go through the layer as one batch, but one step
    after the other where the layer takes masks or has weights that training does not change, such as statistics
    of batches.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.TimeDistributed(layers.Flatten())(np.ones((2, 5, 3, 4))).shape
    (2, 5, 12)
    """

    def __init__(self, layer: Any, **options: Any) -> None:
        super().__init__(**options)
        if not isinstance(layer, Layer):
            raise ValueError(f"TimeDistributed: layer must be a Layer; received layer={layer!r}")
        self.layer = layer
        self.supports_masking = True

    def build(self, input_shape: Shape) -> None:
        """Build the layer for the inputs of a step."""
        self.layer.ensure_built(_step_shape(input_shape))

    def call(self, x: Any, mask: Any = None, training: bool = False) -> Any:
        """Compute the output."""
        check_sequences(x.shape, self.input_shape if self.built else None)
        if mask is not None and mask.shape[:2] != x.shape[:2]:
            raise ValueError(
                f"the mask must have shape (batch, time), here {x.shape[:2]}; received {mask.shape}"
            )
        takes_mask = mask is not None and "mask" in self.layer._call_names
        if takes_mask or any(not weight.trainable for weight in self.layer.weights):
            masks = [{"mask": mask[:, t]} if takes_mask else {} for t in range(x.shape[1])]
            outputs = [self.layer(x[:, t], training=training, **m) for t, m in enumerate(masks)]
            return ops.stack(outputs, axis=1)
        y = self.layer(ops.reshape(x, (x.shape[0] * x.shape[1], *x.shape[2:])), training=training)
        return ops.reshape(y, (*x.shape[:2], *y.shape[1:]))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return (batch, time, *shape of a step's output)."""
        check_sequences(input_shape, self.input_shape if self.built else None)
        shape = self.layer.compute_output_shape(_step_shape(input_shape))
        return (shape[0], input_shape[1], *shape[1:])

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "layer": serialize(self.layer)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Layer:
        """Make a layer from what `get_config` gave."""
        return cls(**{**config, "layer": deserialize(config["layer"])})


def _step_shape(input_shape: Any) -> Shape:
    return (input_shape[0], *input_shape[2:])
