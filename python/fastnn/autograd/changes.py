"""Changes in place: a backward rule must not read a value that was changed after it was saved."""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from typing import Any

import numpy as np

from fastnn._core import native

Array = np.ndarray[Any, Any]


class Change:
    """When the memory that shares this object was last changed: the ``order`` of the latest node at that time."""

    __slots__ = ("order",)

    def __init__(self) -> None:
        self.order = 1  # never: nodes have orders below


_changes: dict[int, tuple[weakref.ref[Array], Change]] = {}  # by the id of the array that owns the memory
latest = Change()  # of all memory


def _owner(array: Array) -> Array:
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def watch_changes(array: Array, change: Change) -> None:
    """Let ``change`` tell when the memory of ``array`` is changed from now on."""
    owner = _owner(array)
    key = id(owner)
    _changes[key] = weakref.ref(owner, lambda _: _changes.pop(key, None)), change


def note_change(array: Array) -> None:
    """Remember that values of ``array`` have just been changed in place."""
    known = _changes.get(id(_owner(array)))
    change = known[1] if known else Change()
    if not known:
        watch_changes(array, change)
    note(change)


def note(change: Change) -> None:
    """Remember that the memory which shares ``change`` has just been changed."""
    change.order = latest.order = native.tape_order()


def changed_since(order: int, values: Iterable[Any]) -> bool:
    """Tell whether memory of the arrays among ``values`` was changed after the node of this ``order``."""
    if order < latest.order:
        return False
    for value in values:
        if isinstance(value, np.ndarray):
            known = _changes.get(id(_owner(value)))
            if known and order >= known[1].order:
                return True
    return False
