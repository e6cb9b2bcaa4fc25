"""Where batches come from, epoch after epoch: arrays, datasets, generators, sequences."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from fastnn import random, tree
from fastnn.training.data import Batch

Prepare = Callable[[Any, Any, Any, str], Any]  # x, y, weight, where -> checked data


class ArrayFeed:
    """Arrays cut into batches, in a new order each epoch."""

    def __init__(self, data: Any, batch_size: int, shuffle: bool) -> None:
        self.data = data
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.steps: int | None = math.ceil(len(data) / batch_size)

    def epoch(self) -> Iterator[Batch]:
        """Give the batches of the next epoch."""
        order = random.permutation(len(self.data)) if self.shuffle else None
        batches: Iterator[Batch] = self.data.batches(self.batch_size, order)
        return batches

    def split(self, fraction: float, batch_size: int) -> tuple[ArrayFeed, ArrayFeed]:
        """Return the first samples to train on, and the last ``fraction`` of them in batches of ``batch_size``."""
        at = int(len(self.data) * (1.0 - fraction))
        if not 0 < at < len(self.data):
            raise ValueError(
                f"fit: validation_split={fraction} of {len(self.data)} samples leaves nothing on one side"
            )
        first = ArrayFeed(self.data.part(slice(at)), self.batch_size, self.shuffle)
        return first, ArrayFeed(self.data.part(slice(at, None)), batch_size, False)


class StreamFeed:
    """Batches made by somebody else.

    Parameters
    ----------
    source : iterable, iterator, or object with ``__len__`` and ``__getitem__``
        Of batches (x,), (x, y) or (x, y, sample_weight).
    prepare : callable
        Is given x, y and the weights of a batch, and where it comes from, and returns it checked.
    shuffle : bool
        Whether to ask an object with ``__getitem__`` for its batches in random order.
    caller : str
    """

    def __init__(self, source: Any, prepare: Prepare, shuffle: bool, caller: str) -> None:
        self.source = source
        self.prepare = prepare
        self.shuffle = shuffle
        self.caller = caller
        self.indexed = _is_sequence(source)
        try:
            self.steps: int | None = len(source)
        except TypeError:
            self.steps = None

    def epoch(self) -> Iterator[Batch]:
        """Give the batches of the next epoch; nothing where an iterator is exhausted."""
        number = -1
        for number, element in enumerate(self._elements()):
            x, y, weight = unpacked(element, number, self.caller)
            if number == 0 and not all(getattr(leaf, "ndim", 1) for leaf in tree.flatten((x, y))):
                raise ValueError(
                    f"{self.caller}: the data give single samples, not batches; a Dataset is batched by .batch(n)"
                )
            yield self.prepare(x, y, weight, f"{self.caller}: batch {number}").whole()
        self.steps = number + 1  # for the progress of the next epoch

    def _elements(self) -> Iterable[Any]:
        if not self.indexed:
            return iter(self.source)
        return self._items(
            random.permutation(len(self.source)).tolist() if self.shuffle else range(len(self.source))
        )

    def _items(self, order: Iterable[int]) -> Iterator[Any]:
        for index in order:
            yield self.source[index]
        if hasattr(self.source, "on_epoch_end"):
            self.source.on_epoch_end()


class SteppedFeed:
    """Epochs of a given number of batches, each going on where the last ended, or beginning anew."""

    def __init__(self, feed: ArrayFeed | StreamFeed, steps: int, caller: str, goes_on: bool) -> None:
        self.feed = feed
        self.goes_on = goes_on
        self.steps: int | None = steps
        self.caller = caller
        self.current: Iterator[Batch] = iter(())
        self.warned = False

    def epoch(self) -> Iterator[Batch]:
        """Give the batches of the next epoch; fewer, with a warning, where the data end."""
        assert self.steps
        done = 0
        for batch in islice(self.current, self.steps if self.goes_on else 0):
            done += 1
            yield batch
        if not done:  # the first epoch, or one that begins where the data ended
            self.current = self.feed.epoch()
            for batch in islice(self.current, self.steps):
                done += 1
                yield batch
        if done < self.steps and not self.warned:
            self.warned = True
            warnings.warn(
                f"{self.caller}: the data ran out after {done} of {self.steps} batches. A generator gives its "
                "batches once: pass one that gives as many as all epochs need, or a Dataset with .repeat()",
                stacklevel=2,
            )

    def split(self, fraction: float, batch_size: int) -> tuple[SteppedFeed, ArrayFeed]:
        """Do as `ArrayFeed.split`."""
        assert isinstance(self.feed, ArrayFeed)
        assert self.steps
        first, last = self.feed.split(fraction, batch_size)
        return SteppedFeed(first, self.steps, self.caller, self.goes_on), last


def is_stream(x: Any) -> bool:
    """Tell what gives batches from arrays."""
    if (
        x is None
        or isinstance(x, (list, tuple, dict, str, range))
        or hasattr(x, "shape")
        or hasattr(x, "__array__")
    ):
        return False
    return hasattr(x, "__next__") or hasattr(x, "__iter__") or _is_sequence(x)


def _is_sequence(x: Any) -> bool:
    return hasattr(x, "__getitem__") and hasattr(x, "__len__")


def unpacked(element: Any, number: int, caller: str) -> tuple[Any, Any, Any]:
    """Return x, y and weights of a batch."""
    if isinstance(element, (tuple, list)):
        if not 1 <= len(element) <= 3:
            raise ValueError(
                f"{caller}: each batch must be (x,), (x, y) or (x, y, sample_weight); batch {number} has "
                f"{len(element)} parts. Several inputs or outputs go into a tuple or dict of their own: "
                "((a, b), y)"
            )
        x, y, weight = (*element, None, None)[:3]
        return x, y, weight
    return element, None, None


def packed(batch: Batch) -> Any:
    """Return a batch as ``train_step`` takes it: the opposite of `unpacked`."""
    x, y, weight = batch
    if weight is not None:
        return x, y, weight
    if y is not None:
        return x, y
    return (x,) if isinstance(x, (list, tuple)) else x
