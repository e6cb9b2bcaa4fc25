"""Metrics: numbers that are followed over many batches. Names and defaults are Keras 3's."""

from __future__ import annotations

from typing import Any

from fastnn.losses import (
    Loss,
    binary_crossentropy,
    binary_focal_crossentropy,
    categorical_crossentropy,
    categorical_focal_crossentropy,
    categorical_hinge,
    hinge,
    huber,
    kl_divergence,
    log_cosh,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
    poisson,
    sparse_categorical_crossentropy,
    squared_hinge,
)
from fastnn.metrics.accuracy import (
    Accuracy,
    BinaryAccuracy,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    accuracy,
    binary_accuracy,
    categorical_accuracy,
    sparse_categorical_accuracy,
)
from fastnn.metrics.auc import AUC
from fastnn.metrics.confusion import (
    FalseNegatives,
    FalsePositives,
    Precision,
    Recall,
    TrueNegatives,
    TruePositives,
)
from fastnn.metrics.f_score import F1Score, FBetaScore
from fastnn.metrics.margin import CategoricalHinge, Hinge, SquaredHinge
from fastnn.metrics.metric import Mean, MeanMetricWrapper, Metric, Sum, _registry
from fastnn.metrics.probabilistic import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    KLDivergence,
    Poisson,
    SparseCategoricalCrossentropy,
)
from fastnn.metrics.r2_score import R2Score
from fastnn.metrics.regression import (
    CosineSimilarity,
    LogCoshError,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    RootMeanSquaredError,
)
from fastnn.metrics.top_k_accuracy import (
    SparseTopKCategoricalAccuracy,
    TopKCategoricalAccuracy,
    sparse_top_k_categorical_accuracy,
    top_k_categorical_accuracy,
)

__all__ = [
    "AUC",
    "Accuracy",
    "BinaryAccuracy",
    "BinaryCrossentropy",
    "CategoricalAccuracy",
    "CategoricalCrossentropy",
    "CategoricalHinge",
    "CosineSimilarity",
    "F1Score",
    "FBetaScore",
    "FalseNegatives",
    "FalsePositives",
    "Hinge",
    "KLDivergence",
    "LogCoshError",
    "Mean",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanMetricWrapper",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "Metric",
    "Poisson",
    "Precision",
    "R2Score",
    "Recall",
    "RootMeanSquaredError",
    "SparseCategoricalAccuracy",
    "SparseCategoricalCrossentropy",
    "SparseTopKCategoricalAccuracy",
    "SquaredHinge",
    "Sum",
    "TopKCategoricalAccuracy",
    "TrueNegatives",
    "TruePositives",
    "accuracy",
    "binary_accuracy",
    "binary_crossentropy",
    "binary_focal_crossentropy",
    "categorical_accuracy",
    "categorical_crossentropy",
    "categorical_focal_crossentropy",
    "categorical_hinge",
    "deserialize",
    "get",
    "hinge",
    "huber",
    "kl_divergence",
    "log_cosh",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_logarithmic_error",
    "poisson",
    "serialize",
    "sparse_categorical_accuracy",
    "sparse_categorical_crossentropy",
    "sparse_top_k_categorical_accuracy",
    "squared_hinge",
    "top_k_categorical_accuracy",
]

serialize = _registry.serialize
deserialize = _registry.deserialize

# Names of several metrics, of which the shapes of labels and output choose one.
BY_SHAPE = {"accuracy": "accuracy", "acc": "accuracy", "crossentropy": "crossentropy", "ce": "crossentropy"}


def get(identifier: Any, y_shape: tuple[int, ...] = (), output_shape: tuple[Any, ...] = ()) -> Metric:
    """Return the metric for a name, a configuration, a function or an object.

    ``"accuracy"`` (or ``"acc"``) is binary, categorical or sparse by the shapes of labels and output, and
    ``"crossentropy"`` (or ``"ce"``) likewise, as in Keras.

    Examples
    --------
    >>> from fastnn import metrics
    >>> metrics.get("mae").name
    'mae'
    """
    if isinstance(identifier, str) and identifier.lower() in BY_SHAPE:
        if output_shape[-1:] == (1,):
            form = "binary"
        elif len(y_shape) == len(output_shape) and y_shape[-1] == output_shape[-1]:
            form = "categorical"
        else:
            form = "sparse_categorical"
        metric: Metric = _registry[f"{form}_{BY_SHAPE[identifier.lower()]}"]()
        metric.name = identifier
        return metric
    if isinstance(identifier, str):
        metric = _registry.get(identifier)
        metric.name = identifier
        return metric
    found = _registry.get(identifier)
    if isinstance(found, Metric):
        return found
    if callable(found):
        name = found.name if isinstance(found, Loss) else getattr(found, "__name__", "metric")
        return MeanMetricWrapper(found, name)
    raise ValueError(f"a metric is a name, a function or a Metric object; received {identifier!r}")
