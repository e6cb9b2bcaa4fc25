"""How often predictions are right."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.losses.crossentropy import class_labels
from fastnn.losses.loss import operands
from fastnn.metrics.metric import MeanMetricWrapper, Metric, _registry, metric_function


class _Matches(Metric):
    """Counts matches: natively for whole batches, one by one only where they have weights."""

    takes_masks = True

    def _matches(self, y_true: Any, y_pred: Any) -> tuple[int, int]:
        """Return how many of how many match."""
        raise NotImplementedError

    def _each(self, y_true: Any, y_pred: Any) -> Any:
        """Return 1 where they match, else 0."""
        raise NotImplementedError

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in one batch."""
        y_pred = np.asarray(y_pred)
        if sample_weight is None:
            matched, count = self._matches(y_true, y_pred)
            self.total += matched
            self.count += count
        else:
            self._add(self._each(y_true, y_pred), sample_weight)


@_registry.register("categorical_accuracy")
class CategoricalAccuracy(_Matches):
    """How often the largest prediction is at the place of the largest label (one-hot labels)."""

    def __init__(self, name: str = "categorical_accuracy") -> None:
        super().__init__(name)

    def _matches(self, y_true: Any, y_pred: Any) -> tuple[int, int]:
        return native.categorical_matches(y_true, y_pred), y_pred.size // y_pred.shape[-1]

    def _each(self, y_true: Any, y_pred: Any) -> Any:
        return categorical_accuracy(y_true, y_pred)


@_registry.register("sparse_categorical_accuracy")
class SparseCategoricalAccuracy(_Matches):
    """How often the largest prediction is at the place that an integer label names."""

    def __init__(self, name: str = "sparse_categorical_accuracy") -> None:
        super().__init__(name)

    def _matches(self, y_true: Any, y_pred: Any) -> tuple[int, int]:
        labels = class_labels(y_true, y_pred.ndim)
        return native.sparse_categorical_matches(labels, y_pred), labels.size

    def _each(self, y_true: Any, y_pred: Any) -> Any:
        return sparse_categorical_accuracy(y_true, y_pred)


@_registry.register("binary_accuracy")
class BinaryAccuracy(_Matches):
    """How often a prediction lies on the label's side of ``threshold``."""

    def __init__(self, name: str = "binary_accuracy", threshold: float = 0.5) -> None:
        super().__init__(name)
        self.threshold = threshold

    def _matches(self, y_true: Any, y_pred: Any) -> tuple[int, int]:
        return native.binary_matches(y_true, y_pred, self.threshold), y_pred.size

    def _each(self, y_true: Any, y_pred: Any) -> Any:
        return binary_accuracy(y_true, y_pred, self.threshold)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "threshold": self.threshold}


@metric_function
def accuracy(y_true: Any, y_pred: Any) -> Any:
    """Return 1 where prediction and label are equal, else 0.

    Examples
    --------
    >>> from fastnn.metrics import accuracy
    >>> accuracy([1, 2, 3], [1, 2, 4])
    array([1., 1., 0.], dtype=float32)
    """
    y_true, y_pred = operands("accuracy", y_true, y_pred)
    return (np.asarray(y_true) == np.asarray(y_pred)).astype(np.float32)


@metric_function
def binary_accuracy(y_true: Any, y_pred: Any, threshold: float = 0.5) -> Any:
    """Return 1 where a prediction lies on the label's side of ``threshold``, else 0.

    Examples
    --------
    >>> from fastnn.metrics import binary_accuracy
    >>> binary_accuracy([[1, 0]], [[0.7, 0.6]])
    array([[1., 0.]], dtype=float32)
    """
    y_true, y_pred = operands("binary_accuracy", y_true, y_pred)
    return ((np.asarray(y_pred) > threshold) == np.asarray(y_true)).astype(np.float32)


@metric_function
def categorical_accuracy(y_true: Any, y_pred: Any) -> Any:
    """Return 1 where the largest prediction is at the place of the largest label (one-hot labels), else 0.

    Examples
    --------
    >>> from fastnn.metrics import categorical_accuracy
    >>> categorical_accuracy([[0, 1], [0, 1]], [[0.2, 0.8], [0.6, 0.4]])
    array([1., 0.], dtype=float32)
    """
    y_true, y_pred = operands("categorical_accuracy", y_true, y_pred)
    return (np.argmax(y_true, -1) == np.argmax(y_pred, -1)).astype(np.float32)


@metric_function
def sparse_categorical_accuracy(y_true: Any, y_pred: Any) -> Any:
    """Return 1 where the largest prediction is at the place that an integer label names, else 0.

    Examples
    --------
    >>> from fastnn.metrics import sparse_categorical_accuracy
    >>> sparse_categorical_accuracy([1, 1], [[0.2, 0.8], [0.6, 0.4]])
    array([1., 0.], dtype=float32)
    """
    y_pred = np.asarray(y_pred)
    labels = class_labels(y_true, y_pred.ndim)
    if labels.shape != y_pred.shape[:-1]:
        raise ValueError(
            f"[sparse_categorical_accuracy] y_true.shape must be {y_pred.shape[:-1]}; received {labels.shape}"
        )
    return (labels == y_pred.argmax(-1)).astype(np.float32)


@_registry.register()
class Accuracy(MeanMetricWrapper):
    """How often a prediction equals the label: for numbers that are predicted as such.

    Examples
    --------
    >>> from fastnn.metrics import Accuracy
    >>> m = Accuracy()
    >>> m.update_state([1, 2, 3, 4], [0, 2, 3, 4])
    >>> m.result()
    0.75
    """

    def __init__(self, name: str = "accuracy") -> None:
        super().__init__(accuracy, name)
