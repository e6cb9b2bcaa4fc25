"""Adam and AdamW."""

from __future__ import annotations

from typing import Any

from fastnn._core import native
from fastnn.optimizers.optimizer import Array, Optimizer, _registry


@_registry.register("adam")
class Adam(Optimizer):
    """Adaptive moment estimation.

    ``m = beta_1 * m + (1 - beta_1) * g; v = beta_2 * v + (1 - beta_2) * g**2;
    w -= learning_rate * sqrt(1 - beta_2**t) / (1 - beta_1**t) * m / (sqrt(v) + epsilon)``.

    Parameters
    ----------
    learning_rate : float or callable, default 0.001
    beta_1, beta_2 : float, default 0.9 and 0.999
        Share of the old moments that is kept at each step.
    epsilon : float, default 1e-7
    amsgrad : bool, default False
        Let the largest v so far take the place of v.
    weight_decay, clipnorm, clipvalue, global_clipnorm, name, lr
        See `Optimizer`.

    Notes
    -----
    Kingma and Ba, "Adam: a method for stochastic optimization", 2014 (epsilon is the paper's "epsilon hat").
    Reddi, Kale and Kumar, "On the convergence of Adam and beyond", 2018 (AMSGrad).
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        name: str | None = None,
        lr: float | None = None,
    ) -> None:
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, name, lr)
        self.beta_1, self.beta_2, self.epsilon, self.amsgrad = beta_1, beta_2, epsilon, amsgrad
        self.slots = ("momentum", "velocity") + ("velocity_hat",) * amsgrad

    def _update(
        self, values: list[Array], grads: list[Array], state: dict[str, list[Array]], rate: float
    ) -> None:
        native.adam_update(
            values,
            grads,
            state["momentum"],
            state["velocity"],
            state.get("velocity_hat"),
            rate,
            self.beta_1,
            self.beta_2,
            self.epsilon,
            self.iterations + 1,
            self.weight_decay or 0.0,
        )

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {
            **super().get_config(),
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
            "amsgrad": self.amsgrad,
        }


@_registry.register("adamw")
class AdamW(Adam):
    """Adam with decoupled weight decay, 0.004 by default.

    Loshchilov and Hutter, "Decoupled weight decay regularization", 2017. See `Adam`.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        weight_decay: float = 0.004,
        name: str | None = None,
        lr: float | None = None,
        **options: Any,
    ) -> None:
        rate = learning_rate if lr is None else lr
        super().__init__(rate, weight_decay=weight_decay, name=name, **options)
