"""Lists and dicts in the attributes of layers: layers and variables put into them later are found as well."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, SupportsIndex


def _again(kind: Any, values: Any, owner: Any) -> Any:
    """Make a copy, whose owner is copied as well and need not be told again what is in it."""
    made = kind(values)
    made._owner = owner
    return made


class TrackedList(list[Any]):
    """A list in an attribute of a layer: what is put into it later is the layer's too."""

    def __init__(self, values: Iterable[Any] = (), owner: Any = None) -> None:
        self._owner = owner
        super().__init__(self._tracked(value) for value in values)

    def _tracked(self, value: Any) -> Any:
        return value if self._owner is None else self._owner._track(value)

    def append(self, value: Any) -> None:
        """Add a value at the end."""
        super().append(self._tracked(value))

    def insert(self, index: SupportsIndex, value: Any) -> None:
        """Add a value in front of ``index``."""
        super().insert(index, self._tracked(value))

    def extend(self, values: Iterable[Any]) -> None:
        """Add several values at the end."""
        super().extend(self._tracked(value) for value in values)

    def __iadd__(self, values: Iterable[Any]) -> TrackedList:  # type: ignore[misc]
        self.extend(values)
        return self

    def __reduce_ex__(self, protocol: Any) -> Any:
        return _again, (TrackedList, list(self), self._owner)

    def __setitem__(self, index: Any, value: Any) -> None:
        if isinstance(index, slice):
            super().__setitem__(index, [self._tracked(v) for v in value])
        else:
            super().__setitem__(index, self._tracked(value))


class TrackedDict(dict[Any, Any]):
    """A dict in an attribute of a layer: what is put into it later is the layer's too."""

    def __init__(self, values: Any = (), owner: Any = None) -> None:
        super().__init__()
        self._owner = owner
        self.update(values)

    def __reduce_ex__(self, protocol: Any) -> Any:
        return _again, (TrackedDict, dict(self), self._owner)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key, value if self._owner is None else self._owner._track(value))

    def update(self, *values: Any, **more: Any) -> None:
        """Set several entries."""
        for key, value in dict(*values, **more).items():
            self[key] = value

    def setdefault(self, key: Any, default: Any = None) -> Any:
        """Return an entry; set it where there is none."""
        if key not in self:
            self[key] = default
        return self[key]

    def __ior__(self, values: Any) -> TrackedDict:  # type: ignore[misc]
        self.update(values)
        return self
