"""Noise that is added to inputs in training, or multiplied with them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from fastnn import ops, random
from fastnn.layers.dropout import RandomLayer, checked_noise_shape, checked_rate
from fastnn.layers.layer import _registry
from fastnn.ops.dropout import noise_sizes


@_registry.register()
class GaussianNoise(RandomLayer):
    """Adds normal noise in training.

    Parameters
    ----------
    stddev : float
        Standard deviation of the noise, not negative.
    seed, name, dtype, input_shape
        See `Dropout`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layer = layers.GaussianNoise(0.1, seed=1)
    >>> round(float(layer(np.zeros(10_000), training=True).std()), 2)
    0.1
    """

    def __init__(self, stddev: float, seed: Any = None, **options: Any) -> None:
        super().__init__(stddev, seed, **options)
        if not (isinstance(stddev, (int, float)) and 0 <= stddev < math.inf):
            raise ValueError(f"GaussianNoise: stddev must not be negative; received stddev={stddev!r}")
        self.stddev = float(stddev)

    def _noisy(self, x: Any) -> Any:
        return ops.add(x, random.normal(x.shape, 0.0, self.stddev, self.dtype, self._source))

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "stddev": self.stddev}


@_registry.register()
class GaussianDropout(RandomLayer):
    """Multiplies by normal noise around 1 in training.

    Parameters
    ----------
    rate : float
        In [0, 1). The noise has the variance that `Dropout` of this rate has: ``rate / (1 - rate)``.
    seed, name, dtype, input_shape
        See `Dropout`.

    Notes
    -----
    Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", 2014, section 10.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> y = layers.GaussianDropout(0.5, seed=1)(np.ones(10_000), training=True)
    >>> round(float(y.mean()), 1), round(float(y.std()), 1)
    (1.0, 1.0)
    """

    def __init__(self, rate: float, seed: Any = None, **options: Any) -> None:
        super().__init__(rate, seed, **options)
        self.rate = checked_rate(self, rate, below_one=True)

    def _noisy(self, x: Any) -> Any:
        stddev = math.sqrt(self.rate / (1 - self.rate))
        return ops.multiply(x, random.normal(x.shape, 1.0, stddev, self.dtype, self._source))

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "rate": self.rate}


@_registry.register()
class AlphaDropout(RandomLayer):
    """Dropout for networks of `selu`: keeps mean 0 and variance 1 of inputs that have them.

    Dropped inputs take the value that `selu` has far left; then all are scaled and shifted.

    Parameters
    ----------
    rate : float
        Which part is dropped, in [0, 1).
    noise_shape, seed, name, dtype, input_shape
        See `Dropout`.

    Notes
    -----
    Klambauer et al., "Self-Normalizing Neural Networks", 2017.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers, random
    >>> y = layers.AlphaDropout(0.3, seed=1)(random.normal(10_000, seed=2), training=True)
    >>> abs(round(float(y.mean()), 1)), round(float(y.std()), 1)
    (0.0, 1.0)
    """

    def __init__(
        self, rate: float, noise_shape: Sequence[int | None] | None = None, seed: Any = None, **options: Any
    ) -> None:
        super().__init__(rate, seed, **options)
        self.rate = checked_rate(self, rate, below_one=True)
        self.noise_shape = checked_noise_shape(self, noise_shape)

    def _noisy(self, x: Any) -> Any:
        limit = -1.6732632423543772 * 1.0507009873554805
        scale = ((1 - self.rate) * (1 + self.rate * limit**2)) ** -0.5
        sizes = x.shape if self.noise_shape is None else noise_sizes(self.noise_shape, x.shape)
        kept = ops.dropout(np.ones(sizes, self.dtype), self.rate, None, self._source)
        factors = ops.where(kept, scale, 0.0).astype(self.dtype)
        shifts = (scale - factors) * self.dtype.type(limit) - self.dtype.type(scale * limit * self.rate)
        return ops.add(ops.multiply(x, factors), shifts)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "rate": self.rate, "noise_shape": self.noise_shape}
