"""The global sequence of streams, sequences of one's own, and what a ``seed`` argument means.

The generator is Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): each
number follows from the seed, the stream and its place in the array alone. Every call without a seed of its
own takes the next stream of the global seed, which the operating system gives until `set_seed` is called.
"""

from __future__ import annotations

import operator
import os
import threading
from typing import Any

from fastnn._core import native

_lock = threading.Lock()
_seed: int | None = None
_calls = 0


def _checked_seed(seed: Any) -> int:
    try:
        seed = operator.index(seed)
    except TypeError:
        raise TypeError(f"a seed must be an integer or a SeedGenerator; received {seed!r}") from None
    if not 0 <= seed < 2**64:
        raise ValueError(f"a seed must be an integer in [0, 2**64); received {seed}")
    return seed


class SeedGenerator:
    """A sequence of random numbers of one's own, independent of the global one.

    As the ``seed`` of a function of `fastnn.random`, an initializer or a layer it gives new numbers at every
    call, where an int gives the same ones.

    Parameters
    ----------
    seed : int, optional
        In [0, 2**64); by default drawn from the global sequence.

    Examples
    --------
    >>> from fastnn import random
    >>> seeds = random.SeedGenerator(7)
    >>> first, second = random.uniform(3, seed=seeds), random.uniform(3, seed=seeds)
    >>> bool((first == second).any())
    False
    >>> bool((random.uniform(3, seed=random.SeedGenerator(7)) == first).all())
    True
    """

    # Streams from here on, so that none is one of the global sequence of the same seed.
    _FIRST = 2**63

    def __init__(self, seed: int | None = None, name: str | None = None) -> None:
        self._initial_seed = None if seed is None else _checked_seed(seed)
        self.name = name
        if seed is None:
            low, high, *_ = native.philox(*next_stream(None), 0)
            self._seed = low | high << 32
        else:
            self._seed = _checked_seed(seed)
        self._calls = 0

    def next(self) -> tuple[int, int]:
        """Return the seed and the stream of the next call."""
        with _lock:
            self._calls += 1
            return self._seed, self._FIRST + self._calls

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"seed": self._initial_seed, "name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> SeedGenerator:
        """Make a generator from what `get_config` gave."""
        return cls(**config)


Seed = int | SeedGenerator | None


def next_stream(seed: Seed) -> tuple[int, int]:
    """Return the (seed, stream) to draw from; stream 0 belongs to calls with an int of their own."""
    global _seed, _calls
    if isinstance(seed, SeedGenerator):
        return seed.next()
    if seed is not None:
        return _checked_seed(seed), 0
    with _lock:
        if _seed is None:
            _seed = int.from_bytes(os.urandom(8), "little")
        _calls += 1
        return _seed, _calls


def to_seed(seed: Any) -> Seed:
    """Return a constructor's ``seed`` checked; one from a configuration made into an object again."""
    if isinstance(seed, dict):
        return SeedGenerator.from_config(seed["config"])
    return seed if seed is None or isinstance(seed, SeedGenerator) else _checked_seed(seed)


def seed_config(seed: Seed) -> Any:
    """Return what configurations say of a seed, for `to_seed`."""
    if isinstance(seed, SeedGenerator):
        return {"class_name": "SeedGenerator", "config": seed.get_config()}
    return seed


def set_seed(seed: int) -> None:
    """Start the global sequence of random numbers anew.

    Parameters
    ----------
    seed : int
        In [0, 2**64).

    Examples
    --------
    >>> from fastnn import random
    >>> random.set_seed(7)
    >>> first = random.normal((2, 3))
    >>> random.set_seed(7)
    >>> bool((random.normal((2, 3)) == first).all())
    True
    """
    set_state((seed, 0))


def get_state() -> tuple[int, int]:
    """Return where the global sequence stands, to be given to `set_state` later.

    Returns
    -------
    tuple of int
        The seed, and how many arrays have been drawn.
    """
    global _seed
    with _lock:
        if _seed is None:
            _seed = int.from_bytes(os.urandom(8), "little")
        return _seed, _calls


def set_state(state: tuple[int, int]) -> None:
    """Go on from where the global sequence stood when `get_state` was called.

    Parameters
    ----------
    state : tuple of int
        What `get_state` returned.

    Examples
    --------
    >>> from fastnn import random
    >>> state = random.get_state()
    >>> first = random.uniform(3)
    >>> random.set_state(state)
    >>> bool((random.uniform(3) == first).all())
    True
    """
    global _seed, _calls
    seed, calls = (_checked_seed(value) for value in state)
    with _lock:
        _seed, _calls = seed, calls
