"""Means of precision and recall."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn.losses.loss import EPSILON
from fastnn.metrics.metric import Metric, _registry, weights_like


@_registry.register("fbeta_score", "f_beta_score")
class FBetaScore(Metric):
    """The weighted harmonic mean of precision and recall, by class.

    Parameters
    ----------
    average : {None, "micro", "macro", "weighted"}
        None gives an array, one number for each class; "micro" counts all classes together; "macro" is the mean
        over the classes, "weighted" that weighted by their numbers of labels.
    beta : float
        How much more recall counts than precision.
    threshold : float in (0, 1], optional
        Predictions above are 1; by default the largest one of each sample is.
    name : str

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn.metrics import FBetaScore
    >>> y_true = np.array([[1, 1, 1], [1, 0, 0], [1, 1, 0]])
    >>> y_pred = np.array([[0.2, 0.6, 0.7], [0.2, 0.6, 0.6], [0.6, 0.8, 0.0]])
    >>> FBetaScore(beta=2.0, threshold=0.5)(y_true, y_pred).round(4)
    array([0.3846, 0.9091, 0.8333])
    """

    def __init__(
        self,
        average: str | None = None,
        beta: float = 1.0,
        threshold: float | None = None,
        name: str = "fbeta_score",
    ) -> None:
        known = (None, "micro", "macro", "weighted")
        if average not in known:
            raise ValueError(f"average must be one of {known}; received average={average!r}")
        if not beta > 0:
            raise ValueError(f"beta must be positive; received beta={beta!r}")
        if threshold is not None and not 0 < threshold <= 1:
            raise ValueError(f"threshold must lie in (0, 1]; received threshold={threshold!r}")
        self.average = average
        self.beta = beta
        self.threshold = threshold
        super().__init__(name)
        self.reset_state()

    def reset_state(self) -> None:
        """Forget all batches."""
        self.true_positives: Any = 0.0
        self.positives: Any = 0.0  # predicted
        self.labels: Any = 0.0

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in one batch: labels 0 or 1 and predictions, both of shape (n, classes)."""
        y_true, y_pred = np.asarray(y_true, float), np.asarray(y_pred)
        if y_true.ndim != 2 or y_true.shape != y_pred.shape:
            raise ValueError(
                f"[{self.name}] labels and predictions must have shape (n, classes); received y_true "
                f"{y_true.shape}, y_pred {y_pred.shape}"
            )
        if self.threshold is None:
            chosen = (y_pred >= y_pred.max(-1, keepdims=True)) & (np.abs(y_pred) > 1e-9)
        else:
            chosen = y_pred > self.threshold
        weight: Any = 1.0 if sample_weight is None else weights_like(y_pred, sample_weight)
        axis = None if self.average == "micro" else 0
        self.true_positives = self.true_positives + (chosen * y_true * weight).sum(axis)
        self.positives = self.positives + (chosen * weight).sum(axis)
        self.labels = self.labels + (y_true * weight).sum(axis)

    def result(self) -> Any:
        """Return one number, or one for each class."""
        precision = self.true_positives / (self.positives + EPSILON)
        recall = self.true_positives / (self.labels + EPSILON)
        factor = self.beta**2
        score = (1 + factor) * precision * recall / (factor * precision + recall + EPSILON)
        if self.average == "weighted":
            return float(np.sum(score * self.labels) / (np.sum(self.labels) + EPSILON))
        return score if self.average is None else float(np.mean(score))

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {
            **super().get_config(),
            "average": self.average,
            "beta": self.beta,
            "threshold": self.threshold,
        }


@_registry.register("f1_score")
class F1Score(FBetaScore):
    """The harmonic mean of precision and recall, by class; see `FBetaScore`.

    Examples
    --------
    >>> from fastnn.metrics import F1Score
    >>> round(F1Score("macro")([[1, 0], [0, 1]], [[0.8, 0.2], [0.6, 0.4]]), 4)
    0.3333
    """

    def __init__(
        self, average: str | None = None, threshold: float | None = None, name: str = "f1_score"
    ) -> None:
        super().__init__(average, 1.0, threshold, name)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        config = super().get_config()
        del config["beta"]
        return config
