"""What the cells of recurrent layers share: weights, dropout, configuration."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn import activations, constraints, initializers, random, regularizers
from fastnn.layers.layer import Layer, Shape

_KINDS = {
    "activation": activations,
    "recurrent_activation": activations,
    "initializer": initializers,
    "regularizer": regularizers,
    "constraint": constraints,
}


class RecurrentCell(Layer):
    """The base of `SimpleRNNCell`, `LSTMCell` and `GRUCell`: one step of a recurrent layer."""

    _gates = 1
    # Keyword arguments of all cells, by their values where none are given.
    _OPTIONS: dict[str, Any] = {  # noqa: RUF012
        "kernel_initializer": "glorot_uniform",
        "recurrent_initializer": "orthogonal",
        "bias_initializer": "zeros",
        "kernel_regularizer": None,
        "recurrent_regularizer": None,
        "bias_regularizer": None,
        "kernel_constraint": None,
        "recurrent_constraint": None,
        "bias_constraint": None,
        "dropout": 0.0,
        "recurrent_dropout": 0.0,
        "seed": None,
    }

    def __init__(
        self, units: int, activation: Any, use_bias: bool, implementation: int = 2, **options: Any
    ) -> None:
        own = {name: options.pop(name, value) for name, value in self._OPTIONS.items()}
        super().__init__(**options)
        kind = type(self).__name__.removesuffix("Cell")
        if not isinstance(units, int) or isinstance(units, bool) or units <= 0:
            raise ValueError(f"{kind}: units must be a positive integer; received units={units!r}")
        self.units = units
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        for name, value in own.items():
            if name.rpartition("_")[2] in _KINDS:
                value = None if value is None else _KINDS[name.rpartition("_")[2]].get(value)
            elif name.endswith("dropout") and not 0 <= value <= 1:
                raise ValueError(f"{kind}: {name} must lie in [0, 1]; received {name}={value!r}")
            setattr(self, name, value)
        # In Keras's terms: 1 drops inputs and states for each gate by a mask of its own, 2 by one for all.
        self.implementation = 1 if own["recurrent_dropout"] else implementation
        self.seed_generator = random.SeedGenerator(own["seed"])
        self.reset_dropout_mask()
        self.reset_recurrent_dropout_mask()

    dropout: float
    recurrent_dropout: float
    _dropout_mask: list[Any] | None
    _recurrent_dropout_mask: list[Any] | None

    @property
    def state_size(self) -> Any:
        """Size of the state, or a list of sizes."""
        return self.units

    @property
    def output_size(self) -> int:
        """Size of the output."""
        return self.units

    def _bias_shape(self) -> Shape:
        return (self._gates * self.units,)

    def _first_bias(self, shape: Any, dtype: Any) -> Any:
        return vars(self)["bias_initializer"](shape, dtype)

    def build(self, input_shape: Shape) -> None:
        """Make kernel, recurrent kernel and bias."""
        columns = self._gates * self.units
        self.kernel = self._weight("kernel", (input_shape[-1], columns))
        self.recurrent_kernel = self._weight("recurrent", (self.units, columns))
        self.bias = self._weight("bias", self._bias_shape()) if self.use_bias else None

    def _weight(self, kind: str, shape: Shape) -> Any:
        given = vars(self)
        return self.add_weight(
            shape,
            self._first_bias if kind == "bias" else given[f"{kind}_initializer"],
            name="recurrent_kernel" if kind == "recurrent" else kind,
            regularizer=given[f"{kind}_regularizer"],
            constraint=given[f"{kind}_constraint"],
        )

    def compute_output_shape(self, input_shape: Shape) -> Any:
        """Return the shapes of the output and of the new states."""
        shape = (input_shape[0], self.units)
        return [shape, [shape for _ in self.get_initial_state(0)]]

    def get_initial_state(self, batch_size: int) -> list[Any]:
        """Return states of zeros."""
        sizes = self.state_size if isinstance(self.state_size, list) else [self.state_size]
        return [np.zeros((batch_size, size), self.dtype) for size in sizes]

    def _drop(self, rate: float, shape: Any, one: bool) -> list[Any]:
        """Return factors that drop values, for each gate, or one for all."""
        keep = 1 / (1 - rate) if rate < 1 else 0.0
        return [
            (random.uniform(shape, dtype=self.dtype, seed=self.seed_generator) >= rate)
            * self.dtype.type(keep)
            for _ in range(1 if one else self._gates)
        ]

    def get_dropout_mask(self, step_input: Any) -> Any:
        """Return the factors of the inputs, the same until `reset_dropout_mask`; None without dropout."""
        if self._dropout_mask is None and self.dropout > 0:
            one = self.implementation == 2 or self._gates == 1
            self._dropout_mask = self._drop(self.dropout, step_input.shape, one)
        return self._dropout_mask

    def get_recurrent_dropout_mask(self, step_input: Any) -> Any:
        """Return the factors of the state, the same until `reset_recurrent_dropout_mask`."""
        if self._recurrent_dropout_mask is None and self.recurrent_dropout > 0:
            self._recurrent_dropout_mask = self._drop(self.recurrent_dropout, step_input.shape, False)
        return self._recurrent_dropout_mask

    def reset_dropout_mask(self) -> None:
        """Draw a new mask at the next call: a mask holds for all steps of a sequence."""
        self._dropout_mask = None

    def reset_recurrent_dropout_mask(self) -> None:
        """Draw a new mask at the next call."""
        self._recurrent_dropout_mask = None

    def _dropped(self, x: Any, h: Any, training: bool) -> tuple[Any, Any, Any]:
        """Return the input, and the factors of input and state for each gate, None where there are none."""
        if not training:
            return x, None, None
        of_x, of_h = self.get_dropout_mask(x), self.get_recurrent_dropout_mask(h)
        return (x, of_x, of_h) if of_x is None or len(of_x) > 1 else (x * of_x[0], None, of_h)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        config = {**super().get_config(), "units": self.units, "use_bias": self.use_bias}
        for name in ("activation", "recurrent_activation"):
            if hasattr(self, name):
                config[name] = activations.serialize(getattr(self, name))
        for name in self._OPTIONS:
            value, kind = getattr(self, name), name.rpartition("_")[2]
            config[name] = value if value is None or kind not in _KINDS else _KINDS[kind].serialize(value)
        return config
