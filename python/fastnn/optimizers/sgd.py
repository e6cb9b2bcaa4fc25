"""Stochastic gradient descent."""

from __future__ import annotations

from typing import Any

from fastnn._core import native
from fastnn.optimizers.optimizer import Array, Optimizer, _registry


@_registry.register("sgd")
class SGD(Optimizer):
    """Stochastic gradient descent, with momentum.

    ``w -= learning_rate * g``; with momentum ``m = momentum * m - learning_rate * g; w += m``, and with
    ``nesterov`` ``w += momentum * m - learning_rate * g``.

    Parameters
    ----------
    learning_rate : float or callable, default 0.01
    momentum : float in [0, 1], default 0
    nesterov : bool, default False
        Look ahead along the momentum (Nesterov 1983; Sutskever et al. 2013).
    weight_decay, clipnorm, clipvalue, global_clipnorm, name, lr
        See `Optimizer`.

    Examples
    --------
    >>> from fastnn import Variable
    >>> from fastnn.optimizers import SGD
    >>> w = Variable([1.0])
    >>> SGD(learning_rate=0.1).apply_gradients([(w.numpy() * 2, w)])
    >>> w.numpy()
    array([0.8])
    """

    def __init__(
        self,
        learning_rate: Any = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        name: str | None = None,
        lr: float | None = None,
    ) -> None:
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, name, lr)
        if not 0 <= momentum <= 1:
            raise ValueError(f"momentum must lie in [0, 1]; received momentum={momentum}")
        self.momentum = momentum
        self.nesterov = nesterov
        self.slots = ("momentum",) if momentum else ()

    def _update(
        self, values: list[Array], grads: list[Array], state: dict[str, list[Array]], rate: float
    ) -> None:
        native.sgd_update(
            values, grads, state.get("momentum"), rate, self.momentum, self.nesterov, self.weight_decay or 0.0
        )

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "momentum": self.momentum, "nesterov": self.nesterov}
