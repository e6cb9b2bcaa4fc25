"""Losses: functions that give one value per sample, and objects that reduce them to one number.

Names, arguments, defaults and arithmetic are Keras 3's.
"""

from __future__ import annotations

from typing import Any

from fastnn.losses.crossentropy import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    SparseCategoricalCrossentropy,
    binary_crossentropy,
    categorical_crossentropy,
    sparse_categorical_crossentropy,
)
from fastnn.losses.direction import CosineSimilarity, cosine_similarity
from fastnn.losses.focal_crossentropy import (
    BinaryFocalCrossentropy,
    CategoricalFocalCrossentropy,
    binary_focal_crossentropy,
    categorical_focal_crossentropy,
)
from fastnn.losses.loss import FunctionLoss, Loss, _classes, _registry
from fastnn.losses.margin import (
    CategoricalHinge,
    Hinge,
    SquaredHinge,
    categorical_hinge,
    hinge,
    squared_hinge,
)
from fastnn.losses.probabilistic import KLDivergence, Poisson, kl_divergence, poisson
from fastnn.losses.regression import (
    Huber,
    LogCosh,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    huber,
    log_cosh,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
)

__all__ = [
    "BinaryCrossentropy",
    "BinaryFocalCrossentropy",
    "CategoricalCrossentropy",
    "CategoricalFocalCrossentropy",
    "CategoricalHinge",
    "CosineSimilarity",
    "FunctionLoss",
    "Hinge",
    "Huber",
    "KLDivergence",
    "LogCosh",
    "Loss",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "Poisson",
    "SparseCategoricalCrossentropy",
    "SquaredHinge",
    "binary_crossentropy",
    "binary_focal_crossentropy",
    "categorical_crossentropy",
    "categorical_focal_crossentropy",
    "categorical_hinge",
    "cosine_similarity",
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
    "sparse_categorical_crossentropy",
    "squared_hinge",
]

serialize = _registry.serialize
deserialize = _registry.deserialize


def get(identifier: Any) -> Loss:
    """Return the loss object for a name, a configuration, a per-sample function or an object.

    Examples
    --------
    >>> from fastnn import losses
    >>> losses.get("mae").name
    'mean_absolute_error'
    """
    found = _registry.get(identifier)
    if isinstance(found, Loss):
        return found
    if found in _classes:
        return _classes[found]()  # type: ignore[call-arg]
    if callable(found):
        return FunctionLoss(found, getattr(found, "__name__", "loss"))
    raise ValueError(f"a loss is a name, a function or a Loss object; received {identifier!r}")


def function_name(function: Any, owner: str) -> str:
    """Return the name by which a saved model finds a loss function again; ``owner`` is for the message."""
    name = getattr(function, "__name__", "")
    if _registry._known.get(name) is function:
        return name
    raise ValueError(f"{owner} is a function of your own and cannot be saved")
