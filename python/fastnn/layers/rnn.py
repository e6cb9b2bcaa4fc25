"""Recurrent layers: a cell, and its way through sequences."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn import ops, tree
from fastnn.layers.layer import Layer, Shape, _registry, deserialize, serialize
from fastnn.layers.recurrent_cell import RecurrentCell
from fastnn.layers.stacked_rnn_cells import StackedRNNCells
from fastnn.ops._recurrent import walk
from fastnn.tensor import Tensor


@_registry.register()
class RNN(Layer):
    """A recurrent layer: walks through sequences with a cell.

    Parameters
    ----------
    cell : object or list
        One step: ``call(x, states)``, which gives the output and the new states, and ``state_size``, an int or a
        list of them; ``output_size`` and ``get_initial_state(batch_size)`` where they are not as usual. A list of
        cells is stacked.
    return_sequences : bool
        Whether to give the outputs of all steps, not only of the last.
    return_state : bool
        Whether to give the last states, behind the output.
    go_backwards : bool
        Walk from the last step to the first; outputs come in that order.
    stateful : bool
        Whether a batch begins with the last states of the one before; see `reset_states`.
    unroll : bool
        Taken for Keras's sake: it changes nothing.
    zero_output_for_mask : bool
        Whether outputs of masked steps are zeros, not those of the step before.
    name, trainable, dtype, input_shape, activity_regularizer
        See `Layer`.

    Notes
    -----
    Inputs have shape (batch, time, ...), outputs (batch, units), or (batch, time, units) of all steps. Called with
    ``initial_state=[...]`` or on a list ``[sequences, *states]`` it begins with these states instead of zeros. Where
    a mask (batch, time) is false, the states stay.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> class Sum:  # of all inputs so far
    ...     state_size = 2
    ...     def call(self, x, states):
    ...         y = states[0] + x
    ...         return y, [y]
    >>> layers.RNN(Sum())(np.ones((1, 3, 2)))
    array([[3., 3.]], dtype=float32)
    """

    def __init__(
        self,
        cell: Any,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        zero_output_for_mask: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        if isinstance(cell, (list, tuple)):
            cell = StackedRNNCells(cell, dtype=self.dtype)
        if not hasattr(cell, "call") or not hasattr(cell, "state_size"):
            raise ValueError(f"RNN: a cell must have a method call and a state_size; received cell={cell!r}")
        self.cell = cell
        self.return_sequences = return_sequences
        self.return_state = return_state
        self.go_backwards = go_backwards
        self.stateful = stateful
        self.unroll = unroll
        self.zero_output_for_mask = zero_output_for_mask
        self.supports_masking = True
        self.states: Any = None

    @property
    def state_size(self) -> list[Any]:
        """Sizes of the states."""
        size = self.cell.state_size
        return list(size) if isinstance(size, (list, tuple)) else [size]

    def build(self, input_shape: Any) -> None:
        """Build the cell for the inputs of a step."""
        shape = _sequences(input_shape)
        if isinstance(self.cell, Layer) and not self.cell.built:
            self.cell.build((shape[0], *shape[2:]))

    def call(
        self, sequences: Any, initial_state: Any = None, mask: Any = None, training: bool = False
    ) -> Any:
        """Compute the output, and with ``return_state`` the last states."""
        if isinstance(sequences, (list, tuple)):
            sequences, *initial_state = sequences
        if isinstance(mask, (list, tuple)):
            mask = mask[0]
        check_sequences(sequences.shape, self.input_shape if self.built else None)
        if mask is not None:
            mask = np.asarray(mask, bool)
            if mask.shape != sequences.shape[:2]:
                raise ValueError(
                    f"the mask must have shape (batch, time), here {sequences.shape[:2]}; received {mask.shape}"
                )
        states = self._first_states(sequences.shape[0], initial_state)
        try:
            y, states = self._run(sequences, states, mask, training)
        finally:
            _draw_anew(self.cell)
        if self.stateful:
            self.states = tree.map_structure(lambda state: np.array(state), states)
        if self.zero_output_for_mask and mask is not None:
            mask = mask[:, ::-1] if self.go_backwards else mask
            y = ops.where((mask if self.return_sequences else mask[:, -1])[..., None], y, 0.0)
        return (y, *states) if self.return_state else y

    def _run(self, x: Any, states: Any, mask: Any, training: bool) -> tuple[Any, Any]:
        """Return the output or outputs, and the last states, which are asked for or not."""
        cell = self.cell
        takes_training = getattr(type(cell), "_takes_training", False)
        options = {"training": training} if takes_training else {}

        def step(x: Any, states: Any) -> tuple[Any, Any]:
            output, new = cell.call(x, states, **options)
            return output, list(new) if isinstance(new, (list, tuple)) else [new]

        if states is None:
            states = self.get_initial_state(x.shape[0])
        outputs, states = walk(step, x, states, mask, self.go_backwards)
        return ops.stack(outputs, axis=1) if self.return_sequences else outputs[-1], states

    def get_initial_state(self, batch_size: int) -> list[Any]:
        """Return states to begin with: the cell's own, or zeros."""
        if hasattr(self.cell, "get_initial_state"):
            states = self.cell.get_initial_state(batch_size=batch_size)
            return list(states) if isinstance(states, (list, tuple)) else [states]
        return [np.zeros((batch_size, size), self.dtype) for size in self.state_size]

    def _first_states(self, batch: int, given: Any) -> Any:
        """Return the states to begin with, None for those of `get_initial_state`."""
        if given is None or (isinstance(given, (list, tuple)) and not given):
            if not self.stateful or self.states is None:
                return None
            given = self.states
        sizes = tree.flatten(self.state_size)
        states = [state for state in tree.flatten(given) if state is not None]
        shapes = [tuple(state.shape) for state in states]
        if shapes != [(batch, size) for size in sizes]:
            raise ValueError(
                f"the states must have shapes {[(batch, size) for size in sizes]}; received {shapes}"
                + (": a stateful layer needs batches of one size" if given is self.states else "")
            )
        states = [state if isinstance(state, Tensor) else np.asarray(state, self.dtype) for state in states]
        return tree.pack(self.get_initial_state(batch), states)

    def reset_states(self) -> None:
        """Let the next batch begin with zeros, where the layer is stateful."""
        self.states = None

    reset_state = reset_states

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the output's shape; with ``return_state`` a list, with those of the states behind it."""
        shape = _sequences(input_shape)
        check_sequences(shape, self.input_shape if self.built else None)
        size = getattr(self.cell, "output_size", None) or self.state_size[0]
        output = (*shape[:2], size) if self.return_sequences else (shape[0], size)
        if not self.return_state:
            return output
        return [output, *tree.map_structure(lambda n: (shape[0], n), self.state_size)]

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return the mask of all outputs, where they are given."""
        mask = previous_mask[0] if isinstance(previous_mask, (list, tuple)) else previous_mask
        return mask if self.return_sequences else None

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), **self._walk_config(), "cell": serialize(self.cell)}

    def _walk_config(self) -> dict[str, Any]:
        names = (
            "return_sequences",
            "return_state",
            "go_backwards",
            "stateful",
            "unroll",
            "zero_output_for_mask",
        )
        return {name: getattr(self, name) for name in names}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Layer:
        """Make a layer from what `get_config` gave."""
        return cls(**{**config, "cell": deserialize(config["cell"])})


# What is asked of a layer and is its cell's.
_OF_THE_CELL = {
    *RecurrentCell._OPTIONS,
    "units",
    "activation",
    "recurrent_activation",
    "use_bias",
    "unit_forget_bias",
    "reset_after",
}


class RecurrentLayer(RNN):
    """The base of `SimpleRNN`, `LSTM` and `GRU`, which have a native walk besides that of their cell."""

    _CELL: type[RecurrentCell]
    cell: RecurrentCell

    def __init__(self, units: int, cell_options: dict[str, Any], options: dict[str, Any]) -> None:
        taken = [*RecurrentCell._OPTIONS, "implementation"]
        cell_options |= {name: options.pop(name) for name in taken if name in options}
        shared = {name: options[name] for name in ("dtype", "trainable") if name in options}
        cell = self._CELL(units, **cell_options, **shared)
        super().__init__(cell, **options)

    def __getattr__(self, name: str) -> Any:
        if name not in _OF_THE_CELL or "cell" not in vars(self):
            return object.__getattribute__(self, name)  # raises
        return getattr(self.cell, name)

    def _is_native(self) -> bool:
        """Return whether the native walk has the cell's activations."""
        return self.cell.activation is ops.tanh and getattr(self.cell, "recurrent_activation", None) in (
            None,
            ops.sigmoid,
        )

    def _native(self, x: Any, states: Any, **options: Any) -> Any:
        """Walk natively; gives the output, or it and the states."""
        raise NotImplementedError

    def _run(self, x: Any, states: Any, mask: Any, training: bool) -> tuple[Any, Any]:
        cell = self.cell
        drops = training and (cell.dropout > 0 or cell.recurrent_dropout > 0)
        if not self._is_native() or (drops and (cell.implementation == 1 or cell.recurrent_dropout > 0)):
            return super()._run(x, states, mask, training)
        if drops:
            x = x * cell.get_dropout_mask(x[:, 0])[0][:, None]
        wanted = self.return_state or self.stateful
        y = self._native(
            x,
            states,
            mask=mask,
            go_backwards=self.go_backwards,
            return_sequences=self.return_sequences,
            return_state=wanted,
        )
        return (y[0], list(y[1:])) if wanted else (y, None)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        config = super(RNN, self).get_config()
        return {**self.cell.get_config(), **self._walk_config(), **config}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Layer:
        """Make a layer from what `get_config` gave."""
        return cls(**config)


def _sequences(input_shape: Any) -> Shape:
    """Return the shape of the sequences, which states may follow."""
    return tuple(input_shape if tree.is_shape(input_shape) else input_shape[0])


def check_sequences(shape: Any, built_for: Any = None) -> None:
    """Refuse the shape of what are no sequences, or no such as the layer was built for."""
    shape, known = tuple(shape), None if built_for is None else _sequences(built_for)
    if len(shape) < 3 or (known is not None and shape[2:] != known[2:]):
        sizes = "features" if known is None else ", ".join(map(str, known[2:]))
        raise ValueError(f"inputs must have shape (batch, time, {sizes}); received {shape}")
    if shape[1] == 0:
        raise ValueError(f"sequences must have at least one step; received shape {shape}")


def _draw_anew(cell: Any) -> None:
    """Let cells drop other values in the next call."""
    if isinstance(cell, StackedRNNCells):
        for part in cell.cells:
            _draw_anew(part)
    elif isinstance(cell, RecurrentCell):
        cell.reset_dropout_mask()
        cell.reset_recurrent_dropout_mask()
