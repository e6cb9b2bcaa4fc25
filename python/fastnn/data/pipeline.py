"""What can be done with a dataset: each method returns a new one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import count as counting
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from fastnn import config
from fastnn.data import streams
from fastnn.data.shuffling import Draw, Key, from_the_global_sequence, shuffled, split
from fastnn.training.data import positive_int

if TYPE_CHECKING:
    from fastnn.data.dataset import Dataset

AUTOTUNE = -1
INFINITE_CARDINALITY = -1
UNKNOWN_CARDINALITY = -2


class Pipeline:
    """Elements that are made when they are asked for, and what can be done with them."""

    def __init__(
        self, open_: Callable[[Draw], Iterable[Any]], count: int, draws: bool = False, source: Any = None
    ) -> None:
        self._units = open_  # elements; with a source the positions of its rows
        self._count = count
        self._draws = draws  # whether there is a shuffle that draws at each iteration
        self._source = source

    def _elements(self, draw: Draw) -> Iterable[Any]:
        units = self._units(draw)
        return units if self._source is None else streams.rows_of(self._source, units)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._elements(from_the_global_sequence))

    def as_numpy_iterator(self) -> Iterator[Any]:
        """Return an iterator over the elements, which are NumPy arrays in any case."""
        return iter(self)

    def cardinality(self) -> int:
        """Return the number of elements, `INFINITE_CARDINALITY` or `UNKNOWN_CARDINALITY`."""
        return self._count

    def __len__(self) -> int:
        if self._count < 0:
            raise TypeError(
                f"the dataset's length is {'infinite' if self._count == INFINITE_CARDINALITY else 'unknown'}"
            )
        return self._count

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        count = {INFINITE_CARDINALITY: "infinitely many", UNKNOWN_CARDINALITY: "unknown number of"}
        return f"<Dataset, {count.get(self._count, self._count)} elements>"

    def shuffle(
        self, buffer_size: int, seed: int | None = None, reshuffle_each_iteration: bool = True
    ) -> Dataset:
        """Give the elements in random order.

        Parameters
        ----------
        buffer_size : int
            So many elements wait in a buffer, from which the next is drawn. With as many as the dataset has,
            every order is equally likely; with fewer an element comes at most that much too early.
        seed : int, optional
            The same sequence of orders for each dataset made with it. By default orders are drawn from
            `fastnn.random`, in the thread that begins an iteration.
        reshuffle_each_iteration : bool
            Whether the order is another one each time.

        Examples
        --------
        >>> from fastnn.data import Dataset
        >>> sorted(int(i) for i in Dataset.range(5).shuffle(5))
        [0, 1, 2, 3, 4]
        """
        size = positive_int(buffer_size, "buffer_size", "Dataset.shuffle")
        streams_of_seed = counting()
        fixed: list[Key] = []

        def open_(draw: Draw) -> Iterable[Any]:
            units = self._units(draw)
            if fixed:
                return shuffled(units, size, fixed[0])
            key = draw() if seed is None else (seed, next(streams_of_seed))
            if not reshuffle_each_iteration:
                fixed.append(key)
            return shuffled(units, size, key)

        return self._with(open_, draws=seed is None or self._draws)

    def map(self, map_func: Callable[..., Any], num_parallel_calls: int | None = None) -> Dataset:
        """Give a function's value for each element.

        Parameters
        ----------
        map_func : callable
            Is given the components of an element that is a tuple as its arguments, any other element as its
            one argument; returns an array, or a tuple or dict of arrays. Tensors become arrays.
        num_parallel_calls : int, optional
            How many calls may run at a time, in threads: worth while where they wait, or compute natively on
            large arrays. The order stays. `AUTOTUNE` means as many as `fastnn.get_num_threads` says.

        Raises
        ------
        RuntimeError
            During iteration, where the function fails: says at which element.

        Examples
        --------
        >>> from fastnn import ops
        >>> from fastnn.data import Dataset
        >>> labels = Dataset.from_tensor_slices([2, 0]).batch(2)
        >>> next(iter(labels.map(lambda y: ops.one_hot(y, 3))))
        array([[0., 0., 1.],
               [1., 0., 0.]], dtype=float32)
        """
        if num_parallel_calls == AUTOTUNE:
            num_parallel_calls = config.get_num_threads()
        threads = positive_int(num_parallel_calls or 1, "num_parallel_calls", "Dataset.map")
        return self._new(
            lambda draw: streams.mapped(self._elements(draw), map_func, threads), self._count, self._draws
        )

    def filter(self, predicate: Callable[..., Any]) -> Dataset:
        """Give the elements for which ``predicate``, called as `map` calls its function, is true.

        Examples
        --------
        >>> from fastnn.data import Dataset
        >>> [int(i) for i in Dataset.range(5).filter(lambda i: i % 2)]
        [1, 3]
        """
        return self._new(
            lambda draw: streams.filtered(self._elements(draw), predicate), UNKNOWN_CARDINALITY, self._draws
        )

    def batch(self, batch_size: int, drop_remainder: bool = False) -> Dataset:
        """Give ``batch_size`` elements at a time, stacked along a new first axis.

        Parameters
        ----------
        batch_size : int
        drop_remainder : bool
            Whether to leave out a last batch that is smaller.

        Examples
        --------
        >>> from fastnn.data import Dataset
        >>> [b.tolist() for b in Dataset.range(5).batch(2)]
        [[0, 1], [2, 3], [4]]
        """
        size = positive_int(batch_size, "batch_size", "Dataset.batch")
        count = self._count
        if count >= 0:
            count = count // size if drop_remainder else -(-count // size)

        def open_(draw: Draw) -> Iterable[Any]:
            if self._source is None:
                return streams.batches(self._units(draw), size, drop_remainder)
            return streams.batches_of_rows(self._source, self._units(draw), size, drop_remainder)

        return self._new(open_, count, self._draws)

    def unbatch(self) -> Dataset:
        """Give the rows of each element: the opposite of `batch`."""
        return self._new(
            lambda draw: streams.unbatched(self._elements(draw)), UNKNOWN_CARDINALITY, self._draws
        )

    def repeat(self, count: int | None = None) -> Dataset:
        """Give all elements ``count`` times; for ever with None or -1.

        Examples
        --------
        >>> from fastnn.data import Dataset
        >>> [int(i) for i in Dataset.range(2).repeat(2)]
        [0, 1, 0, 1]
        """
        times = _how_many(count, "repeat")
        if times == 0 or self._count == 0:
            return self.take(0)
        total = INFINITE_CARDINALITY if times is None else self._count
        if total > 0:
            total *= times or 1

        def open_(draw: Draw) -> Iterable[Any]:
            later = split(draw()) if self._draws and times != 1 else draw
            return streams.repeated(self._units, times, draw, later)

        return self._with(open_, total)

    def take(self, count: int) -> Dataset:
        """Give the first ``count`` elements, all with -1."""
        times = _how_many(count, "take")
        if times is None:
            return self._with(self._units)
        total = times if self._count == INFINITE_CARDINALITY else min(self._count, times)
        return self._with(lambda draw: islice(self._units(draw), times), 0 if times == 0 else total)

    def skip(self, count: int) -> Dataset:
        """Give all but the first ``count`` elements, none with -1."""
        times = _how_many(count, "skip")
        if times is None:
            return self.take(0)
        total = max(self._count - times, 0) if self._count >= 0 else self._count
        return self._with(lambda draw: islice(self._units(draw), times, None), total)

    def enumerate(self, start: int = 0) -> Dataset:
        """Give pairs of a number and an element."""
        return self._new(
            lambda draw: zip(map(np.int64, counting(start)), self._elements(draw)),  # noqa: B905
            self._count,
            self._draws,
        )

    def prefetch(self, buffer_size: int) -> Dataset:
        """Prepare up to ``buffer_size`` elements ahead, in a thread, while those before are worked on.

        Worth while behind functions that wait, or compute natively. The thread ends with the iteration, also
        with one that is dropped; an exception comes through where its element would. `AUTOTUNE` means 2.
        """
        if buffer_size == 0:
            return self._with(self._units)
        size = 2 if buffer_size == AUTOTUNE else positive_int(buffer_size, "buffer_size", "Dataset.prefetch")
        return self._new(
            lambda draw: streams.prefetched(self._elements(draw), size), self._count, self._draws
        )

    def cache(self) -> Dataset:
        """Keep the elements of the first whole iteration in memory, for the later ones."""
        kept: list[Any] = []

        def open_(draw: Draw) -> Iterable[Any]:
            return kept[0] if kept else _keep(self._units(draw), kept)

        return self._with(open_)

    def _with(
        self, open_: Callable[[Draw], Iterable[Any]], count: int | None = None, draws: bool | None = None
    ) -> Dataset:
        """Return the dataset of other units of the same kind."""
        return self._new(
            open_,
            self._count if count is None else count,
            self._draws if draws is None else draws,
            self._source,
        )

    def _new(
        self, open_: Callable[[Draw], Iterable[Any]], count: int, draws: bool, source: Any = None
    ) -> Dataset:
        made: Dataset = type(self)(open_, count, draws, source)  # type: ignore[assignment]
        return made


def _keep(units: Iterable[Any], kept: list[Any]) -> Iterator[Any]:
    found = []
    for unit in units:
        found.append(unit)
        yield unit
    kept.append(found)


def _how_many(count: Any, method: str) -> int | None:
    """Return a number of elements or epochs; None for all of them."""
    if count is None or count == -1:
        return None
    if isinstance(count, bool) or not isinstance(count, (int, np.integer)) or count < 0:
        raise ValueError(
            f"Dataset.{method}: count must be an integer of at least -1; received count={count!r}"
        )
    return int(count)
