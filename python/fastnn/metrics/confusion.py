"""Counts of right and wrong yes-or-no predictions, and the shares made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from fastnn.losses.loss import operands
from fastnn.metrics.metric import Metric, _registry, weights_like


class Counts(NamedTuple):
    """Weights of the predictions of each kind, for each threshold: arrays of shape (thresholds,)."""

    true_positives: Any
    false_positives: Any
    true_negatives: Any
    false_negatives: Any


def count(metric: str, y_true: Any, y_pred: Any, thresholds: Any, sample_weight: Any = None) -> Counts:
    """Count predictions: above a threshold, which are sorted, a prediction is positive; labels are 0 or not 0."""
    y_true, y_pred = (np.asarray(y) for y in operands(metric, y_true, y_pred))
    weight = None if sample_weight is None else weights_like(y_pred, sample_weight).ravel()
    labels = y_true.ravel() != 0
    # In float32, as Keras: a prediction of 0.3 is not above 0.3.
    predicted = np.where(np.isnan(y_pred), -np.inf, y_pred).astype(np.float32).ravel()
    passed = np.searchsorted(np.asarray(thresholds, np.float32), predicted)  # how many thresholds lie below
    size = len(thresholds) + 1
    found = []
    for chosen in (labels, ~labels):
        bins = np.bincount(passed[chosen], None if weight is None else weight[chosen], size).astype(float)
        below = np.cumsum(bins)
        found.append((below[-1] - below[:-1], below[:-1]))
    (tp, fn), (fp, tn) = found
    return Counts(tp, fp, tn, fn)


def share(part: Any, rest: Any) -> Any:
    """Return ``part / (part + rest)``, 0 where both are 0."""
    whole = part + rest
    return np.divide(part, whole, out=np.zeros_like(whole), where=whole != 0)


class ConfusionMetric(Metric):
    """A metric made of counts of right and wrong predictions at some thresholds."""

    def __init__(
        self,
        thresholds: float | Sequence[float] | None = None,
        top_k: int | None = None,
        class_id: int | None = None,
        name: str | None = None,
    ) -> None:
        default = 0.5 if top_k is None else -1e10
        chosen = np.atleast_1d(default if thresholds is None else thresholds)
        if thresholds is not None and not ((chosen >= 0) & (chosen <= 1)).all():
            raise ValueError(f"thresholds must lie in [0, 1]; received thresholds={thresholds!r}")
        self.thresholds = chosen.tolist()
        self.init_thresholds = thresholds
        self.top_k = top_k
        self.class_id = class_id
        super().__init__(name)
        self.reset_state()

    def reset_state(self) -> None:
        """Forget all batches."""
        self.counts = Counts(*np.zeros((4, len(self.thresholds))))

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in one batch: labels 0 or 1 in the shape of the predictions, these in [0, 1]."""
        y_true, y_pred = (np.asarray(y) for y in operands(self.name, y_true, y_pred))
        if self.top_k is not None:
            order = np.argsort(-y_pred, -1, kind="stable")[..., : self.top_k]
            kept = np.full_like(y_pred, -1e10)
            np.put_along_axis(kept, order, np.take_along_axis(y_pred, order, -1), -1)
            y_pred = kept
        if self.class_id is not None:
            if y_pred.ndim < 2:
                raise ValueError(
                    f"[{self.name}] with class_id, predictions must have shape (n, classes); received {y_pred.shape}"
                )
            y_true, y_pred = y_true[..., self.class_id, None], y_pred[..., self.class_id, None]
        order = np.argsort(self.thresholds)
        found = count(self.name, y_true, y_pred, np.asarray(self.thresholds)[order], sample_weight)
        for total, more in zip(self.counts, found, strict=True):
            total[order] += more

    def _of_counts(self, counts: Counts) -> Any:
        """Return the result for each threshold."""
        raise NotImplementedError

    def result(self) -> Any:
        """Return a number, or with several thresholds an array."""
        found = self._of_counts(self.counts)
        return float(found[0]) if len(self.thresholds) == 1 else found.copy()

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {
            **super().get_config(),
            "thresholds": self.init_thresholds,
            "top_k": self.top_k,
            "class_id": self.class_id,
        }


class _Count(ConfusionMetric):
    """One of the counts."""

    def __init__(self, thresholds: float | Sequence[float] | None = None, name: str | None = None) -> None:
        super().__init__(thresholds, name=name)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"name": self.name, "thresholds": self.init_thresholds}


@_registry.register("true_positives")
class TruePositives(_Count):
    """The number of labels 1 that are predicted as such.

    Examples
    --------
    >>> from fastnn.metrics import TruePositives
    >>> TruePositives()([0, 1, 1, 1], [1, 0, 1, 1])
    2.0
    """

    def _of_counts(self, counts: Counts) -> Any:
        return counts.true_positives


@_registry.register("false_positives")
class FalsePositives(_Count):
    """The number of labels 0 that are predicted as 1.

    Examples
    --------
    >>> from fastnn.metrics import FalsePositives
    >>> FalsePositives()([0, 1, 0, 0], [0, 0, 1, 1])
    2.0
    """

    def _of_counts(self, counts: Counts) -> Any:
        return counts.false_positives


@_registry.register("true_negatives")
class TrueNegatives(_Count):
    """The number of labels 0 that are predicted as such.

    Examples
    --------
    >>> from fastnn.metrics import TrueNegatives
    >>> TrueNegatives()([0, 1, 0, 0], [1, 1, 0, 0])
    2.0
    """

    def _of_counts(self, counts: Counts) -> Any:
        return counts.true_negatives


@_registry.register("false_negatives")
class FalseNegatives(_Count):
    """The number of labels 1 that are predicted as 0.

    Examples
    --------
    >>> from fastnn.metrics import FalseNegatives
    >>> FalseNegatives()([0, 1, 1, 1], [0, 1, 0, 0])
    2.0
    """

    def _of_counts(self, counts: Counts) -> Any:
        return counts.false_negatives


@_registry.register("precision")
class Precision(ConfusionMetric):
    """The share of right ones among the predictions of 1.

    Parameters
    ----------
    thresholds : float or list of float in [0, 1], optional
        Predictions above one are 1; by default 0.5, or with ``top_k`` none.
    top_k : int, optional
        Only the largest predictions of a sample can be 1.
    class_id : int, optional
        The column that is looked at, by default all.
    name : str, optional

    Examples
    --------
    >>> from fastnn.metrics import Precision
    >>> round(Precision()([0, 1, 1, 1], [1, 0, 1, 1]), 4)
    0.6667
    """

    def _of_counts(self, counts: Counts) -> Any:
        return share(counts.true_positives, counts.false_positives)


@_registry.register("recall")
class Recall(ConfusionMetric):
    """The share of labels 1 that are predicted as such; see `Precision`.

    Examples
    --------
    >>> from fastnn.metrics import Recall
    >>> round(Recall()([0, 1, 1, 1], [1, 0, 1, 1]), 4)
    0.6667
    """

    def _of_counts(self, counts: Counts) -> Any:
        return share(counts.true_positives, counts.false_negatives)
