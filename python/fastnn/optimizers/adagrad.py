"""Adagrad."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.optimizers.optimizer import Array, Optimizer, _registry


@_registry.register("adagrad")
class Adagrad(Optimizer):
    """Divide the gradient by the root of the sum of all its squares so far.

    ``a += g**2; w -= learning_rate * g / sqrt(a + epsilon)``: what has moved much moves less and less. The rate
    wants to be larger than elsewhere; the paper has 1.

    Parameters
    ----------
    learning_rate : float or callable, default 0.001
    initial_accumulator_value : float, default 0.1
        Where a begins.
    epsilon : float, default 1e-7
    weight_decay, clipnorm, clipvalue, global_clipnorm, name, lr
        See `Optimizer`.

    Notes
    -----
    Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization", 2011.

    Examples
    --------
    >>> from fastnn import Variable
    >>> from fastnn.optimizers import Adagrad
    >>> w = Variable([1.0, 1.0])
    >>> Adagrad(0.1, initial_accumulator_value=0.0).apply_gradients([([3.0, 300.0], w)])
    >>> w.numpy()
    array([0.9, 0.9])
    """

    slots = ("accumulator",)

    def __init__(
        self,
        learning_rate: Any = 0.001,
        initial_accumulator_value: float = 0.1,
        epsilon: float = 1e-7,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        name: str | None = None,
        lr: float | None = None,
    ) -> None:
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, name, lr)
        if not initial_accumulator_value >= 0:
            raise ValueError(
                "initial_accumulator_value must not be negative; received "
                f"initial_accumulator_value={initial_accumulator_value}"
            )
        self.initial_accumulator_value, self.epsilon = initial_accumulator_value, epsilon

    def _new_slot(self, like: Array) -> Array:
        return np.full_like(like, self.initial_accumulator_value)

    def _update(
        self, values: list[Array], grads: list[Array], state: dict[str, list[Array]], rate: float
    ) -> None:
        native.adagrad_update(
            values, grads, state["accumulator"], rate, self.epsilon, self.weight_decay or 0.0
        )

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {
            **super().get_config(),
            "initial_accumulator_value": self.initial_accumulator_value,
            "epsilon": self.epsilon,
        }
