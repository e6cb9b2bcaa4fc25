"""Arrays in, checked batches out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from fastnn._core import native

Array = np.ndarray[Any, Any]


class Batch(NamedTuple):
    """One batch; y and weight may be None."""

    x: Any
    y: Any
    weight: Any


class ArrayData:
    """Arrays of the same length, cut into batches.

    Shuffled batches are gathered natively, integers cast to floating point on the way, so that
    images can stay uint8 in memory.
    """

    def __init__(self, x: Any, y: Any, sample_weight: Any, dtype: np.dtype[Any], caller: str) -> None:
        self.x = as_numbers(x, "x", caller)
        self.y = None if y is None else as_numbers(y, "y", caller)
        self.weight = None if sample_weight is None else as_numbers(sample_weight, "sample_weight", caller)
        self.dtype = dtype
        for name, array in (("y", self.y), ("sample_weight", self.weight)):
            if array is not None and len(array) != len(self.x):
                raise ValueError(
                    f"{caller}: x and {name} must have the same length; "
                    f"received x {self.x.shape} and {name} {array.shape}"
                )
        if len(self.x) == 0:
            raise ValueError(f"{caller}: there are no samples; received x of shape {self.x.shape}")

    def __len__(self) -> int:
        return len(self.x)

    def part(self, part: slice) -> ArrayData:
        """Return some of the samples."""
        y = None if self.y is None else self.y[part]
        weight = None if self.weight is None else self.weight[part]
        return ArrayData(self.x[part], y, weight, self.dtype, "fit")

    def batches(self, batch_size: int, order: Array | None = None) -> Iterator[Batch]:
        """Give the batches of one epoch, in the order of the samples or in ``order`` (positions)."""
        x, y, weight = self.x, self.y, self.weight
        if order is None:
            for start in range(0, len(x), batch_size):
                yield self.part(slice(start, start + batch_size)).whole()
            return
        y_dtype = self.dtype if y is not None and y.dtype.kind == "f" else None  # labels stay integers
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            yield Batch(
                native.gather(x, rows, self.dtype),
                None if y is None else native.gather(y, rows, y_dtype),
                None if weight is None else weight[rows],
            )

    def whole(self) -> Batch:
        """Return all samples as one batch."""
        y = self.y
        return Batch(
            self.x.astype(self.dtype, copy=False),
            y if y is None or y.dtype.kind != "f" else y.astype(self.dtype, copy=False),
            self.weight,
        )


def as_numbers(array: Any, name: str, caller: str) -> Array:
    """Return ``array`` as an array of real numbers with at least one dimension."""
    try:
        result = np.asarray(array)
    except ValueError as error:  # ragged lists
        raise ValueError(f"{caller}: {name} could not be turned into an array: {error}") from error
    if result.dtype.kind not in "fiub" or result.dtype.itemsize > 8:
        raise ValueError(f"{caller}: {name} must hold real numbers; received dtype {result.dtype}")
    if result.ndim == 0:
        raise ValueError(f"{caller}: {name} must hold one entry per sample; received a single number")
    return result


def positive_int(value: Any, name: str, caller: str) -> int:
    """Return ``value`` where it is a positive whole number."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
        raise ValueError(f"{caller}: {name} must be a positive integer; received {name}={value!r}")
    return int(value)
