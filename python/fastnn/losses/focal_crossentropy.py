"""Cross-entropies that count well-predicted samples less, for classes of very different size (Lin et al., 2017)."""

from __future__ import annotations

from typing import Any

from fastnn import ops
from fastnn.losses.loss import EPSILON, FunctionLoss, _registry, class_of, operands, smooth


@_registry.register()
def binary_focal_crossentropy(
    y_true: Any,
    y_pred: Any,
    apply_class_balancing: bool = False,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Any:
    r"""Return the binary cross-entropy times ``(1 - p) ** gamma``, p the probability of the right answer.

    Parameters
    ----------
    y_true, y_pred : array_like, shape (..., n)
        Labels 0 or 1, and probabilities of 1, or logits with ``from_logits=True``.
    apply_class_balancing : bool
        Whether label 1 has the weight ``alpha``, label 0 the weight ``1 - alpha``.
    alpha, gamma : float
    label_smoothing : float in [0, 1]
        Moves the labels towards 0.5.
    axis : int
        The axis that is averaged.

    Returns
    -------
    losses : array, shape (...)

    Examples
    --------
    >>> from fastnn.losses import binary_focal_crossentropy
    >>> binary_focal_crossentropy([[1.0, 0.0]], [[0.5, 0.5]]).round(4)
    array([0.1733])
    """
    y_true, y_pred = operands("binary_focal_crossentropy", smooth(y_true, label_smoothing, 2), y_pred)
    if from_logits:
        y_pred = ops.sigmoid(y_pred)
    p, q, other = (
        ops.clip(y_pred, EPSILON, 1.0 - EPSILON),
        ops.subtract(1.0, y_pred),
        ops.subtract(1.0, y_true),
    )
    likelihood = ops.add(ops.multiply(y_true, ops.log(p)), ops.multiply(other, ops.log(ops.subtract(1.0, p))))
    right = ops.add(ops.multiply(y_true, y_pred), ops.multiply(other, q))
    focal = ops.multiply(ops.power(ops.subtract(1.0, right), gamma), ops.negative(likelihood))
    if apply_class_balancing:
        weight = ops.add(ops.multiply(y_true, alpha), ops.multiply(other, 1.0 - alpha))
        focal = ops.multiply(weight, focal)
    return ops.mean(focal, axis)


@_registry.register()
def categorical_focal_crossentropy(
    y_true: Any,
    y_pred: Any,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Any:
    r"""Return the cross-entropy times ``alpha * (1 - p) ** gamma``, p the predicted probability of a class.

    Parameters
    ----------
    y_true, y_pred : array_like, shape (..., classes)
        One-hot labels, and probabilities, or logits with ``from_logits=True``.
    alpha, gamma : float
    label_smoothing : float in [0, 1]
        Share of the label's probability that is spread over all classes.
    axis : int
        The axis of the classes.

    Returns
    -------
    losses : array, shape (...)

    Examples
    --------
    >>> from fastnn.losses import categorical_focal_crossentropy
    >>> categorical_focal_crossentropy([[0.0, 1.0]], [[0.5, 0.5]]).round(4)
    array([0.0433])
    """
    y_true, y_pred = operands("categorical_focal_crossentropy", y_true, y_pred)
    y_true = smooth(y_true, label_smoothing, y_true.shape[-1])
    if from_logits:
        y_pred = ops.softmax(y_pred, axis)
    p = ops.divide(y_pred, ops.sum(y_pred, axis, keepdims=True))
    p = ops.clip(p, EPSILON, 1.0 - EPSILON)
    weight = ops.multiply(ops.power(ops.subtract(1.0, p), gamma), alpha)
    return ops.sum(ops.multiply(weight, ops.multiply(ops.negative(y_true), ops.log(p))), axis)


@class_of(binary_focal_crossentropy)
class BinaryFocalCrossentropy(FunctionLoss):
    """See `binary_focal_crossentropy` and `Loss`."""

    def __init__(
        self,
        apply_class_balancing: bool = False,
        alpha: float = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str = "binary_focal_crossentropy",
    ) -> None:
        super().__init__(
            binary_focal_crossentropy,
            name,
            reduction,
            apply_class_balancing=apply_class_balancing,
            alpha=alpha,
            gamma=gamma,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )


@class_of(categorical_focal_crossentropy)
class CategoricalFocalCrossentropy(FunctionLoss):
    """See `categorical_focal_crossentropy` and `Loss`."""

    def __init__(
        self,
        alpha: float = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str = "categorical_focal_crossentropy",
    ) -> None:
        super().__init__(
            categorical_focal_crossentropy,
            name,
            reduction,
            alpha=alpha,
            gamma=gamma,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )
