"""Finding things by name: optimizers, losses, metrics, layers, initializers, activations.

A registry is also the fixed list of what a saved model may name, so that loading a file runs no foreign code.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


def nearest(name: str, known: Iterable[str]) -> str:
    """Return `` Did you mean 'adam'?`` for a name close to a known one, or an empty string."""
    lower = {k.lower(): k for k in known}
    found = difflib.get_close_matches(name.lower(), lower, n=1, cutoff=0.5)
    return f" Did you mean {lower[found[0]]!r}?" if found else ""


class Registry(Generic[T]):
    """Names for things of one kind; every thing may have several.

    Parameters
    ----------
    kind : str
        What error messages call one of them, e.g. ``"optimizer"``.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._known: dict[str, T] = {}

    def register(self, *names: str) -> Callable[[T], T]:
        """Return a decorator that registers a class or function under its own name and ``names``."""

        def add(thing: T) -> T:
            for name in (thing.__name__, *names):  # type: ignore[attr-defined]
                self._known[name] = thing
            return thing

        return add

    def __getitem__(self, name: str) -> T:
        try:
            return self._known[name]
        except (KeyError, TypeError):
            raise ValueError(
                f"unknown {self.kind} {name!r}.{nearest(str(name), self._known)} Known: {', '.join(self.names())}"
            ) from None

    def names(self) -> list[str]:
        """Return all known names."""
        return sorted(self._known)

    def serialize(self, thing: Any) -> dict[str, Any]:
        """Return ``{"class_name": ..., "config": ...}``, from which `deserialize` makes an equal object."""
        return {"class_name": type(thing).__name__, "config": thing.get_config()}

    def deserialize(self, config: Any) -> Any:
        """Make the object that ``config`` describes."""
        if not (isinstance(config, dict) and isinstance(config.get("class_name"), str)):
            raise ValueError(
                f"a {self.kind} is saved as a class name and a configuration; received {config!r}"
            )
        made: Any = self[config["class_name"]]
        options = config.get("config", {})
        if not isinstance(options, dict):
            raise ValueError(f"the configuration of a {self.kind} must be a dict; received {options!r}")
        try:
            return made.from_config(options) if hasattr(made, "from_config") else made(**options)
        except TypeError as error:
            raise ValueError(
                f"the configuration of {self.kind} {config['class_name']!r} does not fit: {error}"
            ) from error

    def get(self, identifier: Any) -> Any:
        """Return the object for a name, a configuration, a class or an object (returned as it is)."""
        if isinstance(identifier, str):
            identifier = self[identifier]
        if isinstance(identifier, dict):
            return self.deserialize(identifier)
        return identifier() if isinstance(identifier, type) else identifier
