"""Activation functions by name: what ``activation="relu"`` means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastnn import ops
from fastnn.registry import Registry

_registry: Registry[Callable[..., Any]] = Registry("activation")

relu = _registry.register()(ops.relu)
sigmoid = _registry.register()(ops.sigmoid)
softmax = _registry.register()(ops.softmax)
tanh = _registry.register()(ops.tanh)


@_registry.register()
def linear(x: Any) -> Any:
    """Return x itself."""
    return x


def get(identifier: Any) -> Callable[..., Any]:
    """Return the function for a name, None (linear) or a callable (returned as it is)."""
    if identifier is None:
        return linear
    if callable(identifier):
        return identifier
    return _registry[identifier]


def serialize(activation: Callable[..., Any]) -> str:
    """Return the name of an activation; refuse one that no name leads back to."""
    name = getattr(activation, "__name__", repr(activation))
    if name not in _registry.names() or _registry[name] is not activation:
        raise ValueError(f"the activation {name} is not one of fastnn's and cannot be saved by name")
    return name


deserialize = get
