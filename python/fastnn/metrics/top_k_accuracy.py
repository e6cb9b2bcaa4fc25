"""How often the label is among the k largest predictions."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn.losses.crossentropy import class_labels
from fastnn.metrics.metric import MeanMetricWrapper, _registry, metric_function


@metric_function
def top_k_categorical_accuracy(y_true: Any, y_pred: Any, k: int = 5) -> Any:
    """Return 1 where the class of a one-hot label is among the ``k`` largest predictions, else 0.

    Parameters
    ----------
    y_true, y_pred : array_like, shape (..., classes)
    k : int

    Returns
    -------
    matches : array, shape (...)

    Examples
    --------
    >>> from fastnn.metrics import top_k_categorical_accuracy
    >>> top_k_categorical_accuracy([[0, 0, 1], [0, 1, 0]], [[0.1, 0.7, 0.2], [0.5, 0.1, 0.4]], k=2)
    array([1., 0.], dtype=float32)
    """
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    if y_true.shape != y_pred.shape:
        raise ValueError(
            f"[top_k_categorical_accuracy] y_true.shape must be {y_pred.shape}; received {y_true.shape}"
        )
    return _matches(y_true.argmax(-1), y_pred, k)


@metric_function
def sparse_top_k_categorical_accuracy(y_true: Any, y_pred: Any, k: int = 5) -> Any:
    """Return 1 where the class that an integer label names is among the ``k`` largest predictions, else 0.

    Parameters
    ----------
    y_true : array_like of int, shape (...) or (..., 1)
    y_pred : array_like, shape (..., classes)
    k : int

    Returns
    -------
    matches : array, shape (...)

    Examples
    --------
    >>> from fastnn.metrics import sparse_top_k_categorical_accuracy
    >>> sparse_top_k_categorical_accuracy([2, 1], [[0.1, 0.7, 0.2], [0.5, 0.1, 0.4]], k=2)
    array([1., 0.], dtype=float32)
    """
    y_pred = np.asarray(y_pred)
    labels = class_labels(y_true, y_pred.ndim)
    if labels.shape != y_pred.shape[:-1]:
        raise ValueError(
            f"[sparse_top_k_categorical_accuracy] y_true.shape must be {y_pred.shape[:-1]}; "
            f"received {labels.shape}"
        )
    classes = y_pred.shape[-1]
    if labels.size and not (labels.min() >= 0 and labels.max() < classes):
        raise ValueError(f"[sparse_top_k_categorical_accuracy] labels must lie in [0, {classes})")
    return _matches(labels, y_pred, k)


def _matches(labels: Any, y_pred: Any, k: int) -> Any:
    own = np.take_along_axis(y_pred, labels[..., np.newaxis].astype(np.int64), -1)
    own = np.where(np.isnan(own), -np.inf, own)  # NaN is no large prediction
    return ((y_pred > own).sum(-1) < k).astype(np.float32)


@_registry.register("top_k_categorical_accuracy")
class TopKCategoricalAccuracy(MeanMetricWrapper):
    """The mean of `top_k_categorical_accuracy`."""

    def __init__(self, k: int = 5, name: str = "top_k_categorical_accuracy") -> None:
        super().__init__(top_k_categorical_accuracy, name, k=k)


@_registry.register("sparse_top_k_categorical_accuracy")
class SparseTopKCategoricalAccuracy(MeanMetricWrapper):
    """The mean of `sparse_top_k_categorical_accuracy`."""

    def __init__(self, k: int = 5, name: str = "sparse_top_k_categorical_accuracy") -> None:
        super().__init__(sparse_top_k_categorical_accuracy, name, k=k)
