"""Penalties on weights and on outputs, which the loss grows by: Keras 3's, by name or as objects.

A regularizer is a function of a tensor that gives one number.
"""

from __future__ import annotations

import math
from typing import Any

from fastnn import ops
from fastnn.registry import Registry

__all__ = [
    "L1",
    "L1L2",
    "L2",
    "OrthogonalRegularizer",
    "Regularizer",
    "deserialize",
    "get",
    "l1",
    "l1_l2",
    "l2",
    "orthogonal_regularizer",
    "serialize",
]

_registry: Registry[Any] = Registry("regularizer")
serialize = _registry.serialize
deserialize = _registry.deserialize


class Regularizer:
    """Base class: subclasses define ``__call__(x)``, which gives the penalty, and ``get_config()``."""

    def __call__(self, x: Any) -> Any:
        """Return the penalty on a tensor."""
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Regularizer:
        """Make a regularizer from what `get_config` gave."""
        return cls(**config)


@_registry.register("l1_l2")
class L1L2(Regularizer):
    r"""The penalty :math:`l_1 \sum |x| + l_2 \sum x^2`; by the name ``"l1_l2"`` with both factors 0.01.

    Parameters
    ----------
    l1, l2 : float
        The factors, not negative.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import regularizers
    >>> float(regularizers.L1L2(l1=0.5, l2=2.0)(np.array([-1.0, 3.0])))
    22.0
    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None:
        self.l1, self.l2 = _factor(self, "l1", l1), _factor(self, "l2", l2)

    def __call__(self, x: Any) -> Any:
        """Return the penalty on a tensor."""
        terms = []
        if self.l1:
            terms.append(ops.multiply(ops.sum(ops.absolute(x)), self.l1))
        if self.l2:
            terms.append(ops.multiply(ops.vdot(x, x), self.l2))
        return sum(terms[1:], start=terms[0]) if terms else 0.0

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"l1": self.l1, "l2": self.l2}


@_registry.register("l1")
class L1(Regularizer):
    r"""The penalty :math:`l_1 \sum |x|`, which drives small weights to zero.

    Parameters
    ----------
    l1 : float
        The factor, not negative.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import regularizers
    >>> float(regularizers.L1(0.5)(np.array([-1.0, 3.0])))
    2.0
    """

    def __init__(self, l1: float = 0.01) -> None:
        self.l1 = _factor(self, "l1", l1)

    def __call__(self, x: Any) -> Any:
        """Return the penalty on a tensor."""
        return ops.multiply(ops.sum(ops.absolute(x)), self.l1)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"l1": self.l1}


@_registry.register("l2")
class L2(Regularizer):
    r"""The penalty :math:`l_2 \sum x^2`, without a half.

    Parameters
    ----------
    l2 : float
        The factor, not negative.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import regularizers
    >>> float(regularizers.L2(0.5)(np.array([-1.0, 3.0])))
    5.0
    """

    def __init__(self, l2: float = 0.01) -> None:
        self.l2 = _factor(self, "l2", l2)

    def __call__(self, x: Any) -> Any:
        """Return the penalty on a tensor."""
        return ops.multiply(ops.vdot(x, x), self.l2)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"l2": self.l2}


@_registry.register("orthogonal_regularizer")
class OrthogonalRegularizer(Regularizer):
    """The mean cosine, without its sign, between the rows of a matrix, or between its columns, times a factor.

    Parameters
    ----------
    factor : float
        Not negative.
    mode : {"rows", "columns"}
        What shall be at right angles.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import regularizers
    >>> round(float(regularizers.OrthogonalRegularizer()(np.array([[2.0, 0.0], [0.6, -0.8]]))), 6)
    0.006
    """

    def __init__(self, factor: float = 0.01, mode: str = "rows") -> None:
        self.factor = _factor(self, "factor", factor)
        if mode not in ("rows", "columns"):
            raise ValueError(
                f"OrthogonalRegularizer: mode must be 'rows' or 'columns'; received mode={mode!r}"
            )
        self.mode = mode

    def __call__(self, x: Any) -> Any:
        """Return the penalty on a matrix."""
        if len(x.shape) != 2:
            raise ValueError(
                f"OrthogonalRegularizer: only matrices have rows and columns; received shape {x.shape}"
            )
        if self.mode == "columns":
            x = ops.transpose(x)
        squares = ops.sum(ops.square(x), axis=1, keepdims=True)
        units = ops.multiply(x, ops.rsqrt(ops.maximum(squares, 1e-24)))
        cosines = ops.absolute(ops.matmul(units, ops.transpose(units)))
        n = x.shape[0]
        apart = ops.subtract(ops.sum(cosines), ops.trace(cosines))
        return ops.multiply(apart, self.factor / (n * (n - 1)))

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"factor": self.factor, "mode": self.mode}


def _factor(regularizer: Regularizer, name: str, value: Any) -> float:
    """Return a factor as a float, or refuse what is none."""
    if not isinstance(value, (int, float)) or not 0 <= value < math.inf:
        raise ValueError(
            f"{type(regularizer).__name__}: {name} must be a number that is not negative; received {name}={value!r}"
        )
    return float(value)


def get(identifier: Any) -> Any:
    """Return the regularizer for a name, a configuration, a class, or a callable (as it is); None for None.

    Raises
    ------
    ValueError
        There is no regularizer of that name, or it is something else altogether.

    Examples
    --------
    >>> from fastnn import regularizers
    >>> regularizers.get("l2").get_config()
    {'l2': 0.01}
    """
    if identifier == "l1_l2":
        return L1L2(0.01, 0.01)
    found = _registry.get(identifier)
    if found is not None and not callable(found):
        raise ValueError(
            "a regularizer is a name, a Regularizer, or a function that gives a penalty; "
            f"received {identifier!r}"
        )
    return found


l1, l1_l2, l2, orthogonal_regularizer = L1, L1L2, L2, OrthogonalRegularizer
