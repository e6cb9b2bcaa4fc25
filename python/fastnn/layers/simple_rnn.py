"""The simple recurrent layer."""

from __future__ import annotations

from typing import Any

from fastnn import activations, ops
from fastnn.layers.layer import _registry
from fastnn.layers.recurrent_cell import RecurrentCell
from fastnn.layers.rnn import RecurrentLayer
from fastnn.ops._recurrent import simple_rnn_step

_FUSED = {activations.linear: "linear", ops.relu: "relu", ops.sigmoid: "sigmoid", ops.tanh: "tanh"}


@_registry.register()
class SimpleRNNCell(RecurrentCell):
    """One step of `SimpleRNN`: ``h = activation(x @ kernel + bias + h @ recurrent_kernel)``.

    Parameters
    ----------
    units, activation, use_bias, options
        See `SimpleRNN`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> output, states = layers.SimpleRNNCell(3)(np.ones((2, 4)), [np.zeros((2, 3))])
    >>> output.shape, len(states)
    ((2, 3), 1)
    """

    def __init__(self, units: int, activation: Any = "tanh", use_bias: bool = True, **options: Any) -> None:
        super().__init__(units, activation, use_bias, **options)

    def call(self, x: Any, states: Any = None, training: bool = False) -> Any:
        """Return the output and the new state; without ``states``, begin with zeros."""
        states = self.get_initial_state(x.shape[0]) if states is None else states
        h = states[0] if isinstance(states, (list, tuple)) else states
        x, _, of_h = self._dropped(x, h, training)
        h = h if of_h is None else h * of_h[0]
        h = simple_rnn_step(x, h, self.kernel, self.recurrent_kernel, self.bias, self.activation)
        return h, [h] if isinstance(states, (list, tuple)) else h


@_registry.register()
class SimpleRNN(RecurrentLayer):
    """A recurrent layer whose output is its next state.

    ``h[t] = activation(x[t] @ kernel + bias + h[t - 1] @ recurrent_kernel)``

    Parameters
    ----------
    units : int
        Size of the state.
    activation : str or callable, default "tanh"
    use_bias : bool
    kernel_initializer, recurrent_initializer, bias_initializer : str or Initializer
        "glorot_uniform", "orthogonal", "zeros".
    kernel_regularizer, recurrent_regularizer, bias_regularizer : str or Regularizer, optional
    kernel_constraint, recurrent_constraint, bias_constraint : str or Constraint, optional
    dropout, recurrent_dropout : float
        Shares of the inputs and of the state that are dropped in training, the same at all steps.
    seed : int, optional
        For dropout.
    return_sequences, return_state, go_backwards, stateful, unroll, zero_output_for_mask
        See `RNN`.
    name, trainable, dtype, input_shape, activity_regularizer
        See `Layer`.

    Notes
    -----
    Weights: kernel (features, units), recurrent kernel (units, units), bias (units,).

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.SimpleRNN(4)(np.ones((2, 5, 3))).shape
    (2, 4)
    >>> layers.SimpleRNN(4, return_sequences=True)(np.ones((2, 5, 3))).shape
    (2, 5, 4)
    """

    _CELL = SimpleRNNCell

    def __init__(self, units: int, activation: Any = "tanh", use_bias: bool = True, **options: Any) -> None:
        super().__init__(units, {"activation": activation, "use_bias": use_bias}, options)

    def _is_native(self) -> bool:
        return self.cell.activation in _FUSED

    def _native(self, x: Any, states: Any, **options: Any) -> Any:
        cell = self.cell
        state, activation = states and states[0], _FUSED[cell.activation]
        weights = cell.kernel, cell.recurrent_kernel, cell.bias
        return ops.simple_rnn(x, *weights, state, activation=activation, **options)
