"""Finding things by name: optimizers, losses, metrics, layers, initializers, activations.

A registry is also the fixed list of what a saved model may name, so that loading a file runs no foreign code.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Generic, TypeVar

T = TypeVar("T")

# Users' classes and functions by the names that saved models give them.
_registered: dict[str, Any] = {}
_scoped: ContextVar[Mapping[str, Any] | None] = ContextVar("custom_objects", default=None)
# What one model file has named so far. When it is read: objects by number. When it is written: by the id of an
# object its number, and the object, so that the id stays its own.
_shared: ContextVar[dict[int, Any] | None] = ContextVar("shared", default=None)


def register_keras_serializable(package: str = "Custom", name: str | None = None) -> Callable[[T], T]:
    """Return a decorator that lets saved models name a class of one's own.

    `load_model` makes objects of registered classes only (and of those that it is given): a file cannot
    name any other code.

    Parameters
    ----------
    package, name : str
        Files say ``package>name``; the name is by default the class's.

    Examples
    --------
    >>> import os, tempfile
    >>> import numpy as np
    >>> import fastnn
    >>> from fastnn import layers, utils
    >>> @utils.register_keras_serializable("docs")
    ... class Halve(layers.Layer):
    ...     def call(self, x):
    ...         return x / 2
    >>> model = fastnn.Sequential([fastnn.Input((2,)), Halve()])
    >>> path = os.path.join(tempfile.mkdtemp(), "model.safetensors")
    >>> model.save(path)
    >>> fastnn.models.load_model(path)(np.ones((1, 2)))
    array([[0.5, 0.5]], dtype=float32)
    """

    def add(thing: T) -> T:
        known_as = f"{package}>{name or thing.__name__}"  # type: ignore[attr-defined]
        _registered[known_as] = thing
        return thing

    return add


@contextmanager
def custom_object_scope(objects: Mapping[str, Any]) -> Iterator[None]:
    """Let saved models name these classes and functions, inside the ``with`` block.

    Parameters
    ----------
    objects : dict of str to class or function

    Examples
    --------
    >>> from fastnn import layers, utils
    >>> class Halve(layers.Layer):
    ...     def call(self, x):
    ...         return x / 2
    >>> config = layers.serialize(Halve(name="half"))
    >>> with utils.custom_object_scope({"Halve": Halve}):
    ...     layers.deserialize(config)
    <Halve name=half, built=False>
    """
    before = _scoped.set({**(_scoped.get() or {}), **objects})
    try:
        yield
    finally:
        _scoped.reset(before)


@contextmanager
def sharing() -> Iterator[None]:
    """Inside the ``with`` block, objects that are serialized twice are one object when deserialized."""
    before = _shared.set({})
    try:
        yield
    finally:
        _shared.reset(before)


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
        if isinstance(name, str):
            for known in (_scoped.get() or {}, _registered, self._known):
                if name in known:
                    found: T = known[name]
                    return found
        raise ValueError(
            f"unknown {self.kind} {name!r}.{nearest(str(name), self._known)} Known: {', '.join(self.names())}"
        )

    def names(self) -> list[str]:
        """Return all known names."""
        return sorted(self._known)

    def serialize(self, thing: Any) -> Any:
        """Return ``{"class_name": ..., "config": ...}``, from which `deserialize` makes an equal object; the name
        of a function; None for none.
        """
        if thing is None:
            return None
        if not hasattr(thing, "get_config"):
            return self._name_of_function(thing)
        shared = _shared.get()
        if shared is None:
            return {"class_name": _class_name(thing), "config": thing.get_config()}
        if id(thing) in shared:
            return {"class_name": _class_name(thing), "shared": shared[id(thing)][0]}
        number = len(shared)
        shared[id(thing)] = number, thing
        return {"class_name": _class_name(thing), "config": thing.get_config(), "shared": number}

    def _name_of_function(self, function: Any) -> str:
        for name, known in {**_registered, **(_scoped.get() or {}), **self._known}.items():
            if known is function:
                return name
        raise ValueError(
            f"the {self.kind} {getattr(function, '__name__', function)!r} cannot be saved by name: "
            "register it with fastnn.utils.register_keras_serializable"
        )

    def deserialize(self, config: Any) -> Any:
        """Make the object that ``config`` describes; find the function that it names."""
        if isinstance(config, str):
            return self.get(config)
        if not (isinstance(config, dict) and isinstance(config.get("class_name"), str)):
            raise ValueError(
                f"a {self.kind} is saved as a class name and a configuration; received {config!r}"
            )
        shared, number = _shared.get(), config.get("shared")
        if shared is not None and number is not None and "config" not in config:
            return shared[number]
        try:
            made: Any = self[config["class_name"]]
        except ValueError as error:
            raise ValueError(
                f"{error}. A class of your own is known after fastnn.utils.register_keras_serializable, "
                "or in custom_objects"
            ) from None
        options = config.get("config", {})
        if not isinstance(options, dict):
            raise ValueError(f"the configuration of a {self.kind} must be a dict; received {options!r}")
        try:
            thing = made.from_config(options) if hasattr(made, "from_config") else made(**options)
        except TypeError as error:
            raise ValueError(
                f"the configuration of {self.kind} {config['class_name']!r} does not fit: {error}"
            ) from error
        if shared is not None and number is not None:
            shared[number] = thing
        return thing

    def get(self, identifier: Any) -> Any:
        """Return the object for a name, a configuration, a class or an object (returned as it is)."""
        if isinstance(identifier, str):
            identifier = self[identifier]
        if isinstance(identifier, dict):
            return self.deserialize(identifier)
        return identifier() if isinstance(identifier, type) else identifier


def _class_name(thing: Any) -> str:
    """Return the name under which `Registry` finds the class of an object again."""
    made, name = type(thing), type(thing).__name__
    if made.__mro__[1].__name__ == name:  # a class of a user's that became a Functional
        made = made.__mro__[1]
    return next((other for other, known in _registered.items() if known is made), name)
