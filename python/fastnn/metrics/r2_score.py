"""The coefficient of determination."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from fastnn.losses.loss import operands
from fastnn.metrics.metric import Metric, _registry, weights_like


@_registry.register("r2_score")
class R2Score(Metric):
    """The share of the labels' variance that predictions explain: 1 is perfect, 0 as good as the mean.

    Parameters
    ----------
    class_aggregation : {"uniform_average", "variance_weighted_average", None}
        How the numbers of several outputs become one; None gives an array.
    num_regressors : int
        The number of inputs of the model for the adjusted score, 0 for the plain one.
    name : str

    Examples
    --------
    >>> from fastnn.metrics import R2Score
    >>> round(R2Score()([[1.0], [4.0], [3.0]], [[2.0], [4.0], [4.0]]), 4)
    0.5714
    """

    def __init__(
        self,
        class_aggregation: str | None = "uniform_average",
        num_regressors: int = 0,
        name: str = "r2_score",
    ) -> None:
        known = (None, "uniform_average", "variance_weighted_average")
        if class_aggregation not in known:
            raise ValueError(
                f"class_aggregation must be one of {known}; received class_aggregation={class_aggregation!r}"
            )
        if num_regressors < 0:
            raise ValueError(f"num_regressors must not be negative; received num_regressors={num_regressors}")
        self.class_aggregation = class_aggregation
        self.num_regressors = num_regressors
        super().__init__(name)
        self.reset_state()

    def reset_state(self) -> None:
        """Forget all batches."""
        self.weights: Any = 0.0
        self.mean: Any = 0.0
        self.variation: Any = 0.0  # the sum of the squared distances of labels from their mean
        self.error: Any = 0.0
        self.num_samples = 0

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in one batch of labels and predictions, shape (n, outputs)."""
        true, predicted = (np.asarray(y, float) for y in operands(self.name, y_true, y_pred))
        if true.ndim != 2:
            raise ValueError(
                f"[{self.name}] labels and predictions must have shape (n, outputs); received {true.shape}"
            )
        weight = np.ones_like(true) if sample_weight is None else weights_like(true, sample_weight)
        self.error = self.error + (weight * (true - predicted) ** 2).sum(0)
        self.num_samples += true.size
        # Batches are merged by their means: sums of squares lose their digits where labels are far from zero.
        count = weight.sum(0)
        mean = (weight * true).sum(0) / np.where(count, count, 1)
        total = self.weights + count
        part = np.divide(count, total, out=np.zeros_like(count), where=total != 0)
        self.variation = (
            self.variation
            + (weight * (true - mean) ** 2).sum(0)
            + (mean - self.mean) ** 2 * self.weights * part
        )
        self.mean = self.mean + (mean - self.mean) * part
        self.weights = total

    def result(self) -> Any:
        """Return one number, or one for each output."""
        if not self.num_samples:
            return 0.0
        with np.errstate(divide="ignore", invalid="ignore"):
            each = 1 - self.error / self.variation
        each = np.where(np.isinf(each), 0.0, each)
        score: Any = each
        if self.class_aggregation == "uniform_average":
            score = float(each.mean())
        elif self.class_aggregation == "variance_weighted_average":
            score = float(np.average(each, weights=self.variation))
        if not self.num_regressors:
            return score
        free = self.num_samples - self.num_regressors - 1
        if free <= 0:
            warnings.warn(
                f"R2Score: the adjusted score needs more samples ({self.num_samples}) than num_regressors + 1 "
                f"({self.num_regressors + 1}); the plain score is given",
                stacklevel=2,
            )
            return score
        return 1 - (1 - score) * (self.num_samples - 1) / free

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {
            **super().get_config(),
            "class_aggregation": self.class_aggregation,
            "num_regressors": self.num_regressors,
        }
