"""Gated recurrent units."""

from __future__ import annotations

from typing import Any

from fastnn import activations, ops
from fastnn.layers.layer import Shape, _registry
from fastnn.layers.recurrent_cell import RecurrentCell
from fastnn.layers.rnn import RecurrentLayer
from fastnn.ops._recurrent import gru_step


@_registry.register()
class GRUCell(RecurrentCell):
    """One step of `GRU`.

    Parameters
    ----------
    units, activation, recurrent_activation, use_bias, reset_after, options
        See `GRU`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> output, states = layers.GRUCell(3)(np.ones((2, 4)), [np.zeros((2, 3))])
    >>> output.shape, len(states)
    ((2, 3), 1)
    """

    _gates = 3

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
        use_bias: bool = True,
        reset_after: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(units, activation, use_bias, **options)
        self.recurrent_activation = activations.get(recurrent_activation)
        self.reset_after = reset_after

    def _bias_shape(self) -> Shape:
        return (2, 3 * self.units) if self.reset_after else (3 * self.units,)

    def call(self, x: Any, states: Any = None, training: bool = False) -> Any:
        """Return the output and the new state; without ``states``, begin with zeros."""
        states = self.get_initial_state(x.shape[0]) if states is None else states
        h = states[0] if isinstance(states, (list, tuple)) else states
        x, of_x, of_h = self._dropped(x, h, training)
        h = gru_step(
            x,
            h,
            self.kernel,
            self.recurrent_kernel,
            self.bias,
            self.reset_after,
            self.activation,
            self.recurrent_activation,
            of_x,
            of_h,
        )
        return h, [h] if isinstance(states, (list, tuple)) else h

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "reset_after": self.reset_after}


@_registry.register()
class GRU(RecurrentLayer):
    """Gated recurrent units: a recurrent layer whose gates decide what to update.

    With s the recurrent activation, and x and h times their kernels and with their biases, cut in three, named
    after the gates z, r, h: ``z = s(x_z + h_z)``, ``r = s(x_r + h_r)``, ``new = activation(x_h + r * h_h)`` and
    ``h[t] = z * h[t - 1] + (1 - z) * new``.

    Parameters
    ----------
    units : int
        Size of the state.
    activation : str or callable, default "tanh"
    recurrent_activation : str or callable, default "sigmoid"
        Of the gates. Others than the two defaults are computed step by step, which is slower.
    use_bias : bool
    reset_after : bool
        Whether r is applied after the product with the recurrent kernel, as above, or to the state before it.
    kernel_initializer, recurrent_initializer, bias_initializer : str or Initializer
        "glorot_uniform", "orthogonal", "zeros".
    kernel_regularizer, recurrent_regularizer, bias_regularizer : str or Regularizer, optional
    kernel_constraint, recurrent_constraint, bias_constraint : str or Constraint, optional
    dropout, recurrent_dropout : float
        Shares of the inputs and of the state that are dropped in training, the same at all steps.
        ``recurrent_dropout`` is computed step by step.
    seed : int, optional
        For dropout.
    return_sequences, return_state, go_backwards, stateful, unroll, zero_output_for_mask
        See `RNN`.
    name, trainable, dtype, input_shape, activity_regularizer
        See `Layer`.

    Notes
    -----
    Weights: kernel (features, 3 units), recurrent kernel (units, 3 units), bias (2, 3 units) of x and of h, or with
    ``reset_after=False`` (3 units,), gates in the order z, r, h. Cho et al., "Learning phrase representations using
    RNN encoder-decoder for statistical machine translation", 2014.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.GRU(4)(np.ones((2, 5, 3))).shape
    (2, 4)
    >>> [w.shape for w in layers.GRU(4, input_shape=(5, 3)).weights]
    []
    """

    _CELL = GRUCell

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
        use_bias: bool = True,
        reset_after: bool = True,
        **options: Any,
    ) -> None:
        own = {
            "activation": activation,
            "recurrent_activation": recurrent_activation,
            "use_bias": use_bias,
            "reset_after": reset_after,
        }
        super().__init__(units, own, options)

    def _native(self, x: Any, states: Any, **options: Any) -> Any:
        cell = self.cell
        weights = cell.kernel, cell.recurrent_kernel, cell.bias
        return ops.gru(x, *weights, states and states[0], reset_after=self.reset_after, **options)
