"""Losses: functions that give one value per sample, and objects that reduce them to one number.

Names, arguments, defaults and arithmetic are Keras 3's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fastnn import ops
from fastnn.ops import categorical_crossentropy as _categorical
from fastnn.registry import Registry

_registry: Registry[Any] = Registry("loss")
serialize = _registry.serialize
deserialize = _registry.deserialize


def _smooth(y_true: Any, label_smoothing: float, classes: int) -> Any:
    """Move ``label_smoothing`` of the probability from the label to all ``classes`` alike."""
    if not label_smoothing:
        return y_true
    return np.asarray(y_true) * (1.0 - label_smoothing) + label_smoothing / classes


@_registry.register()
def categorical_crossentropy(
    y_true: Any, y_pred: Any, from_logits: bool = False, label_smoothing: float = 0.0
) -> Any:
    """Cross-entropy between one-hot labels and predictions.

    Parameters
    ----------
    y_true : array_like, shape (..., classes)
        Probabilities of the labels, most often one-hot.
    y_pred : array_like, shape (..., classes)
        Predicted probabilities, or logits with ``from_logits=True``.
    label_smoothing : float in [0, 1]
        Share of the label's probability that is spread over all classes.

    Returns
    -------
    losses : array, shape (...)
        ``-sum(y_true * log(y_pred))``, the predictions normalised to sum 1 and clipped to
        [1e-7, 1 - 1e-7].

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn.losses import categorical_crossentropy
    >>> categorical_crossentropy([[0.0, 1.0]], [[0.25, 0.75]]).round(4)
    array([0.2877])
    """
    return _categorical(_smooth(y_true, label_smoothing, np.shape(y_true)[-1]), y_pred, from_logits)


@_registry.register()
def sparse_categorical_crossentropy(y_true: Any, y_pred: Any, from_logits: bool = False) -> Any:
    """Cross-entropy between integer labels (shape (...) or (..., 1)) and predictions (..., classes).

    See `categorical_crossentropy`; a label outside the classes raises ValueError.

    Examples
    --------
    >>> from fastnn.losses import sparse_categorical_crossentropy
    >>> sparse_categorical_crossentropy([1], [[0.25, 0.75]]).round(4)
    array([0.2877])
    """
    return ops.sparse_categorical_crossentropy(_labels(y_true, np.ndim(y_pred)), y_pred, from_logits)


def _labels(y_true: Any, ndim: int) -> Any:
    """Return labels without their last dimension of size 1, as integers where they are whole numbers."""
    labels = np.asarray(y_true)
    if labels.ndim == ndim and labels.shape[-1] == 1:
        labels = labels[..., 0]
    if labels.dtype.kind == "f":
        if not (np.isfinite(labels).all() and (labels == np.floor(labels)).all()):
            raise ValueError("labels must be whole numbers; received fractions, NaN or infinities")
        return labels.astype(np.int64)
    return labels


@_registry.register()
def binary_crossentropy(
    y_true: Any, y_pred: Any, from_logits: bool = False, label_smoothing: float = 0.0
) -> Any:
    """Cross-entropy between labels 0 or 1 and predicted probabilities of 1, averaged over the last axis.

    Parameters
    ----------
    y_true, y_pred : array_like, shape (..., n)
        With ``from_logits=True`` the predictions are logits, else probabilities, clipped to
        [1e-7, 1 - 1e-7].
    label_smoothing : float in [0, 1]
        Moves the labels towards 0.5.

    Returns
    -------
    losses : array, shape (...)

    Examples
    --------
    >>> from fastnn.losses import binary_crossentropy
    >>> binary_crossentropy([[1.0, 0.0]], [[0.75, 0.5]]).round(4)
    array([0.4904])
    """
    return ops.binary_crossentropy(_smooth(y_true, label_smoothing, 2), y_pred, from_logits)


mean_squared_error = _registry.register("mse", "MSE")(ops.mean_squared_error)


class Loss:
    """A loss as an object: reduces the per-sample values of ``call``.

    Parameters
    ----------
    name : str, optional
    reduction : {"sum_over_batch_size", "mean", "sum", "none", None}
        ``sum_over_batch_size`` divides by the number of samples whatever their weights;
        ``mean`` divides by the sum of the weights.
    """

    def __init__(self, name: str | None = None, reduction: str | None = "sum_over_batch_size") -> None:
        known = ("sum_over_batch_size", "mean", "sum", "none", None)
        if reduction not in known:
            raise ValueError(f"reduction must be one of {known}; received reduction={reduction!r}")
        self.name = name or type(self).__name__
        self.reduction = reduction

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return one value per sample."""
        raise NotImplementedError

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """Return the reduced loss."""
        losses = self.call(y_true, y_pred)
        if sample_weight is None:
            if self.reduction in ("sum_over_batch_size", "mean"):
                return ops.mean(losses)
        else:
            weight = np.asarray(sample_weight, dtype=losses.dtype)
            if weight.ndim == losses.ndim + 1 and weight.shape[-1] == 1:
                weight = weight[..., 0]
            losses = ops.multiply(losses, weight)
            if self.reduction == "sum_over_batch_size":
                return ops.mean(losses)
            if self.reduction == "mean":
                return ops.divide(ops.sum(losses), float(np.broadcast_to(weight, losses.shape).sum()))
        return losses if self.reduction in ("none", None) else ops.sum(losses)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"name": self.name, "reduction": self.reduction}


class _FunctionLoss(Loss):
    """A loss object around a per-sample function and its options."""

    def __init__(
        self, fn: Callable[..., Any], name: str, reduction: str | None = "sum_over_batch_size", **options: Any
    ) -> None:
        super().__init__(name, reduction)
        self.fn = fn
        self.options = options

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return one value per sample."""
        return self.fn(y_true, y_pred, **self.options)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), **self.options}


@_registry.register()
class CategoricalCrossentropy(_FunctionLoss):
    """See `categorical_crossentropy` and `Loss`."""

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        reduction: str | None = "sum_over_batch_size",
        name: str = "categorical_crossentropy",
    ) -> None:
        super().__init__(
            categorical_crossentropy,
            name,
            reduction,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
        )


@_registry.register()
class SparseCategoricalCrossentropy(_FunctionLoss):
    """See `sparse_categorical_crossentropy` and `Loss`."""

    def __init__(
        self,
        from_logits: bool = False,
        reduction: str | None = "sum_over_batch_size",
        name: str = "sparse_categorical_crossentropy",
    ) -> None:
        super().__init__(sparse_categorical_crossentropy, name, reduction, from_logits=from_logits)


@_registry.register()
class BinaryCrossentropy(_FunctionLoss):
    """See `binary_crossentropy` and `Loss`."""

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        reduction: str | None = "sum_over_batch_size",
        name: str = "binary_crossentropy",
    ) -> None:
        super().__init__(
            binary_crossentropy, name, reduction, from_logits=from_logits, label_smoothing=label_smoothing
        )


@_registry.register()
class MeanSquaredError(_FunctionLoss):
    """See `mean_squared_error` and `Loss`."""

    def __init__(
        self, reduction: str | None = "sum_over_batch_size", name: str = "mean_squared_error"
    ) -> None:
        super().__init__(mean_squared_error, name, reduction)


_CLASSES: dict[Callable[..., Any], type[_FunctionLoss]] = {
    categorical_crossentropy: CategoricalCrossentropy,
    sparse_categorical_crossentropy: SparseCategoricalCrossentropy,
    binary_crossentropy: BinaryCrossentropy,
    mean_squared_error: MeanSquaredError,
}


def get(identifier: Any) -> Loss:
    """Return the loss object for a name, a configuration, a per-sample function or an object."""
    found = _registry.get(identifier)
    if isinstance(found, Loss):
        return found
    if found in _CLASSES:
        return _CLASSES[found]()  # type: ignore[call-arg]
    if callable(found):
        return _FunctionLoss(found, getattr(found, "__name__", "loss"))
    raise ValueError(f"a loss is a name, a function or a Loss object; received {identifier!r}")
