"""Errors of directions: the angle between vectors, whatever their length."""

from __future__ import annotations

from typing import Any

from fastnn import ops
from fastnn.losses.loss import EPSILON, FunctionLoss, _registry, class_of, operands


@_registry.register()
def cosine_similarity(y_true: Any, y_pred: Any, axis: int = -1) -> Any:
    r"""Return minus the cosine of the angle between labels and predictions: -1 for the same direction.

    .. math:: L = -\frac{\sum_i y^{true}_i y^{pred}_i}{\|y^{true}\| \, \|y^{pred}\|}

    Parameters
    ----------
    y_true, y_pred : array_like, shape (..., n)
    axis : int
        The axis along which the numbers of one vector lie.

    Returns
    -------
    losses : array, the shape of the predictions without the axis

    Examples
    --------
    >>> from fastnn.losses import cosine_similarity
    >>> cosine_similarity([[1.0, 0.0], [0.0, 2.0]], [[3.0, 0.0], [1.0, 0.0]])
    array([-1., -0.])
    """
    y_true, y_pred = operands("cosine_similarity", y_true, y_pred)
    return ops.negative(ops.sum(ops.multiply(_normalized(y_true, axis), _normalized(y_pred, axis)), axis))


def _normalized(y: Any, axis: int) -> Any:
    square = ops.sum(ops.square(y), axis, keepdims=True)
    return ops.multiply(
        y, ops.rsqrt(ops.maximum(square, EPSILON**2))
    )  # bounded before the root: no NaN at zero


@class_of(cosine_similarity)
class CosineSimilarity(FunctionLoss):
    """See `cosine_similarity` and `Loss`."""

    def __init__(
        self,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str = "cosine_similarity",
    ) -> None:
        super().__init__(cosine_similarity, name, reduction, axis=axis)
