"""What weights are held to after each step of an optimizer: Keras 3's constraints, by name or as objects.

A constraint is a function of the weight that gives its new values.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastnn import ops
from fastnn.registry import Registry

__all__ = [
    "Constraint",
    "MaxNorm",
    "MinMaxNorm",
    "NonNeg",
    "UnitNorm",
    "deserialize",
    "get",
    "max_norm",
    "min_max_norm",
    "non_neg",
    "serialize",
    "unit_norm",
]

_EPSILON = 1e-7
Axis = int | Sequence[int]
_registry: Registry[Any] = Registry("constraint")
serialize = _registry.serialize
deserialize = _registry.deserialize


class Constraint:
    """Base class: subclasses define ``__call__(w)``, which gives new values, and ``get_config()``."""

    def __call__(self, w: Any) -> Any:
        """Return the values of a weight that are allowed and nearest."""
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Constraint:
        """Make a constraint from what `get_config` gave."""
        return cls(**config)


@_registry.register("non_neg")
class NonNeg(Constraint):
    """No weight is negative.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import constraints
    >>> constraints.NonNeg()(np.array([-1.0, 3.0]))
    array([0., 3.])
    """

    def __call__(self, w: Any) -> Any:
        """Return the weight, zero where it was negative."""
        return ops.maximum(w, 0.0)


class _NormConstraint(Constraint):
    """What the constraints on norms share: the axis along which norms are taken."""

    def __init__(self, axis: Axis) -> None:
        self.axis = axis

    def _norms(self, w: Any) -> Any:
        axis = self.axis if isinstance(self.axis, int) else tuple(self.axis)
        return ops.sqrt(ops.sum(ops.square(w), axis=axis, keepdims=True))

    @staticmethod
    def _rescaled(w: Any, norms: Any, desired: Any) -> Any:
        return ops.multiply(w, ops.divide(desired, ops.add(norms, _EPSILON)))

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"axis": self.axis if isinstance(self.axis, int) else list(self.axis)}


@_registry.register("max_norm")
class MaxNorm(_NormConstraint):
    """No norm is greater than ``max_value``.

    Parameters
    ----------
    max_value : float
    axis : int or sequence of int
        Axes along which norms are taken: 0 for what enters each unit of a `Dense` layer, whose kernel is
        (in, units); [0, 1, 2] for each filter of a `Conv2D`.

    Notes
    -----
    Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", 2014.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import constraints
    >>> constraints.MaxNorm(1.0)(np.array([[3.0, 0.3], [4.0, 0.4]])).round(6)
    array([[0.6, 0.3],
           [0.8, 0.4]])
    """

    def __init__(self, max_value: float = 2, axis: Axis = 0) -> None:
        super().__init__(axis)
        self.max_value = max_value

    def __call__(self, w: Any) -> Any:
        """Return the weight, its larger vectors shortened."""
        norms = self._norms(w)
        return self._rescaled(w, norms, ops.minimum(norms, self.max_value))

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"max_value": self.max_value, **super().get_config()}


@_registry.register("unit_norm")
class UnitNorm(_NormConstraint):
    """Every norm is 1.

    Parameters
    ----------
    axis : int or sequence of int
        See `MaxNorm`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import constraints
    >>> constraints.UnitNorm(axis=1)(np.array([[3.0, 4.0]])).round(6)
    array([[0.6, 0.8]])
    """

    def __init__(self, axis: Axis = 0) -> None:
        super().__init__(axis)

    def __call__(self, w: Any) -> Any:
        """Return the weight, its vectors at length 1."""
        return ops.divide(w, ops.add(self._norms(w), _EPSILON))


@_registry.register("min_max_norm")
class MinMaxNorm(_NormConstraint):
    """Norms are between ``min_value`` and ``max_value``, or on the way there.

    Parameters
    ----------
    min_value, max_value : float
    rate : float
        How much of the way is gone at each step: a norm becomes
        ``(1 - rate) * norm + rate * clip(norm, min_value, max_value)``.
    axis : int or sequence of int
        See `MaxNorm`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import constraints
    >>> constraints.MinMaxNorm(1.0, 2.0, rate=0.5)(np.array([[3.0, 0.3], [4.0, 0.4]])).round(6)
    array([[2.1 , 0.45],
           [2.8 , 0.6 ]])
    """

    def __init__(
        self, min_value: float = 0.0, max_value: float = 1.0, rate: float = 1.0, axis: Axis = 0
    ) -> None:
        super().__init__(axis)
        if not min_value <= max_value:
            raise ValueError(
                "MinMaxNorm: min_value must not be greater than max_value; "
                f"received min_value={min_value}, max_value={max_value}"
            )
        self.min_value, self.max_value, self.rate = min_value, max_value, rate

    def __call__(self, w: Any) -> Any:
        """Return the weight, its vectors lengthened or shortened."""
        norms = self._norms(w)
        inside = ops.clip(norms, self.min_value, self.max_value)
        desired = ops.add(ops.multiply(inside, self.rate), ops.multiply(norms, 1 - self.rate))
        return self._rescaled(w, norms, desired)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {
            "min_value": self.min_value,
            "max_value": self.max_value,
            "rate": self.rate,
            **super().get_config(),
        }


def get(identifier: Any) -> Any:
    """Return the constraint for a name, a configuration, a class, or a callable (as it is); None for None.

    Raises
    ------
    ValueError
        There is no constraint of that name, or it is something else altogether.

    Examples
    --------
    >>> from fastnn import constraints
    >>> constraints.get("unit_norm").get_config()
    {'axis': 0}
    """
    found = _registry.get(identifier)
    if found is not None and not callable(found):
        raise ValueError(
            f"a constraint is a name, a Constraint, or a function of a weight; received {identifier!r}"
        )
    return found


max_norm, min_max_norm, non_neg, unit_norm = MaxNorm, MinMaxNorm, NonNeg, UnitNorm
