"""Inputs brought to mean 0 and variance 1, once and for all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from fastnn import ops
from fastnn.data import Dataset
from fastnn.layers.layer import Layer, Shape, _registry
from fastnn.layers.scaled import checked_sizes
from fastnn.tensor import Tensor

_LEAST = 1e-7  # deviation that is divided by

Array = np.ndarray[Any, Any]


@_registry.register()
class Normalization(Layer):
    """Computes ``(x - mean) / sqrt(variance)``, with statistics that are given or found by `adapt`.

    Parameters
    ----------
    axis : int, tuple of int or None, default -1
        The axes that have a mean and a variance for each position; None: one for all values.
    mean, variance : float or array_like, optional
        Both or neither. They broadcast to the sizes of the axes.
    invert : bool
        Computes ``x * sqrt(variance) + mean`` instead.
    name, dtype, input_shape
        See `Layer`.

    Notes
    -----
    Weights, unless the statistics are given: mean, variance and count (which Keras has for old models).

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layer = layers.Normalization()
    >>> layer.adapt(np.array([[1.0, 10.0], [3.0, 30.0]]))
    >>> layer(np.array([[2.0, 40.0]])).numpy()
    array([[0., 2.]], dtype=float32)
    """

    mean: Any
    variance: Any

    def __init__(
        self,
        axis: int | tuple[int, ...] | None = -1,
        mean: Any = None,
        variance: Any = None,
        invert: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.axis = () if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
        if (mean is None) != (variance is None):
            raise ValueError(
                "Normalization: mean and variance must be given together; "
                f"received mean={mean!r}, variance={variance!r}"
            )
        self._given = None
        if mean is not None:
            given = np.asarray(mean, np.float64), np.asarray(variance, np.float64)
            if given[0].shape != given[1].shape or given[0].ndim > len(self.axis):
                raise ValueError(
                    "Normalization: mean and variance must have one shape, of no more dimensions than there are "
                    f"axes; received shapes {given[0].shape} and {given[1].shape}, axis={axis!r}"
                )
            self._given = given
        self.invert = invert
        self.supports_masking = True

    def build(self, input_shape: Shape) -> None:
        """Make the statistics."""
        sizes = checked_sizes(input_shape, self.axis)
        kept = {a % len(input_shape) for a in self.axis}
        self._reduced = tuple(d for d in range(len(input_shape)) if d not in kept)
        self._line = tuple(1 if n is None or d not in kept else n for d, n in enumerate(input_shape))
        if self._given is None:
            self.mean = self.add_weight(sizes, "zeros", trainable=False, name="mean")
            self.variance = self.add_weight(sizes, "ones", trainable=False, name="variance")
            self.count = self.add_weight((), "zeros", trainable=False, name="count")
        else:
            self.mean, self.variance = (np.broadcast_to(v, sizes).astype(self.dtype) for v in self._given)

    def call(self, x: Any) -> Any:
        """Compute the output."""
        mean, variance = ops.reshape(self.mean, self._line), ops.reshape(self.variance, self._line)
        deviation = ops.maximum(ops.sqrt(variance), _LEAST)
        return x * deviation + mean if self.invert else (x - mean) / deviation

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the input's shape."""
        checked_sizes(input_shape, self.axis)
        return input_shape

    def adapt(self, data: Any) -> None:
        """Take mean and variance from data, in place of those that were known.

        Parameters
        ----------
        data : array_like, Dataset or iterable of batches
            Of batches that are tuples, the first part is taken.

        Raises
        ------
        ValueError
            If there are no data, their shape is another than the layer's, or the statistics were given.
        """
        if self._given is not None:
            raise ValueError(f"layer {self.name!r} (Normalization) was given its mean and variance")
        count = 0
        mean: Any = 0.0
        variance: Any = 0.0
        for batch in _batches(data):
            if not self.built:
                self.build((None, *batch.shape[1:]))
            if len(batch.shape) != len(self._line) or any(
                batch.shape[d] != n for d, n in enumerate(self._line) if d not in self._reduced
            ):
                raise ValueError(
                    f"layer {self.name!r} (Normalization) was built for inputs of shape {self.input_shape}; "
                    f"received data of shape {batch.shape}"
                )
            values = batch.astype(np.float64)
            more = int(np.prod([batch.shape[d] for d in self._reduced]))
            if more == 0:
                continue
            # Statistics of two sets, merged (Chan, Golub and LeVeque, 1983).
            share = more / (count + more)
            difference = values.mean(self._reduced) - mean
            mean = mean + difference * share
            variance = variance * (1 - share) + values.var(self._reduced) * share
            variance = variance + np.square(difference) * share * (1 - share)
            count += more
        if count == 0:
            raise ValueError(f"layer {self.name!r} (Normalization) cannot adapt to no data")
        self.mean.assign(mean)
        self.variance.assign(variance)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        mean, variance = (None, None) if self._given is None else (v.tolist() for v in self._given)
        return {
            **super().get_config(),
            "axis": self.axis or None,
            "mean": mean,
            "variance": variance,
            "invert": self.invert,
        }


def _batches(data: Any) -> Iterable[Array]:
    """Return arrays with the samples first."""
    if isinstance(data, (np.ndarray, Tensor)):
        return [np.asarray(data)]
    return map(_first, _batched(data))


def _first(batch: Any) -> Array:
    return np.asarray(batch[0] if isinstance(batch, tuple) else batch)


def _batched(data: Any) -> Iterable[Any]:
    """Return a dataset of vectors in batches, as Keras does; all else as it is."""
    if isinstance(data, Dataset) and any(_first(element).ndim == 1 for element in data.take(1)):
        return data.batch(128)
    batches: Iterable[Any] = data
    return batches
