"""The loops behind `Dataset`: generators of elements."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import chain, islice, repeat
from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.data.shuffling import Draw
from fastnn.data.structure import Array, as_element, leaves, pack, packer

_END = object()
_ROWS = 64  # gathered at once where elements are asked for one by one


def _gather(array: Array, rows: Array) -> Array:
    found: Array = array[rows] if array.dtype.hasobject else native.gather(array, rows)
    return found


def rows_of(source: Any, positions: Iterable[int]) -> Iterator[Any]:
    """Give the rows of arrays at ``positions``, one by one."""
    arrays, packed, numbers = leaves(source), packer(source), iter(positions)
    while (rows := np.fromiter(islice(numbers, _ROWS), np.int64)).size:
        yield from map(packed, zip(*(_gather(array, rows) for array in arrays), strict=True))


def batches_of_rows(source: Any, positions: Iterable[int], size: int, full_only: bool) -> Iterator[Any]:
    """Give the rows of arrays at ``positions``, gathered in batches."""
    arrays, packed, numbers = leaves(source), packer(source), iter(positions)
    while (rows := np.fromiter(islice(numbers, size), np.int64)).size:
        if full_only and rows.size < size:
            return
        yield packed(tuple(_gather(array, rows) for array in arrays))


def batches(elements: Iterable[Any], size: int, full_only: bool) -> Iterator[Any]:
    """Give elements in batches, each component stacked."""
    elements = iter(elements)
    first = 0
    while batch := list(islice(elements, size)):
        if full_only and len(batch) < size:
            return
        yield pack(batch[0], [_stacked(parts, first) for parts in _columns(batch, first)])
        first += len(batch)


def _columns(batch: list[Any], first: int) -> Iterator[tuple[Any, ...]]:
    columns = [leaves(element) for element in batch]
    for i, column in enumerate(columns):
        if len(column) != len(columns[0]):
            raise ValueError(
                f"Dataset.batch: all elements must have the same components; received {len(columns[0])} "
                f"in element {first} and {len(column)} in element {first + i}"
            )
    return zip(*columns, strict=True)


def _stacked(parts: tuple[Any, ...], first: int) -> Array:
    shape = np.shape(parts[0])
    for i, part in enumerate(parts):
        if np.shape(part) != shape:
            raise ValueError(
                f"Dataset.batch: elements must have the same shape; received {shape} in element {first} "
                f"and {np.shape(part)} in element {first + i}"
            )
    return np.stack(parts) if shape else np.array(parts)


def unbatched(elements: Iterable[Any]) -> Iterator[Any]:
    """Give the rows of each element."""
    for number, element in enumerate(elements):
        arrays = leaves(element)
        if not all(np.ndim(array) for array in arrays) or len({len(array) for array in arrays}) > 1:
            raise ValueError(
                "Dataset.unbatch: the components of an element must be arrays of the same length; "
                f"received shapes {', '.join(str(np.shape(a)) for a in arrays)} in element {number}"
            )
        yield from map(packer(element), zip(*arrays, strict=True))


def called(name: str, function: Callable[..., Any], number: int, element: Any) -> Any:
    """Return ``function(*components)``, its failure told with the element's number."""
    try:
        return function(*element) if type(element) is tuple else function(element)
    except Exception as error:
        raise RuntimeError(
            f"Dataset.{name}: the function failed at element {number}: {type(error).__name__}: {error}"
        ) from error


def _mapped_one(function: Callable[..., Any], number: int, element: Any) -> Any:
    value = called("map", function, number, element)
    if value is None:
        raise ValueError("Dataset.map: the function returned None; does it lack a return?")
    return as_element(value)


def mapped(elements: Iterable[Any], function: Callable[..., Any], threads: int) -> Iterator[Any]:
    """Give ``function`` of each element, several at a time where there is more than one thread."""
    calls = (partial(_mapped_one, function, i, element) for i, element in enumerate(elements))
    return ahead(calls, threads, threads) if threads > 1 else (call() for call in calls)


def filtered(elements: Iterable[Any], predicate: Callable[..., Any]) -> Iterator[Any]:
    """Give the elements for which ``predicate`` is true."""
    return (element for i, element in enumerate(elements) if called("filter", predicate, i, element))


def prefetched(elements: Iterable[Any], size: int) -> Iterator[Any]:
    """Give the elements, up to ``size`` of them prepared ahead by a thread."""
    return ahead(repeat(partial(next, iter(elements), _END)), 1, size)


def ahead(calls: Iterable[Callable[[], Any]], threads: int, window: int) -> Iterator[Any]:
    """Give the results of ``calls`` in order, up to ``window`` of them under way in other threads.

    The threads end when the iterator is exhausted or dropped.
    """
    pool = ThreadPoolExecutor(threads, "fastnn-data")
    waiting: deque[Future[Any]] = deque()
    try:
        for call in calls:
            waiting.append(pool.submit(call))
            if len(waiting) > window:
                result = waiting.popleft().result()
                if result is _END:
                    return
                yield result
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def repeated(
    open_: Callable[[Draw], Iterable[Any]], times: int | None, first: Draw, later: Draw
) -> Iterator[Any]:
    """Give all units ``times`` times, or for ever; epochs behind the first draw from ``later``."""
    return chain.from_iterable(_epochs(open_, iter(open_(first)), times, later))


def _epochs(
    open_: Callable[[Draw], Iterable[Any]], units: Iterator[Any], times: int | None, later: Draw
) -> Iterator[Iterable[Any]]:
    done = 0
    while head := list(islice(units, 1)):  # an empty epoch ends what would else search for ever
        yield head
        yield units
        done += 1
        if done == times:
            return
        units = iter(open_(later))
