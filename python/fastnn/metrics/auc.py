"""The area under a curve through the results at many thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fastnn import ops
from fastnn.losses.loss import EPSILON, operands
from fastnn.metrics.confusion import Counts, count, share
from fastnn.metrics.metric import Metric, _registry, weights_like

_CURVES = ("ROC", "PR")
_SUMS = ("interpolation", "majoring", "minoring")


@_registry.register("auc")
class AUC(Metric):
    """The area under the curve of true over false positives (ROC), or of precision over recall (PR).

    Parameters
    ----------
    num_thresholds : int
        At so many thresholds, evenly spaced, the curve is known.
    curve : {"ROC", "PR"}
    summation_method : {"interpolation", "majoring", "minoring"}
        Between two points the curve is a line (PR: as Davis & Goadrich, 2006), or as high as the higher or
        the lower one.
    name : str, optional
    thresholds : list of float, optional
        Instead of ``num_thresholds``; 0 and 1 are added.
    multi_label : bool
        Whether each column has an area of its own, of which the mean is taken.
    num_labels : int, optional
        The number of columns with ``multi_label``, known with the first batch otherwise.
    label_weights : list of float, optional
        Weights of the columns.
    from_logits : bool
        Whether predictions are logits.

    Examples
    --------
    >>> from fastnn.metrics import AUC
    >>> round(AUC(num_thresholds=3)([0, 0, 1, 1], [0.0, 0.5, 0.3, 0.9]), 4)
    0.75
    """

    def __init__(
        self,
        num_thresholds: int = 200,
        curve: str = "ROC",
        summation_method: str = "interpolation",
        name: str | None = None,
        thresholds: Sequence[float] | None = None,
        multi_label: bool = False,
        num_labels: int | None = None,
        label_weights: Sequence[float] | None = None,
        from_logits: bool = False,
    ) -> None:
        if curve.upper() not in _CURVES:
            raise ValueError(f"curve must be one of {_CURVES}; received curve={curve!r}")
        if summation_method.lower() not in _SUMS:
            raise ValueError(
                f"summation_method must be one of {_SUMS}; received summation_method={summation_method!r}"
            )
        if thresholds is None and num_thresholds < 2:
            raise ValueError(f"num_thresholds must be at least 2; received num_thresholds={num_thresholds}")
        self.curve = curve.upper()
        self.summation_method = summation_method.lower()
        self.init_thresholds = thresholds
        inner = np.linspace(0, 1, num_thresholds)[1:-1] if thresholds is None else np.sort(thresholds)
        # The outermost ones leave nothing out, 0 and 1 neither.
        self.thresholds = np.concatenate([[-EPSILON], inner, [1 + EPSILON]])
        self.multi_label = multi_label
        self.num_labels = num_labels
        self.label_weights = label_weights
        self.from_logits = from_logits
        super().__init__(name)
        self.reset_state()

    def reset_state(self) -> None:
        """Forget all batches."""
        self.counts: list[Counts] = []  # of each column with multi_label

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in one batch: labels 0 or 1 in the shape of the predictions."""
        y_true, y_pred = (np.asarray(y) for y in operands(self.name, y_true, y_pred))
        if self.from_logits:
            y_pred = ops.sigmoid(y_pred)
        y_pred = np.clip(y_pred, 0, 1)
        if not self.multi_label:
            self._add_counts(0, y_true, y_pred, self._with_labels(y_pred, sample_weight))
            return
        if y_pred.ndim != 2 or self.num_labels not in (None, y_pred.shape[1]):
            raise ValueError(
                f"[{self.name}] with multi_label, predictions must have shape (n, {self.num_labels or 'labels'}); "
                f"received {y_pred.shape}"
            )
        weights = None if sample_weight is None else np.asarray(sample_weight)
        for label in range(y_pred.shape[1]):
            weight = weights[:, label] if weights is not None and weights.shape == y_pred.shape else weights
            self._add_counts(label, y_true[:, label], y_pred[:, label], weight)

    def _with_labels(self, y_pred: Any, sample_weight: Any) -> Any:
        """Return the weights of samples times those of labels."""
        if self.label_weights is None:
            return sample_weight
        weight = np.broadcast_to(np.asarray(self.label_weights, float), y_pred.shape)
        return weight if sample_weight is None else weight * weights_like(y_pred, sample_weight)

    def _add_counts(self, label: int, y_true: Any, y_pred: Any, weight: Any) -> None:
        found = count(self.name, y_true, y_pred, self.thresholds, weight)
        if label == len(self.counts):
            self.counts.append(found)
        else:
            for total, more in zip(self.counts[label], found, strict=True):
                np.add(total, more, out=total)

    def result(self) -> float:
        """Return the area over all batches since the last reset."""
        if not self.counts:
            return 0.0
        areas = np.array([self._area(counts) for counts in self.counts])
        if self.multi_label and self.label_weights is not None:
            return float(np.average(areas, weights=self.label_weights))
        return float(areas.mean())

    def _area(self, counts: Counts) -> Any:
        tp, fp, tn, fn = counts
        recall = share(tp, fn)
        if self.curve == "PR":
            if self.summation_method == "interpolation":
                return _interpolated_precision(tp, fp, fn)
            x, y = recall, share(tp, fp)
        else:
            x, y = share(fp, tn), recall
        heights = {
            "interpolation": (y[:-1] + y[1:]) / 2,
            "minoring": np.minimum(y[:-1], y[1:]),
            "majoring": np.maximum(y[:-1], y[1:]),
        }[self.summation_method]
        return ((x[:-1] - x[1:]) * heights).sum()

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {
            "num_thresholds": len(self.thresholds),
            "curve": self.curve,
            "summation_method": self.summation_method,
            "name": self.name,
            "thresholds": None if self.init_thresholds is None else [float(t) for t in self.thresholds[1:-1]],
            "multi_label": self.multi_label,
            "num_labels": self.num_labels,
            "label_weights": None if self.label_weights is None else [float(w) for w in self.label_weights],
            "from_logits": self.from_logits,
        }


def _interpolated_precision(tp: Any, fp: Any, fn: Any) -> Any:
    """Return the area under precision over recall where between two points tp grows linearly with tp + fp."""
    positives = tp + fp
    change, steps = tp[:-1] - tp[1:], positives[:-1] - positives[1:]
    slope = np.divide(change, steps, out=np.zeros_like(steps), where=steps > 0)
    intercept = tp[1:] - slope * positives[1:]
    both = (positives[:-1] > 0) & (positives[1:] > 0)
    ratio = np.divide(positives[:-1], positives[1:], out=np.ones_like(steps), where=both)
    area = slope * (change + intercept * np.log(ratio))
    labels = tp[1:] + fn[1:]
    return np.divide(area, labels, out=np.zeros_like(area), where=labels > 0).sum()
