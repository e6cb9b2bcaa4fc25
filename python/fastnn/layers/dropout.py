"""Dropout, and what layers share that act at random in training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastnn import ops
from fastnn.layers.layer import Layer, _registry
from fastnn.seeds import SeedGenerator, seed_config, to_seed


class RandomLayer(Layer):
    """A layer that changes its input at random, in training only, and keeps its shape and mask.

    Subclasses have an option that is off at 0, and define ``_noisy(x)``.
    """

    def __init__(self, amount: float, seed: Any = None, **options: Any) -> None:
        super().__init__(**options)
        self._amount = amount
        self.seed = to_seed(seed)
        # An int begins a sequence: every call draws anew.
        self._source = SeedGenerator(self.seed) if isinstance(self.seed, int) else self.seed
        self.supports_masking = True

    def call(self, x: Any, training: bool = False) -> Any:
        """Compute the output."""
        return self._noisy(x) if training and self._amount > 0 else x

    def _noisy(self, x: Any) -> Any:
        raise NotImplementedError

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input's shape."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "seed": seed_config(self.seed)}


def checked_rate(layer: Layer, rate: float, below_one: bool = False) -> float:
    """Return a rate, or refuse one that is no probability."""
    if not (isinstance(rate, (int, float)) and 0 <= rate <= 1 and (rate < 1 or not below_one)):
        interval = "[0, 1)" if below_one else "[0, 1]"
        raise ValueError(f"{type(layer).__name__}: rate must lie in {interval}; received rate={rate!r}")
    return float(rate)


def checked_noise_shape(layer: Layer, noise_shape: Any) -> tuple[int | None, ...] | None:
    """Return a noise shape as a tuple, or refuse what is none."""
    if noise_shape is None:
        return None
    fits = isinstance(noise_shape, (list, tuple)) and all(
        s is None or (isinstance(s, int) and s > 0) for s in noise_shape
    )
    if not fits:
        raise ValueError(
            f"{type(layer).__name__}: noise_shape must hold positive integers and None; "
            f"received noise_shape={noise_shape!r}"
        )
    return tuple(noise_shape)


@_registry.register()
class Dropout(RandomLayer):
    """Sets inputs to zero at random in training, and multiplies the others by ``1 / (1 - rate)``.

    Parameters
    ----------
    rate : float
        Which part becomes zero, in [0, 1].
    noise_shape : tuple of int or None, optional
        Shape, with the batch size, in which inputs are kept or dropped; it broadcasts to the input's. None stands
        for the input's size: (None, 1, None) drops features alike in all steps.
    seed : int or SeedGenerator, optional
        Of a sequence of the layer's own; by default the global one.
    name, dtype, input_shape
        See `Layer`.

    Notes
    -----
    Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", 2014.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layer = layers.Dropout(0.5, seed=1)
    >>> layer(np.ones(6), training=True)
    array([2., 0., 2., 2., 0., 2.], dtype=float32)
    >>> layer(np.ones(6))
    array([1., 1., 1., 1., 1., 1.], dtype=float32)
    """

    def __init__(
        self, rate: float, noise_shape: Sequence[int | None] | None = None, seed: Any = None, **options: Any
    ) -> None:
        super().__init__(rate, seed, **options)
        self.rate = checked_rate(self, rate)
        self.noise_shape = checked_noise_shape(self, noise_shape)

    def _noisy(self, x: Any) -> Any:
        return ops.dropout(x, self.rate, self._noise_shape_for(x.shape), self._source)

    def _noise_shape_for(self, shape: tuple[int, ...]) -> Any:
        return self.noise_shape

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "rate": self.rate, "noise_shape": self.noise_shape}
