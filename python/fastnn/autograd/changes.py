"""Changes in place: a backward rule must not read a value that was changed after it was saved."""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from typing import Any

import numpy as np

from fastnn._core import native

Array = np.ndarray[Any, Any]


class Change:
    """When memory was last changed: the ``order`` of the latest node at that time."""

    __slots__ = ("__weakref__", "order")

    def __init__(self) -> None:
        self.order = 1  # never: nodes have orders below


class _Memory:
    """What may tell of changes to the memory of an array: its own change, and those it shares with others."""

    __slots__ = ("array", "change", "shared")

    def __init__(self, array: weakref.ref[Array]) -> None:
        self.array, self.change = array, Change()
        self.shared: weakref.WeakSet[Change] | tuple[()] = ()

    def changed_since(self, order: int) -> bool:
        return order >= self.change.order or any(order >= change.order for change in self.shared)


_memories: dict[int, _Memory] = {}  # by the id of the array that owns the memory
latest = Change()  # of all memory


def _owner(array: Array) -> Array:
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def _memory(array: Array) -> _Memory:
    owner = _owner(array)
    key = id(owner)
    known = _memories.get(key)
    if known is None:
        known = _memories[key] = _Memory(weakref.ref(owner, lambda _: _memories.pop(key, None)))
    return known


def watch_changes(array: Array, change: Change) -> None:
    """Let ``change``, for as long as somebody holds it, tell when the memory of ``array`` is changed."""
    memory = _memory(array)
    if not memory.shared:
        memory.shared = weakref.WeakSet()
    memory.shared.add(change)


def note_change(array: Array) -> None:
    """Remember that values of ``array`` have just been changed in place."""
    memory = _memories.get(id(array)) or _memory(array)
    memory.change.order = latest.order = native.tape_order()


def note(change: Change) -> None:
    """Remember that the memory which shares ``change`` has just been changed."""
    change.order = latest.order = native.tape_order()


def changed_since(order: int, values: Iterable[Any]) -> bool:
    """Tell whether memory of the arrays among ``values`` was changed after the node of this ``order``."""
    if order < latest.order:
        return False
    for value in values:
        if isinstance(value, np.ndarray):
            known = _memories.get(id(_owner(value)))
            if known and known.changed_since(order):
                return True
    return False
