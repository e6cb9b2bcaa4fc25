"""Losses of margins: labels are -1 or 1, or one-hot."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn import ops
from fastnn.losses.loss import FunctionLoss, _registry, class_of, operands


def _signs(y_true: Any) -> Any:
    """Return labels as -1 and 1 where all are 0 or 1, as they are otherwise."""
    labels = np.asarray(y_true)
    if ((labels == 0) | (labels == 1)).all():
        return ops.subtract(ops.multiply(y_true, 2.0), 1.0)
    return y_true


def _short_of_margin(loss: str, y_true: Any, y_pred: Any) -> Any:
    y_true, y_pred = operands(loss, y_true, y_pred)
    return ops.maximum(ops.subtract(1.0, ops.multiply(_signs(y_true), y_pred)), 0.0)


@_registry.register()
def hinge(y_true: Any, y_pred: Any) -> Any:
    r"""Return the mean of what the predictions lack to a margin of 1.

    .. math:: L = \frac{1}{n} \sum_i \max(1 - y^{true}_i y^{pred}_i, 0)

    Parameters
    ----------
    y_true : array_like, shape (..., n)
        -1 or 1; labels that are all 0 or 1 are taken for these.
    y_pred : array_like, shape (..., n)

    Returns
    -------
    losses : array, shape (...)

    Examples
    --------
    >>> from fastnn.losses import hinge
    >>> hinge([[1.0, -1.0]], [[0.5, -2.0]])
    array([0.25])
    """
    return ops.mean(_short_of_margin("hinge", y_true, y_pred), -1)


@_registry.register()
def squared_hinge(y_true: Any, y_pred: Any) -> Any:
    r"""Return the mean of the squares of what the predictions lack to a margin of 1.

    .. math:: L = \frac{1}{n} \sum_i \max(1 - y^{true}_i y^{pred}_i, 0)^2

    Parameters
    ----------
    y_true : array_like, shape (..., n)
        -1 or 1; labels that are all 0 or 1 are taken for these.
    y_pred : array_like, shape (..., n)

    Returns
    -------
    losses : array, shape (...)

    Examples
    --------
    >>> from fastnn.losses import squared_hinge
    >>> squared_hinge([[1.0, -1.0]], [[0.5, -2.0]])
    array([0.125])
    """
    return ops.mean(ops.square(_short_of_margin("squared_hinge", y_true, y_pred)), -1)


@_registry.register()
def categorical_hinge(y_true: Any, y_pred: Any) -> Any:
    r"""Return what the label's prediction lacks to a margin of 1 before the largest other one.

    .. math:: L = \max(1 + \max_i (1 - y^{true}_i) y^{pred}_i - \sum_i y^{true}_i y^{pred}_i, 0)

    Parameters
    ----------
    y_true, y_pred : array_like, shape (..., classes)
        The labels one-hot.

    Returns
    -------
    losses : array, shape (...)

    Examples
    --------
    >>> from fastnn.losses import categorical_hinge
    >>> categorical_hinge([[0.0, 1.0]], [[0.25, 0.75]])
    array([0.5])
    """
    y_true, y_pred = operands("categorical_hinge", y_true, y_pred)
    label = ops.sum(ops.multiply(y_true, y_pred), -1)
    other = ops.max(ops.multiply(ops.subtract(1.0, y_true), y_pred), -1)
    return ops.maximum(ops.add(ops.subtract(other, label), 1.0), 0.0)


@class_of(hinge)
class Hinge(FunctionLoss):
    """See `hinge` and `Loss`."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "hinge",
    ) -> None:
        super().__init__(hinge, name, reduction)


@class_of(squared_hinge)
class SquaredHinge(FunctionLoss):
    """See `squared_hinge` and `Loss`."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "squared_hinge",
    ) -> None:
        super().__init__(squared_hinge, name, reduction)


@class_of(categorical_hinge)
class CategoricalHinge(FunctionLoss):
    """See `categorical_hinge` and `Loss`."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "categorical_hinge",
    ) -> None:
        super().__init__(categorical_hinge, name, reduction)
