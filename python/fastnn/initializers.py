"""How weights get their first values: Keras 3's initializers, by name or as objects.

An initializer is called with a shape and a dtype and returns an array. The random ones draw from
`fastnn.random`, so `fastnn.utils.set_random_seed` makes them repeat.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from fastnn import random
from fastnn.registry import Registry

Array = np.ndarray[Any, Any]
_registry: Registry[Any] = Registry("initializer")
get = _registry.get
serialize = _registry.serialize
deserialize = _registry.deserialize


class Initializer:
    """Base class: subclasses define ``__call__(shape, dtype)`` and ``get_config()``."""

    def __call__(self, shape: Sequence[int], dtype: Any = "float32") -> Array:
        """Return an array of first values."""
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {}


@_registry.register("zeros")
class Zeros(Initializer):
    """All zeros."""

    def __call__(self, shape: Sequence[int], dtype: Any = "float32") -> Array:
        """Return zeros."""
        return np.zeros(shape, dtype)


@_registry.register("ones")
class Ones(Initializer):
    """All ones."""

    def __call__(self, shape: Sequence[int], dtype: Any = "float32") -> Array:
        """Return ones."""
        return np.ones(shape, dtype)


@_registry.register("constant")
class Constant(Initializer):
    """All the same value."""

    def __init__(self, value: float = 0.0) -> None:
        self.value = value

    def __call__(self, shape: Sequence[int], dtype: Any = "float32") -> Array:
        """Return the constant in every place."""
        return np.full(shape, self.value, dtype)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"value": self.value}


@_registry.register("random_normal", "normal")
class RandomNormal(Initializer):
    """Normal distribution."""

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: int | None = None) -> None:
        self.mean, self.stddev, self.seed = mean, stddev, seed

    def __call__(self, shape: Sequence[int], dtype: Any = "float32") -> Array:
        """Draw from the distribution."""
        return random.normal(shape, self.mean, self.stddev, dtype, self.seed)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"mean": self.mean, "stddev": self.stddev, "seed": self.seed}


@_registry.register("truncated_normal")
class TruncatedNormal(RandomNormal):
    """Normal distribution, redrawn outside two deviations."""

    def __call__(self, shape: Sequence[int], dtype: Any = "float32") -> Array:
        """Draw from the distribution."""
        return random.truncated_normal(shape, self.mean, self.stddev, dtype, self.seed)


@_registry.register("random_uniform", "uniform")
class RandomUniform(Initializer):
    """Uniform distribution on [minval, maxval)."""

    def __init__(self, minval: float = -0.05, maxval: float = 0.05, seed: int | None = None) -> None:
        self.minval, self.maxval, self.seed = minval, maxval, seed

    def __call__(self, shape: Sequence[int], dtype: Any = "float32") -> Array:
        """Draw from the distribution."""
        return random.uniform(shape, self.minval, self.maxval, dtype, self.seed)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"minval": self.minval, "maxval": self.maxval, "seed": self.seed}


def compute_fans(shape: Sequence[int]) -> tuple[int, int]:
    """Return the numbers of inputs and outputs of one unit of a kernel ``(*window, in, out)``."""
    if len(shape) < 2:
        size = shape[0] if shape else 1
        return size, size
    window = math.prod(shape[:-2])
    return shape[-2] * window, shape[-1] * window


@_registry.register("variance_scaling")
class VarianceScaling(Initializer):
    """Draws with a variance of ``scale / n``, n being the fan of the kernel.

    Parameters
    ----------
    scale : float
        Positive.
    mode : {"fan_in", "fan_out", "fan_avg"}
        What n is: inputs, outputs, or their mean.
    distribution : {"truncated_normal", "untruncated_normal", "uniform"}
        The truncated normal is cut off at two deviations and widened to keep its variance.
    seed : int, optional
        Draws the same values at every call.

    Notes
    -----
    He et al., "Delving deep into rectifiers", 2015; Glorot and Bengio, "Understanding the difficulty of
    training deep feedforward neural networks", 2010.
    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: int | None = None,
    ) -> None:
        if not scale > 0:
            raise ValueError(f"scale must be positive; received scale={scale}")
        if mode not in ("fan_in", "fan_out", "fan_avg"):
            raise ValueError(f"mode must be 'fan_in', 'fan_out' or 'fan_avg'; received mode={mode!r}")
        if distribution not in ("normal", "truncated_normal", "untruncated_normal", "uniform"):
            raise ValueError(
                "distribution must be 'truncated_normal', 'untruncated_normal' or 'uniform'; "
                f"received distribution={distribution!r}"
            )
        self.scale, self.mode, self.distribution, self.seed = scale, mode, distribution, seed

    def __call__(self, shape: Sequence[int], dtype: Any = "float32") -> Array:
        """Draw a kernel of this shape."""
        fan_in, fan_out = compute_fans(shape)
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        variance = self.scale / max(1.0, fan)
        if self.distribution == "uniform":
            limit = math.sqrt(3 * variance)
            return random.uniform(shape, -limit, limit, dtype, self.seed)
        if self.distribution == "untruncated_normal":
            return random.normal(shape, 0.0, math.sqrt(variance), dtype, self.seed)
        # the standard deviation of a standard normal cut off at 2
        return random.truncated_normal(
            shape, 0.0, math.sqrt(variance) / 0.87962566103423978, dtype, self.seed
        )

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"scale": self.scale, "mode": self.mode, "distribution": self.distribution, "seed": self.seed}


def _scaled(name: str, alias: str, scale: float, mode: str, distribution: str) -> type[VarianceScaling]:
    """Return the named special case of `VarianceScaling`."""

    def __init__(self: VarianceScaling, seed: int | None = None) -> None:
        VarianceScaling.__init__(self, scale, mode, distribution, seed)

    made = type(
        name,
        (VarianceScaling,),
        {
            "__init__": __init__,
            "__doc__": f"`VarianceScaling` with scale {scale:g}, {mode}, {distribution}.",
            "__module__": __name__,
            "get_config": lambda self: {"seed": self.seed},
        },
    )
    return _registry.register(alias)(made)


GlorotUniform = _scaled("GlorotUniform", "glorot_uniform", 1.0, "fan_avg", "uniform")
GlorotNormal = _scaled("GlorotNormal", "glorot_normal", 1.0, "fan_avg", "truncated_normal")
HeUniform = _scaled("HeUniform", "he_uniform", 2.0, "fan_in", "uniform")
HeNormal = _scaled("HeNormal", "he_normal", 2.0, "fan_in", "truncated_normal")
LecunUniform = _scaled("LecunUniform", "lecun_uniform", 1.0, "fan_in", "uniform")
LecunNormal = _scaled("LecunNormal", "lecun_normal", 1.0, "fan_in", "truncated_normal")
