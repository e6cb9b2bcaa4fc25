"""Recurrent layers in both directions of time."""

from __future__ import annotations

from typing import Any

from fastnn import ops, tree
from fastnn.layers.layer import Layer, _registry, deserialize, serialize
from fastnn.layers.rnn import check_sequences

_MODES = ("concat", "sum", "mul", "ave", None)


@_registry.register()
class Bidirectional(Layer):
    """Two recurrent layers, one of which walks from the last step to the first.

    Parameters
    ----------
    layer : Layer
        `RNN`, `LSTM`, `GRU`, or another with their attributes. A copy of it walks forward.
    merge_mode : {"concat", "sum", "mul", "ave", None}
        How the two outputs become one; None gives both.
    backward_layer : Layer, optional
        By default another copy of ``layer``, with ``go_backwards`` turned round.
    name, trainable, dtype, input_shape, activity_regularizer
        See `Layer`.

    Notes
    -----
    Outputs of all steps of the backward layer are turned round, so that both tell of the same step. The first
    half of the states is the forward layer's, the second that of the backward one. Where all outputs are given,
    those of masked steps are zeros. Schuster and Paliwal, "Bidirectional recurrent neural networks", 1997.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.Bidirectional(layers.LSTM(4, return_sequences=True))(np.ones((2, 5, 3))).shape
    (2, 5, 8)
    """

    def __init__(
        self, layer: Any, merge_mode: str | None = "concat", backward_layer: Any = None, **options: Any
    ) -> None:
        super().__init__(**options)
        for name, given in (("layer", layer), ("backward_layer", backward_layer)):
            if not isinstance(given, Layer) and (given is not None or name == "layer"):
                raise ValueError(f"Bidirectional: {name} must be a Layer; received {name}={given!r}")
            if given is not None and not hasattr(given, "go_backwards"):
                raise ValueError(
                    f"Bidirectional: {name} must be a recurrent layer; received {name}={given!r}"
                )
        if merge_mode not in _MODES:
            raise ValueError(
                f"Bidirectional: merge_mode must be one of {', '.join(map(repr, _MODES))}; "
                f"received merge_mode={merge_mode!r}"
            )
        self.merge_mode = merge_mode
        self.forward_layer = _copy(layer, "forward_", layer.go_backwards)
        if backward_layer is None:
            backward_layer = _copy(layer, "backward_", not layer.go_backwards)
        self.backward_layer = backward_layer
        if self.forward_layer.go_backwards == backward_layer.go_backwards:
            raise ValueError(
                "Bidirectional: the two layers must differ in go_backwards; "
                f"received {backward_layer.go_backwards} for both"
            )
        for name in ("stateful", "return_sequences", "return_state"):
            ours, others = getattr(self.forward_layer, name), getattr(backward_layer, name)
            if ours != others:
                raise ValueError(
                    f"Bidirectional: the two layers must have the same {name}; received {ours} and {others}"
                )
            setattr(self, name, ours)
        for one in (self.forward_layer, backward_layer):
            if hasattr(one, "zero_output_for_mask"):
                one.zero_output_for_mask = one.return_sequences
        self.supports_masking = True

    return_sequences: bool
    return_state: bool
    stateful: bool

    def build(self, input_shape: Any) -> None:
        """Build both layers."""
        shape = input_shape if tree.is_shape(input_shape) else input_shape[0]
        for layer in (self.forward_layer, self.backward_layer):
            layer.ensure_built(shape)

    def call(
        self, sequences: Any, initial_state: Any = None, mask: Any = None, training: bool = False
    ) -> Any:
        """Compute the output, and with ``return_state`` the last states of both layers."""
        if isinstance(sequences, (list, tuple)):
            sequences, *initial_state = sequences
        if isinstance(mask, (list, tuple)):
            mask = mask[0]
        check_sequences(sequences.shape, self.input_shape if self.built else None)
        states = list(initial_state or [])
        if len(states) % 2:
            raise ValueError(f"initial_state must hold as many states for each layer; received {len(states)}")
        half = len(states) // 2
        first = self.forward_layer(
            sequences, initial_state=states[:half] or None, mask=mask, training=training
        )
        second = self.backward_layer(
            sequences, initial_state=states[half:] or None, mask=mask, training=training
        )
        states = []
        if self.return_state:
            states = [*first[1:], *second[1:]]
            first, second = first[0], second[0]
        if self.return_sequences:
            second = ops.flip(second, axis=1)
        y = self._merge(first, second)
        if not self.return_state:
            return y
        return (*y, *states) if self.merge_mode is None else (y, *states)

    def _merge(self, first: Any, second: Any) -> Any:
        if self.merge_mode == "concat":
            return ops.concatenate([first, second], axis=-1)
        if self.merge_mode == "sum":
            return first + second
        if self.merge_mode == "ave":
            return (first + second) / 2
        return (first, second) if self.merge_mode is None else first * second

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the output's shape, or a list where there are two, or states."""
        first, second = (
            layer.compute_output_shape(input_shape) for layer in (self.forward_layer, self.backward_layer)
        )
        states = []
        if self.return_state:
            (first, *before), (second, *after) = first, second
            states = [*before, *after]
        if self.merge_mode == "concat":
            first = (*first[:-1], first[-1] + second[-1])
        found = [first, *([second] if self.merge_mode is None else []), *states]
        return found if len(found) > 1 else first

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return the mask of all outputs, where they are given."""
        mask = previous_mask[0] if isinstance(previous_mask, (list, tuple)) else previous_mask
        if not self.return_sequences:
            return None
        return (mask, mask) if self.merge_mode is None else mask

    def reset_states(self) -> None:
        """Let the next batch begin with zeros, where the layers are stateful."""
        self.forward_layer.reset_states()
        self.backward_layer.reset_states()

    reset_state = reset_states

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {
            **super().get_config(),
            "layer": serialize(self.forward_layer),
            "merge_mode": self.merge_mode,
            "backward_layer": serialize(self.backward_layer),
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Layer:
        """Make a layer from what `get_config` gave."""
        inner = {name: deserialize(config[name]) for name in ("layer", "backward_layer")}
        return cls(**{**config, **inner})


def _copy(layer: Any, prefix: str, go_backwards: bool) -> Any:
    config = layer.get_config()
    name = prefix + config["name"].removeprefix(prefix)
    return type(layer).from_config({**config, "name": name, "go_backwards": go_backwards})
