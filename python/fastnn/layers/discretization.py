"""Values as the numbers of the intervals that they lie in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from fastnn.layers.category_encoding import encoded
from fastnn.layers.layer import Layer, _registry
from fastnn.tensor import Tensor

_MODES = ("int", "one_hot", "multi_hot", "count")


@_registry.register()
class Discretization(Layer):
    """Gives the number of the interval that each value lies in.

    Parameters
    ----------
    bin_boundaries : sequence of float, optional
        The ends of the intervals, ascending: value x lies in interval i where ``boundaries[i - 1] <= x <
        boundaries[i]``.
    num_bins : int, optional
        Without boundaries: how many intervals `adapt` makes of the values that it sees, each with as many.
    output_mode : {"int", "one_hot", "multi_hot", "count"}
        See `CategoryEncoding`.
    name, dtype
        See `Layer`.

    Notes
    -----
    `adapt` takes the quantiles of all values at once, where Keras's keeps a summary of about 100 values.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.Discretization([0.0, 1.0])(np.array([[-1.5, 0.0, 0.5, 3.4]]))
    array([[0, 1, 1, 2]], dtype=int32)
    >>> layer = layers.Discretization(num_bins=4)
    >>> layer.adapt(np.arange(100.0))
    >>> layer.bin_boundaries
    [24.75, 49.5, 74.25]
    """

    def __init__(
        self,
        bin_boundaries: Sequence[float] | None = None,
        num_bins: int | None = None,
        output_mode: str = "int",
        **options: Any,
    ) -> None:
        super().__init__(**options)
        if bin_boundaries is None and not (isinstance(num_bins, int) and num_bins > 0):
            raise ValueError(
                "Discretization: give bin_boundaries, or a positive num_bins; "
                f"received bin_boundaries=None, num_bins={num_bins!r}"
            )
        if output_mode not in _MODES:
            raise ValueError(
                f"Discretization: output_mode must be one of {_MODES}; received output_mode={output_mode!r}"
            )
        self.bin_boundaries = None if bin_boundaries is None else [float(b) for b in bin_boundaries]
        if self.bin_boundaries is not None and sorted(self.bin_boundaries) != self.bin_boundaries:
            raise ValueError(
                f"Discretization: bin_boundaries must ascend; received bin_boundaries={bin_boundaries!r}"
            )
        self.num_bins, self.output_mode = num_bins, output_mode

    def adapt(self, data: Any) -> None:
        """Choose the boundaries so that each interval holds as many of the values in an array, or in batches."""
        if self.num_bins is None:
            raise ValueError(
                f"layer {self.name!r} was given its bin_boundaries: give it num_bins to adapt it to data"
            )
        if isinstance(data, Iterable) and not isinstance(data, (list, tuple, np.ndarray)):
            data = np.concatenate([np.ravel(np.asarray(batch)) for batch in data])
        parts = np.arange(1, self.num_bins) / self.num_bins
        self.bin_boundaries = np.quantile(np.asarray(data, np.float64), parts).tolist()

    def call(self, x: Any) -> Any:
        """Compute the output."""
        if self.bin_boundaries is None:
            raise ValueError("there are no boundaries yet: call adapt on data first")
        boundaries = np.asarray(self.bin_boundaries, self.dtype)
        places = np.digitize(np.asarray(x), boundaries)
        if self.output_mode == "int":
            y = places.astype(np.int32)
        else:
            y = encoded(np.atleast_1d(places), self.output_mode, len(boundaries) + 1, self.dtype)
        return Tensor(y) if isinstance(x, Tensor) else y

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        boundaries = None if self.bin_boundaries is None else list(self.bin_boundaries)
        return {
            **super().get_config(),
            "bin_boundaries": boundaries,
            "num_bins": self.num_bins,
            "output_mode": self.output_mode,
        }
