"""Mean squared error."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from ._broadcast import value


@differentiable
def mean_squared_error(ctx: Node, y_true: Any, y_pred: Any) -> Array:
    r"""Mean of the squared differences over the last axis: one value per sample.

    .. math:: L = \frac{1}{n} \sum_i (y^{true}_i - y^{pred}_i)^2

    Parameters
    ----------
    y_true : array_like
        True values in the shape of ``y_pred``. Cast to the dtype of ``y_pred``; never differentiated.
    y_pred : array_like
        Predictions of shape (..., n).

    Returns
    -------
    ndarray
        Losses of shape ``y_pred.shape[:-1]``.

    Raises
    ------
    ValueError
        If the shapes differ or have no dimension.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.mean_squared_error(np.array([[0.0, 1.0]]), np.array([[2.0, 1.0]]))
    array([2.])
    """
    loss: Array = native.mean_squared_error_forward(y_true, y_pred)
    ctx.save(y_true=y_true, y_pred=y_pred)
    return loss


@mean_squared_error.vjp
def mean_squared_error_vjp(ctx: Node, dy: Array) -> Any:
    if not ctx.needs[1]:
        return None
    return None, native.mean_squared_error_backward(ctx.y_true, ctx.y_pred, dy)


@mean_squared_error.tensor_vjp
def mean_squared_error_tensor_vjp(ctx: Node, dy: Array) -> Any:
    if not ctx.needs[1]:
        return None
    predicted = ctx.y_pred
    true = np.asarray(value(ctx.y_true), predicted.dtype)
    scale = native.divide(native.multiply(dy, 2.0), predicted.shape[-1])
    return None, native.multiply(scale.reshape((*dy.shape, 1)), native.subtract(predicted, true))
