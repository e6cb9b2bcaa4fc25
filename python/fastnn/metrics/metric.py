"""What all metrics share: a state over many batches, weights of samples, and names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from fastnn import initializers, losses
from fastnn.naming import auto_name, snake_case
from fastnn.registry import Registry
from fastnn.variable import Variable

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])

_registry: Registry[Any] = Registry("metric")
_functions: dict[str, Callable[..., Any]] = {}


def metric_function(function: AnyFunction) -> AnyFunction:
    """Let saved models name a function that gives one number per sample."""
    _functions[function.__name__] = function
    return function


class Metric:
    """Base class: subclasses define ``update_state``, and ``result`` where it is not a weighted mean.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import metrics
    >>> class Largest(metrics.Metric):
    ...     def __init__(self, name="largest"):
    ...         super().__init__(name=name)
    ...         self.largest = self.add_weight(name="largest", initializer="zeros")
    ...     def update_state(self, y_true, y_pred, sample_weight=None):
    ...         self.largest.assign(max(self.largest.item(), np.max(y_pred)))
    ...     def result(self):
    ...         return self.largest
    >>> m = Largest()
    >>> m.update_state([0.0, 0.0], [1.0, 3.0])
    >>> m.result().item()
    3.0
    """

    takes_masks = False  # whether padded steps are left out in training; in Keras means alone do

    def __init__(self, name: str | None = None) -> None:
        self.name = name or auto_name(snake_case(type(self).__name__))
        self.total = 0.0
        self.count = 0.0
        self._variables: list[Variable] = []

    def add_weight(
        self, shape: Any = (), initializer: Any = None, dtype: Any = None, name: str | None = None
    ) -> Variable:
        """Return a new variable that is a part of the state: `reset_state` sets it to zero.

        Parameters
        ----------
        shape : tuple of int
        initializer : str or Initializer, optional
            By default zeros.
        dtype : str, optional
            By default float32.
        name : str, optional
        """
        values = initializers.get(initializer or "zeros")(shape, dtype or "float32")
        variable = Variable(values, trainable=False, name=name or "variable")
        self._variables.append(variable)
        return variable

    add_variable = add_weight

    @property
    def variables(self) -> list[Variable]:
        """What `add_weight` returned."""
        return list(self._variables)

    def reset_state(self) -> None:
        """Forget all batches."""
        self.total = 0.0
        self.count = 0.0
        for variable in self._variables:
            variable.assign(np.zeros(variable.shape))

    def result(self) -> Any:
        """Return the metric over all batches since the last reset."""
        return self.total / self.count if self.count else 0.0

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in one batch."""
        raise NotImplementedError

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Take in one batch and return the result so far."""
        self.update_state(*args, **kwargs)
        return self.result()

    def _add(self, values: Any, sample_weight: Any) -> None:
        """Take in one value per sample, or several of the same weight."""
        values = np.asarray(values)
        if sample_weight is None:
            self.total += float(values.sum(dtype=np.float64))
            self.count += values.size
        else:
            weight = weights_like(values, sample_weight)
            self.total += float((values * weight).sum())
            self.count += float(weight.sum())

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"name": self.name}


def weights_like(values: Any, sample_weight: Any) -> Any:
    """Return a weight for each value: those of samples, shape (n,) or (n, 1), count for all values of theirs."""
    weight = np.asarray(sample_weight, dtype=np.float64)
    if weight.ndim == values.ndim + 1 and weight.shape[-1] == 1:
        weight = weight[..., 0]
    weight = weight.reshape(weight.shape + (1,) * (values.ndim - weight.ndim))
    try:
        return np.broadcast_to(weight, values.shape)
    except ValueError:
        raise ValueError(
            f"sample_weight must have one number for each sample; received shape {np.shape(sample_weight)} for "
            f"values of shape {values.shape}"
        ) from None


@_registry.register("mean")
class Mean(Metric):
    """The weighted mean of all values."""

    def __init__(self, name: str = "mean") -> None:
        super().__init__(name)

    def update_state(self, values: Any, sample_weight: Any = None) -> None:  # type: ignore[override]
        """Take in values of any shape."""
        self._add(values, sample_weight)


@_registry.register("sum")
class Sum(Metric):
    """The weighted sum of all values.

    Examples
    --------
    >>> from fastnn.metrics import Sum
    >>> m = Sum()
    >>> m.update_state([1.0, 3.0], sample_weight=[1.0, 0.5])
    >>> m.result()
    2.5
    """

    def __init__(self, name: str = "sum") -> None:
        super().__init__(name)

    def update_state(self, values: Any, sample_weight: Any = None) -> None:  # type: ignore[override]
        """Take in values of any shape."""
        self._add(values, sample_weight)

    def result(self) -> float:
        """Return the sum over all batches since the last reset."""
        return self.total


@_registry.register()
class MeanMetricWrapper(Metric):
    """The weighted mean of a function that gives one value per sample.

    Parameters
    ----------
    fn : function
        Called with ``y_true``, ``y_pred`` and the options.
    name : str, optional
    **kwargs
        Options of the function.

    Examples
    --------
    >>> from fastnn import losses, metrics
    >>> m = metrics.MeanMetricWrapper(losses.huber, name="huber", delta=2.0)
    >>> m.update_state([[0.0]], [[2.0]])
    >>> m.result()
    2.0
    """

    def __init__(self, fn: Callable[..., Any], name: str | None = None, **kwargs: Any) -> None:
        if not callable(fn):
            raise ValueError(f"MeanMetricWrapper: fn must be a function; received fn={fn!r}")
        super().__init__(name or getattr(fn, "__name__", None))
        self.fn = fn
        self.options = kwargs

    takes_masks = True

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in one batch."""
        self._add(self.fn(y_true, y_pred, **self.options), sample_weight)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments; the function by its name."""
        config = {**super().get_config(), **self.options}
        if type(self) is MeanMetricWrapper:
            name = getattr(self.fn, "__name__", "")
            if _functions.get(name) is not self.fn:
                name = losses.function_name(self.fn, f"the metric {self.name!r}")
            config["fn"] = name
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> MeanMetricWrapper:
        """Make a metric from what `get_config` returned."""
        if isinstance(fn := config.get("fn"), str):
            config = {**config, "fn": _functions.get(fn) or losses.loss._registry[fn]}
        return cls(**config)
