"""What all losses share: the reduction to one number, names, and what is asked of labels and predictions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from fastnn import ops
from fastnn.masks import as_weights
from fastnn.registry import Registry
from fastnn.tensor import Tensor

EPSILON = 1e-7  # Keras's, which keeps logarithms and quotients finite

_registry: Registry[Any] = Registry("loss")
_classes: dict[Callable[..., Any], type[FunctionLoss]] = {}

AnyLoss = TypeVar("AnyLoss", bound="type[FunctionLoss]")


class Loss:
    """A loss as an object: reduces the per-sample values of ``call``.

    Parameters
    ----------
    name : str, optional
    reduction : {"sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None}
        ``sum_over_batch_size`` and ``mean`` divide by the number of samples whatever their weights;
        ``mean_with_sample_weight`` divides by the sum of the weights.

    Examples
    --------
    >>> from fastnn import losses, ops
    >>> class Cubic(losses.Loss):
    ...     def call(self, y_true, y_pred):
    ...         return ops.mean(ops.absolute(ops.subtract(y_true, y_pred)) ** 3, -1)
    >>> float(Cubic()([[0.0], [0.0]], [[1.0], [2.0]]))
    4.5
    """

    def __init__(self, name: str | None = None, reduction: str | None = "sum_over_batch_size") -> None:
        known = ("sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None)
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
        mask = getattr(y_pred, "_keras_mask", None)
        if mask is not None:
            spread = self.reduction in ("sum_over_batch_size", "mean")
            sample_weight = as_weights(mask, sample_weight, losses.dtype, spread)
        if sample_weight is None:
            if self.reduction in ("sum_over_batch_size", "mean", "mean_with_sample_weight"):
                return ops.mean(losses)
        else:
            weight = np.asarray(sample_weight, dtype=losses.dtype)
            if weight.ndim == losses.ndim + 1 and weight.shape[-1] == 1:
                weight = weight[..., 0]
            losses = ops.multiply(losses, weight)
            if self.reduction in ("sum_over_batch_size", "mean"):
                return ops.mean(losses)
            if self.reduction == "mean_with_sample_weight":
                total = float(np.broadcast_to(weight, losses.shape).sum())
                return ops.divide(ops.sum(losses), total or 1.0)
        return losses if self.reduction in ("none", None) else ops.sum(losses)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"name": self.name, "reduction": self.reduction}


class FunctionLoss(Loss):
    """A loss object around a per-sample function and its options."""

    def __init__(
        self, fn: Callable[..., Any], name: str, reduction: str | None = "sum_over_batch_size", **options: Any
    ) -> None:
        super().__init__(name, reduction)
        self.fn = fn
        self.options = options

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return one value per sample; labels may lack a last dimension of size 1."""
        try:
            return self.fn(y_true, y_pred, **self.options)
        except ValueError:
            if np.ndim(y_true) + 1 != np.ndim(y_pred) or np.shape(y_pred)[-1] != 1:
                raise
        return self.fn(ops.expand_dims(y_true, -1), y_pred, **self.options)  # what `fit` gives, fits at once

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), **self.options}


def class_of(function: Callable[..., Any]) -> Callable[[AnyLoss], AnyLoss]:
    """Return a decorator that registers the class of a per-sample function."""

    def add(made: AnyLoss) -> AnyLoss:
        _classes[function] = made
        return _registry.register()(made)

    return add


def operands(loss: str, y_true: Any, y_pred: Any) -> tuple[Any, Any]:
    """Return labels and predictions as floating-point numbers in one shape.

    Where only one has a last dimension of size 1, the other gets it: (n,) beside (n, 1) would broadcast to (n, n).
    """
    if not isinstance(y_pred, Tensor):
        y_pred = np.asarray(y_pred)
    if y_pred.dtype.kind in "biu":
        y_pred = ops.cast(y_pred, "float32")
    if not isinstance(y_true, Tensor):
        y_true = np.asarray(y_true)
    if y_true.dtype != y_pred.dtype:
        y_true = ops.cast(y_true, y_pred.dtype)
    if y_true.ndim + 1 == y_pred.ndim and y_pred.shape[-1] == 1:
        y_true = ops.expand_dims(y_true, -1)
    elif y_pred.ndim + 1 == y_true.ndim and y_true.shape[-1] == 1:
        y_pred = ops.expand_dims(y_pred, -1)
    if not y_pred.ndim:
        raise ValueError(f"[{loss}] the prediction must have at least one dimension; received shape ()")
    if y_true.shape != y_pred.shape:
        raise ValueError(f"[{loss}] y_true.shape must be {y_pred.shape}; received {y_true.shape}")
    return y_true, y_pred


def smooth(y_true: Any, label_smoothing: float, classes: int) -> Any:
    """Move ``label_smoothing`` of the probability from the label to all ``classes`` alike."""
    if not label_smoothing:
        return y_true
    return np.asarray(y_true) * (1.0 - label_smoothing) + label_smoothing / classes
