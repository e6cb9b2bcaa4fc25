"""Metrics: numbers that are followed over many batches. Names and defaults are Keras 3's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fastnn import losses
from fastnn._core import native
from fastnn.registry import Registry

_registry: Registry[Any] = Registry("metric")
serialize = _registry.serialize
deserialize = _registry.deserialize


class Metric:
    """Base class: subclasses define ``update_state``; the result is a weighted mean.

    Examples
    --------
    >>> from fastnn.metrics import Mean
    >>> m = Mean()
    >>> m.update_state([1.0, 3.0])
    >>> m.result()
    2.0
    """

    def __init__(self, name: str | None = None) -> None:
        self.name = name or type(self).__name__
        self.reset_state()

    def reset_state(self) -> None:
        """Forget all batches."""
        self.total = 0.0
        self.count = 0.0

    def result(self) -> float:
        """Return the metric over all batches since the last reset."""
        return self.total / self.count if self.count else 0.0

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in one batch."""
        raise NotImplementedError

    def __call__(self, *args: Any, **kwargs: Any) -> float:
        """Take in one batch and return the result so far."""
        self.update_state(*args, **kwargs)
        return self.result()

    def _add(self, values: Any, sample_weight: Any) -> None:
        """Take in one value per sample."""
        values = np.asarray(values)
        if sample_weight is None:
            self.total += float(values.sum(dtype=np.float64))
            self.count += values.size
        else:
            weight = np.broadcast_to(np.asarray(sample_weight, dtype=np.float64), values.shape)
            self.total += float((values * weight).sum())
            self.count += float(weight.sum())

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"name": self.name}


@_registry.register()
class Mean(Metric):
    """The weighted mean of all values."""

    def __init__(self, name: str = "mean") -> None:
        super().__init__(name)

    def update_state(self, values: Any, sample_weight: Any = None) -> None:  # type: ignore[override]
        """Take in values of any shape."""
        self._add(values, sample_weight)


class _Matches(Metric):
    """Counts matches: natively for whole batches, sample by sample only where they have weights."""

    def _matches(self, y_true: Any, y_pred: Any) -> tuple[int, int]:
        """Return how many of how many match."""
        raise NotImplementedError

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in one batch."""
        y_pred = np.asarray(y_pred)
        if sample_weight is None:
            matched, count = self._matches(y_true, y_pred)
            self.total += matched
            self.count += count
        else:
            y_true = np.asarray(y_true)
            each = [self._matches(y_true[i : i + 1], y_pred[i : i + 1]) for i in range(len(y_pred))]
            self._add(np.array([matched / count for matched, count in each]), sample_weight)


@_registry.register("categorical_accuracy")
class CategoricalAccuracy(_Matches):
    """How often the largest prediction is at the place of the largest label (one-hot labels)."""

    def __init__(self, name: str = "categorical_accuracy") -> None:
        super().__init__(name)

    def _matches(self, y_true: Any, y_pred: Any) -> tuple[int, int]:
        return native.categorical_matches(y_true, y_pred), y_pred.size // y_pred.shape[-1]


@_registry.register("sparse_categorical_accuracy")
class SparseCategoricalAccuracy(_Matches):
    """How often the largest prediction is at the place that an integer label names."""

    def __init__(self, name: str = "sparse_categorical_accuracy") -> None:
        super().__init__(name)

    def _matches(self, y_true: Any, y_pred: Any) -> tuple[int, int]:
        labels = losses._labels(y_true, y_pred.ndim)
        return native.sparse_categorical_matches(labels, y_pred), labels.size


@_registry.register("binary_accuracy")
class BinaryAccuracy(_Matches):
    """How often a prediction lies on the label's side of ``threshold``."""

    def __init__(self, name: str = "binary_accuracy", threshold: float = 0.5) -> None:
        super().__init__(name)
        self.threshold = threshold

    def _matches(self, y_true: Any, y_pred: Any) -> tuple[int, int]:
        return native.binary_matches(y_true, y_pred, self.threshold), y_pred.size

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "threshold": self.threshold}


class MeanLoss(Metric):
    """A loss function followed as a metric."""

    def __init__(self, fn: Callable[..., Any], name: str, **options: Any) -> None:
        super().__init__(name)
        self.fn = fn
        self.options = options

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in one batch."""
        self._add(self.fn(y_true, y_pred, **self.options), sample_weight)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), **self.options}


@_registry.register("mean_squared_error", "mse", "MSE")
class MeanSquaredError(MeanLoss):
    """The mean of `fastnn.losses.mean_squared_error`."""

    def __init__(self, name: str = "mean_squared_error") -> None:
        super().__init__(losses.mean_squared_error, name)


@_registry.register("categorical_crossentropy")
class CategoricalCrossentropy(MeanLoss):
    """The mean of `fastnn.losses.categorical_crossentropy`."""

    def __init__(
        self, name: str = "categorical_crossentropy", from_logits: bool = False, label_smoothing: float = 0.0
    ) -> None:
        super().__init__(
            losses.categorical_crossentropy, name, from_logits=from_logits, label_smoothing=label_smoothing
        )


@_registry.register("sparse_categorical_crossentropy")
class SparseCategoricalCrossentropy(MeanLoss):
    """The mean of `fastnn.losses.sparse_categorical_crossentropy`."""

    def __init__(self, name: str = "sparse_categorical_crossentropy", from_logits: bool = False) -> None:
        super().__init__(losses.sparse_categorical_crossentropy, name, from_logits=from_logits)


@_registry.register("binary_crossentropy")
class BinaryCrossentropy(MeanLoss):
    """The mean of `fastnn.losses.binary_crossentropy`."""

    def __init__(
        self, name: str = "binary_crossentropy", from_logits: bool = False, label_smoothing: float = 0.0
    ) -> None:
        super().__init__(
            losses.binary_crossentropy, name, from_logits=from_logits, label_smoothing=label_smoothing
        )


def get(identifier: Any, y_shape: tuple[int, ...] = (), output_shape: tuple[Any, ...] = ()) -> Metric:
    """Return the metric for a name, a configuration, a function or an object.

    ``"accuracy"`` (or ``"acc"``) is binary, categorical or sparse by the shapes of labels and output, and
    ``"crossentropy"`` (or ``"ce"``) likewise, as in Keras.
    """
    kinds = {"accuracy": "accuracy", "acc": "accuracy", "crossentropy": "crossentropy", "ce": "crossentropy"}
    if isinstance(identifier, str) and identifier in kinds:
        if output_shape[-1:] == (1,):
            form = "binary"
        elif len(y_shape) == len(output_shape) and y_shape[-1] == output_shape[-1]:
            form = "categorical"
        else:
            form = "sparse_categorical"
        metric: Metric = _registry[f"{form}_{kinds[identifier]}"]()
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
        return MeanLoss(found, getattr(found, "__name__", "metric"))
    raise ValueError(f"a metric is a name, a function or a Metric object; received {identifier!r}")
