"""First values that are not drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fastnn.initializers.initializer import Array, Initializer, _registry


@_registry.register("zeros", "zero")
class Zeros(Initializer):
    """All zeros."""

    def __call__(self, shape: Sequence[int], dtype: Any = "float32") -> Array:
        """Return zeros."""
        return np.zeros(shape, dtype)


@_registry.register("ones", "one")
class Ones(Initializer):
    """All ones."""

    def __call__(self, shape: Sequence[int], dtype: Any = "float32") -> Array:
        """Return ones."""
        return np.ones(shape, dtype)


@_registry.register("constant")
class Constant(Initializer):
    """All the same value, or the values of an array.

    Parameters
    ----------
    value : float or array_like
        An array broadcasts to the weight's shape: word vectors, for example, that were learned elsewhere.

    Examples
    --------
    >>> from fastnn import initializers
    >>> initializers.Constant([1.0, 2.0])((2, 2))
    array([[1., 2.],
           [1., 2.]], dtype=float32)
    """

    def __init__(self, value: Any = 0.0) -> None:
        self.value = value if isinstance(value, (int, float)) else np.asarray(value)

    def __call__(self, shape: Sequence[int], dtype: Any = "float32") -> Array:
        """Return the constant in every place."""
        try:
            return np.full(shape, self.value, dtype)
        except ValueError:
            raise ValueError(
                f"Constant: a value of shape {np.shape(self.value)} cannot fill a weight of shape {tuple(shape)}"
            ) from None

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"value": self.value.tolist() if isinstance(self.value, np.ndarray) else self.value}


@_registry.register("identity", "IdentityInitializer")
class Identity(Initializer):
    """The identity matrix, times a factor; of a matrix that is not square, ones on its diagonal.

    Parameters
    ----------
    gain : float
        The factor.

    Examples
    --------
    >>> from fastnn import initializers
    >>> initializers.Identity(2.0)((2, 3))
    array([[2., 0., 0.],
           [0., 2., 0.]], dtype=float32)
    """

    def __init__(self, gain: float = 1.0) -> None:
        self.gain = gain

    def __call__(self, shape: Sequence[int], dtype: Any = "float32") -> Array:
        """Return the matrix."""
        if len(shape) != 2:
            raise ValueError(f"Identity: a weight must have two axes; received shape {tuple(shape)}")
        matrix: Array = np.eye(*shape, dtype=dtype) * np.dtype(dtype).type(self.gain)
        return matrix

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"gain": self.gain}
