"""RMSprop."""

from __future__ import annotations

from typing import Any

from fastnn._core import native
from fastnn.optimizers.optimizer import Array, Optimizer, _registry


@_registry.register("rmsprop")
class RMSprop(Optimizer):
    """Divide the gradient by a running root mean square of itself.

    ``v = rho * v + (1 - rho) * g**2; w -= learning_rate * g / sqrt(v + epsilon)``. With ``centered`` the
    running variance takes the place of v; with momentum the increments are accumulated first.

    Parameters
    ----------
    learning_rate : float or callable, default 0.001
    rho : float, default 0.9
        Share of the old mean square that is kept at each step.
    momentum : float, default 0
    epsilon : float, default 1e-7
    centered : bool, default False
    weight_decay, clipnorm, clipvalue, global_clipnorm, name, lr
        See `Optimizer`.

    Notes
    -----
    Tieleman and Hinton, "Lecture 6.5 - RMSProp", Coursera, 2012.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        name: str | None = None,
        lr: float | None = None,
    ) -> None:
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, name, lr)
        self.rho, self.momentum, self.epsilon, self.centered = rho, momentum, epsilon, centered
        self.slots = ("velocity",) + ("momentum",) * (momentum > 0) + ("average_gradient",) * centered

    def _update(
        self, values: list[Array], grads: list[Array], state: dict[str, list[Array]], rate: float
    ) -> None:
        native.rmsprop_update(
            values,
            grads,
            state["velocity"],
            state.get("momentum"),
            state.get("average_gradient"),
            rate,
            self.rho,
            self.momentum,
            self.epsilon,
            self.weight_decay or 0.0,
        )

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {
            **super().get_config(),
            "rho": self.rho,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "centered": self.centered,
        }
