"""Random order that a seed repeats, whatever thread asks for it.

An iteration draws all its randomness while it is opened, in the thread that opens it: epochs that `repeat`
opens later, perhaps in a thread of `prefetch`, go by a sequence that was split off then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, count, islice
from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.seeds import next_stream

Key = tuple[int, int]  # seed and stream
Draw = Callable[[], Key]
_CHUNK = 4096
_END = object()


def from_the_global_sequence() -> Key:
    """Draw the next key of `fastnn.random`."""
    return next_stream(None)


def split(key: Key) -> Draw:
    """Return a sequence of keys of its own, which follows from ``key``."""
    seed = int(native.random_uniform(*key, 1, "float64")[0] * 2**53)
    streams = count()
    return lambda: (seed, next(streams))


def shuffled(units: Iterable[Any], size: int, key: Key) -> Iterator[Any]:
    """Give what is in ``units`` in the order in which a buffer of ``size`` gives it back at random."""
    if isinstance(units, range) and len(units) <= size:  # the rows of arrays: their numbers need no buffer
        order = native.random_permutation(*key, len(units))
        return chain.from_iterable(
            order[start : start + _CHUNK].tolist() for start in range(0, len(order), _CHUNK)
        )
    return _from_buffer(iter(units), size, key)


def _from_buffer(units: Iterator[Any], size: int, key: Key) -> Iterator[Any]:
    buffer = list(islice(units, size))
    extra = next(units, _END)
    if extra is not _END:
        draw = split(key)
        for slot, unit in zip(_below(size, draw), chain([extra], units)):  # noqa: B905
            yield buffer[slot]
            buffer[slot] = unit
        key = draw()
    for place in native.random_permutation(*key, len(buffer)).tolist():
        yield buffer[place]


def _below(size: int, draw: Draw) -> Iterator[int]:
    """Give random integers in [0, size), without end."""
    while True:
        uniform = native.random_uniform(*draw(), _CHUNK, "float64")
        yield from (uniform * size).astype(np.int64).tolist()
