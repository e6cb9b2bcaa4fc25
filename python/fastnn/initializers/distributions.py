"""First values from a distribution that does not look at the shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastnn import random
from fastnn.initializers.initializer import Array, RandomInitializer, _registry


@_registry.register("random_normal", "normal")
class RandomNormal(RandomInitializer):
    """Normal distribution.

    Parameters
    ----------
    mean, stddev : float
    seed
        See `RandomInitializer`.
    """

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: Any = None) -> None:
        super().__init__(seed)
        self.mean, self.stddev = mean, stddev

    def __call__(self, shape: Sequence[int], dtype: Any = "float32") -> Array:
        """Draw from the distribution."""
        return random.normal(shape, self.mean, self.stddev, dtype, self.seed)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "mean": self.mean, "stddev": self.stddev}


@_registry.register("truncated_normal")
class TruncatedNormal(RandomNormal):
    """Normal distribution, redrawn outside two deviations.

    Parameters
    ----------
    mean, stddev : float
        Before what is further out is drawn again.
    seed
        See `RandomInitializer`.
    """

    def __call__(self, shape: Sequence[int], dtype: Any = "float32") -> Array:
        """Draw from the distribution."""
        return random.truncated_normal(shape, self.mean, self.stddev, dtype, self.seed)


@_registry.register("random_uniform", "uniform")
class RandomUniform(RandomInitializer):
    """Uniform distribution on [minval, maxval).

    Parameters
    ----------
    minval, maxval : float
    seed
        See `RandomInitializer`.
    """

    def __init__(self, minval: float = -0.05, maxval: float = 0.05, seed: Any = None) -> None:
        super().__init__(seed)
        self.minval, self.maxval = minval, maxval

    def __call__(self, shape: Sequence[int], dtype: Any = "float32") -> Array:
        """Draw from the distribution."""
        return random.uniform(shape, self.minval, self.maxval, dtype, self.seed)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "minval": self.minval, "maxval": self.maxval}
