"""Losses of distributions: how far one lies from another, and counts of events."""

from __future__ import annotations

from typing import Any

from fastnn import ops
from fastnn.losses.loss import EPSILON, FunctionLoss, _registry, class_of, operands


@_registry.register("kld", "KLD")
def kl_divergence(y_true: Any, y_pred: Any) -> Any:
    r"""Return the Kullback-Leibler divergence of the labels from the predictions.

    .. math:: L = \sum_i y^{true}_i \log \frac{y^{true}_i}{y^{pred}_i}

    Parameters
    ----------
    y_true, y_pred : array_like, shape (..., n)
        Probabilities, clipped to [1e-7, 1].

    Returns
    -------
    losses : array, shape (...)

    Examples
    --------
    >>> from fastnn.losses import kl_divergence
    >>> kl_divergence([[0.5, 0.5]], [[0.25, 0.75]]).round(4)
    array([0.1438])
    """
    y_true, y_pred = operands("kl_divergence", y_true, y_pred)
    y_true, y_pred = ops.clip(y_true, EPSILON, 1.0), ops.clip(y_pred, EPSILON, 1.0)
    return ops.sum(ops.multiply(y_true, ops.log(ops.divide(y_true, y_pred))), -1)


@_registry.register()
def poisson(y_true: Any, y_pred: Any) -> Any:
    r"""Return the mean of the negative logarithms of Poisson probabilities, but for what the labels alone give.

    .. math:: L = \frac{1}{n} \sum_i y^{pred}_i - y^{true}_i \log (y^{pred}_i + 10^{-7})

    Parameters
    ----------
    y_true, y_pred : array_like, shape (..., n)
        Counts, and the rates that are predicted for them.

    Returns
    -------
    losses : array, shape (...)

    Examples
    --------
    >>> from fastnn.losses import poisson
    >>> poisson([[1.0, 0.0]], [[2.0, 1.0]]).round(4)
    array([1.1534])
    """
    y_true, y_pred = operands("poisson", y_true, y_pred)
    logarithm = ops.log(ops.add(y_pred, EPSILON))
    return ops.mean(ops.subtract(y_pred, ops.multiply(y_true, logarithm)), -1)


@class_of(kl_divergence)
class KLDivergence(FunctionLoss):
    """See `kl_divergence` and `Loss`."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "kl_divergence",
    ) -> None:
        super().__init__(kl_divergence, name, reduction)


@class_of(poisson)
class Poisson(FunctionLoss):
    """See `poisson` and `Loss`."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "poisson",
    ) -> None:
        super().__init__(poisson, name, reduction)
