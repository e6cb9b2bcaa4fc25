"""The cross-entropies of labels and predicted probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn import ops
from fastnn.losses.loss import FunctionLoss, _registry, class_of, smooth
from fastnn.ops import categorical_crossentropy as _categorical


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
    return _categorical(smooth(y_true, label_smoothing, np.shape(y_true)[-1]), y_pred, from_logits)


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
    return ops.sparse_categorical_crossentropy(class_labels(y_true, np.ndim(y_pred)), y_pred, from_logits)


def class_labels(y_true: Any, ndim: int) -> Any:
    """Return labels without their last dimension of size 1, as integers where they are whole numbers."""
    labels = np.asarray(y_true)
    if labels.ndim == ndim and labels.shape[-1] == 1:
        labels = labels[..., 0]
    if labels.dtype.kind == "f":
        if not (np.isfinite(labels).all() and (labels == np.floor(labels)).all()):
            raise ValueError("labels must be whole numbers; received fractions, NaN or infinities")
        return labels.astype(np.int64)
    return labels


@_registry.register("bce", "BCE")
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
    return ops.binary_crossentropy(smooth(y_true, label_smoothing, 2), y_pred, from_logits)


@class_of(categorical_crossentropy)
class CategoricalCrossentropy(FunctionLoss):
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


@class_of(sparse_categorical_crossentropy)
class SparseCategoricalCrossentropy(FunctionLoss):
    """See `sparse_categorical_crossentropy` and `Loss`."""

    def __init__(
        self,
        from_logits: bool = False,
        reduction: str | None = "sum_over_batch_size",
        name: str = "sparse_categorical_crossentropy",
    ) -> None:
        super().__init__(sparse_categorical_crossentropy, name, reduction, from_logits=from_logits)


@class_of(binary_crossentropy)
class BinaryCrossentropy(FunctionLoss):
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
