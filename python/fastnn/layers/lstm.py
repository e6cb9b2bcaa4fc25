"""Long short-term memory."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn import activations, initializers, ops
from fastnn.layers.layer import _registry
from fastnn.layers.recurrent_cell import RecurrentCell
from fastnn.layers.rnn import RecurrentLayer
from fastnn.ops._recurrent import lstm_step


@_registry.register()
class LSTMCell(RecurrentCell):
    """One step of `LSTM`.

    Parameters
    ----------
    units, activation, recurrent_activation, use_bias, unit_forget_bias, options
        See `LSTM`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> cell = layers.LSTMCell(3)
    >>> output, (h, c) = cell(np.ones((2, 4)), cell.get_initial_state(2))
    >>> output.shape, c.shape
    ((2, 3), (2, 3))
    """

    _gates = 4

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
        use_bias: bool = True,
        unit_forget_bias: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(units, activation, use_bias, **options)
        self.recurrent_activation = activations.get(recurrent_activation)
        self.unit_forget_bias = unit_forget_bias

    @property
    def state_size(self) -> list[int]:
        """Sizes of state and carry."""
        return [self.units, self.units]

    def _first_bias(self, shape: Any, dtype: Any) -> Any:
        if not self.unit_forget_bias:
            return super()._first_bias(shape, dtype)
        of = super()._first_bias
        ones = initializers.get("ones")((self.units,), dtype)
        return np.concatenate([of((self.units,), dtype), ones, of((2 * self.units,), dtype)])

    def call(self, x: Any, states: Any = None, training: bool = False) -> Any:
        """Return the output, and the new state and carry; without ``states``, begin with zeros."""
        h, c = self.get_initial_state(x.shape[0]) if states is None else states
        x, of_x, of_h = self._dropped(x, h, training)
        h, c = lstm_step(
            x,
            h,
            c,
            self.kernel,
            self.recurrent_kernel,
            self.bias,
            self.activation,
            self.recurrent_activation,
            of_x,
            of_h,
        )
        return h, [h, c]

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "unit_forget_bias": self.unit_forget_bias}


@_registry.register()
class LSTM(RecurrentLayer):
    """Long short-term memory: a recurrent layer whose gates decide what to keep.

    With ``i, f, g, o = x[t] @ kernel + h[t - 1] @ recurrent_kernel + bias``, cut in four, and s the recurrent
    activation: ``c[t] = s(f) * c[t - 1] + s(i) * activation(g)`` and ``h[t] = s(o) * activation(c[t])``.

    Parameters
    ----------
    units : int
        Size of the state.
    activation : str or callable, default "tanh"
    recurrent_activation : str or callable, default "sigmoid"
        Of the gates. Others than the two defaults are computed step by step, which is slower.
    use_bias : bool
    unit_forget_bias : bool
        Whether the bias of f begins with ones.
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
        See `RNN`. The states are h and c.
    name, trainable, dtype, input_shape, activity_regularizer
        See `Layer`.

    Notes
    -----
    Weights: kernel (features, 4 units), recurrent kernel (units, 4 units), bias (4 units,), gates in the order
    i, f, g, o. Hochreiter and Schmidhuber, "Long short-term memory", 1997.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.LSTM(4)(np.ones((2, 5, 3))).shape
    (2, 4)
    >>> y, h, c = layers.LSTM(4, return_sequences=True, return_state=True)(np.ones((2, 5, 3)))
    >>> y.shape, c.shape
    ((2, 5, 4), (2, 4))
    """

    _CELL = LSTMCell

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
        use_bias: bool = True,
        unit_forget_bias: bool = True,
        **options: Any,
    ) -> None:
        own = {
            "activation": activation,
            "recurrent_activation": recurrent_activation,
            "use_bias": use_bias,
            "unit_forget_bias": unit_forget_bias,
        }
        super().__init__(units, own, options)

    def _native(self, x: Any, states: Any, **options: Any) -> Any:
        cell = self.cell
        return ops.lstm(x, cell.kernel, cell.recurrent_kernel, cell.bias, states, **options)
