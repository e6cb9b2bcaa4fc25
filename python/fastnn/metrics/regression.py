"""Errors of predicted numbers followed as metrics."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fastnn import losses
from fastnn.losses.loss import operands
from fastnn.metrics.metric import MeanMetricWrapper, Metric, _registry


@_registry.register("mean_squared_error", "mse", "MSE")
class MeanSquaredError(MeanMetricWrapper):
    """The mean of `fastnn.losses.mean_squared_error`."""

    def __init__(self, name: str = "mean_squared_error") -> None:
        super().__init__(losses.mean_squared_error, name)


@_registry.register("root_mean_squared_error")
class RootMeanSquaredError(Metric):
    """The root of the mean of all squared differences.

    Examples
    --------
    >>> from fastnn.metrics import RootMeanSquaredError
    >>> m = RootMeanSquaredError()
    >>> m.update_state([[0.0], [0.0]], [[1.0], [7.0]])
    >>> m.result()
    5.0
    """

    def __init__(self, name: str = "root_mean_squared_error") -> None:
        super().__init__(name)

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in one batch."""
        y_true, y_pred = operands("root_mean_squared_error", y_true, y_pred)
        self._add(np.square(np.subtract(y_pred, y_true)), sample_weight)

    def result(self) -> float:
        """Return the metric over all batches since the last reset."""
        return math.sqrt(super().result())


@_registry.register("mean_absolute_error", "mae", "MAE")
class MeanAbsoluteError(MeanMetricWrapper):
    """The mean of `fastnn.losses.mean_absolute_error`."""

    def __init__(self, name: str = "mean_absolute_error") -> None:
        super().__init__(losses.mean_absolute_error, name)


@_registry.register("mean_absolute_percentage_error", "mape", "MAPE")
class MeanAbsolutePercentageError(MeanMetricWrapper):
    """The mean of `fastnn.losses.mean_absolute_percentage_error`."""

    def __init__(self, name: str = "mean_absolute_percentage_error") -> None:
        super().__init__(losses.mean_absolute_percentage_error, name)


@_registry.register("mean_squared_logarithmic_error", "msle", "MSLE")
class MeanSquaredLogarithmicError(MeanMetricWrapper):
    """The mean of `fastnn.losses.mean_squared_logarithmic_error`."""

    def __init__(self, name: str = "mean_squared_logarithmic_error") -> None:
        super().__init__(losses.mean_squared_logarithmic_error, name)


@_registry.register("log_cosh_error", "logcosh", "log_cosh")
class LogCoshError(MeanMetricWrapper):
    """The mean of `fastnn.losses.log_cosh`."""

    def __init__(self, name: str = "logcosh") -> None:
        super().__init__(losses.log_cosh, name)


def _cosine(y_true: Any, y_pred: Any, axis: int) -> Any:
    return -losses.cosine_similarity(y_true, y_pred, axis)


@_registry.register("cosine_similarity")
class CosineSimilarity(MeanMetricWrapper):
    """The mean cosine of the angle between labels and predictions: 1 for the same direction, unlike the loss.

    Examples
    --------
    >>> from fastnn.metrics import CosineSimilarity
    >>> m = CosineSimilarity()
    >>> m.update_state([[1.0, 0.0], [0.0, 2.0]], [[3.0, 0.0], [1.0, 0.0]])
    >>> m.result()
    0.5
    """

    def __init__(self, name: str = "cosine_similarity", axis: int = -1) -> None:
        super().__init__(_cosine, name, axis=axis)
