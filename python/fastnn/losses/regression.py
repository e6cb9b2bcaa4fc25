"""Errors of predicted numbers: absolute, squared, relative, logarithmic."""

from __future__ import annotations

import math
from typing import Any

from fastnn import ops
from fastnn.losses.loss import EPSILON, FunctionLoss, _registry, class_of, operands

mean_squared_error = _registry.register("mse", "MSE")(ops.mean_squared_error)


@_registry.register("mae", "MAE")
def mean_absolute_error(y_true: Any, y_pred: Any) -> Any:
    r"""Return the mean of the absolute differences over the last axis.

    .. math:: L = \frac{1}{n} \sum_i |y^{true}_i - y^{pred}_i|

    Parameters
    ----------
    y_true, y_pred : array_like, shape (..., n)

    Returns
    -------
    losses : array, shape (...)

    Examples
    --------
    >>> from fastnn.losses import mean_absolute_error
    >>> mean_absolute_error([[0.0, 1.0]], [[2.0, 1.0]])
    array([1.])
    """
    y_true, y_pred = operands("mean_absolute_error", y_true, y_pred)
    return ops.mean(ops.absolute(ops.subtract(y_true, y_pred)), -1)


@_registry.register("mape", "MAPE")
def mean_absolute_percentage_error(y_true: Any, y_pred: Any) -> Any:
    r"""Return the mean of the absolute differences in percent of the labels.

    .. math:: L = \frac{100}{n} \sum_i \frac{|y^{true}_i - y^{pred}_i|}{\max(|y^{true}_i|, 10^{-7})}

    Parameters
    ----------
    y_true, y_pred : array_like, shape (..., n)

    Returns
    -------
    losses : array, shape (...)

    Examples
    --------
    >>> from fastnn.losses import mean_absolute_percentage_error
    >>> mean_absolute_percentage_error([[2.0, 4.0]], [[3.0, 4.0]])
    array([25.])
    """
    y_true, y_pred = operands("mean_absolute_percentage_error", y_true, y_pred)
    relative = ops.divide(ops.subtract(y_true, y_pred), ops.maximum(ops.absolute(y_true), EPSILON))
    return ops.multiply(ops.mean(ops.absolute(relative), -1), 100.0)


@_registry.register("msle", "MSLE")
def mean_squared_logarithmic_error(y_true: Any, y_pred: Any) -> Any:
    r"""Return the mean of the squared differences of the logarithms of 1 + y.

    .. math:: L = \frac{1}{n} \sum_i (\log(1 + y^{true}_i) - \log(1 + y^{pred}_i))^2

    Parameters
    ----------
    y_true, y_pred : array_like, shape (..., n)

    Returns
    -------
    losses : array, shape (...)
        Numbers below 1e-7 count as 1e-7.

    Examples
    --------
    >>> from fastnn.losses import mean_squared_logarithmic_error
    >>> mean_squared_logarithmic_error([[0.0, 1.0]], [[1.0, 1.0]]).round(4)
    array([0.2402])
    """
    y_true, y_pred = operands("mean_squared_logarithmic_error", y_true, y_pred)
    difference = ops.subtract(_log_above_one(y_pred), _log_above_one(y_true))
    return ops.mean(ops.square(difference), -1)


def _log_above_one(y: Any) -> Any:
    return ops.log1p(ops.maximum(y, EPSILON))


@_registry.register()
def huber(y_true: Any, y_pred: Any, delta: float = 1.0) -> Any:
    r"""Return the mean of the half squares of small differences, the size of large ones.

    .. math:: L = \frac{1}{n} \sum_i \begin{cases} e_i^2 / 2 & |e_i| \le \delta \\
                     \delta |e_i| - \delta^2 / 2 & \text{else} \end{cases}
        \quad e = y^{pred} - y^{true}

    Parameters
    ----------
    y_true, y_pred : array_like, shape (..., n)
    delta : float
        The difference from which on the loss grows linearly.

    Returns
    -------
    losses : array, shape (...)

    Examples
    --------
    >>> from fastnn.losses import huber
    >>> huber([[0.0, 0.0]], [[1.0, 3.0]])
    array([1.5])
    """
    y_true, y_pred = operands("huber", y_true, y_pred)
    error = ops.subtract(y_pred, y_true)
    size = ops.absolute(error)
    small = ops.multiply(ops.square(error), 0.5)
    large = ops.subtract(ops.multiply(size, delta), 0.5 * delta**2)
    return ops.mean(ops.where(ops.less_equal(size, delta), small, large), -1)


@_registry.register("logcosh")
def log_cosh(y_true: Any, y_pred: Any) -> Any:
    r"""Return the mean of the logarithms of the hyperbolic cosine of the differences.

    .. math:: L = \frac{1}{n} \sum_i \log \cosh (y^{pred}_i - y^{true}_i)

    Parameters
    ----------
    y_true, y_pred : array_like, shape (..., n)

    Returns
    -------
    losses : array, shape (...)

    Examples
    --------
    >>> from fastnn.losses import log_cosh
    >>> log_cosh([[0.0, 0.0]], [[1.0, 0.0]]).round(4)
    array([0.2169])
    """
    y_true, y_pred = operands("log_cosh", y_true, y_pred)
    error = ops.subtract(y_pred, y_true)
    softplus = ops.softplus(ops.multiply(error, -2.0))  # cosh itself would overflow
    return ops.mean(ops.subtract(ops.add(error, softplus), math.log(2.0)), -1)


@class_of(mean_squared_error)
class MeanSquaredError(FunctionLoss):
    """See `mean_squared_error` and `Loss`."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "mean_squared_error",
    ) -> None:
        super().__init__(mean_squared_error, name, reduction)


@class_of(mean_absolute_error)
class MeanAbsoluteError(FunctionLoss):
    """See `mean_absolute_error` and `Loss`."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "mean_absolute_error",
    ) -> None:
        super().__init__(mean_absolute_error, name, reduction)


@class_of(mean_absolute_percentage_error)
class MeanAbsolutePercentageError(FunctionLoss):
    """See `mean_absolute_percentage_error` and `Loss`."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "mean_absolute_percentage_error",
    ) -> None:
        super().__init__(mean_absolute_percentage_error, name, reduction)


@class_of(mean_squared_logarithmic_error)
class MeanSquaredLogarithmicError(FunctionLoss):
    """See `mean_squared_logarithmic_error` and `Loss`."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "mean_squared_logarithmic_error",
    ) -> None:
        super().__init__(mean_squared_logarithmic_error, name, reduction)


@class_of(huber)
class Huber(FunctionLoss):
    """See `huber` and `Loss`."""

    def __init__(
        self,
        delta: float = 1.0,
        reduction: str | None = "sum_over_batch_size",
        name: str = "huber_loss",
    ) -> None:
        super().__init__(huber, name, reduction, delta=delta)


@class_of(log_cosh)
class LogCosh(FunctionLoss):
    """See `log_cosh` and `Loss`."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "log_cosh",
    ) -> None:
        super().__init__(log_cosh, name, reduction)
