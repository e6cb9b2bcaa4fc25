"""Activation functions by name: what ``activation="relu"`` means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastnn import ops
from fastnn.registry import Registry

_registry: Registry[Callable[..., Any]] = Registry("activation")

elu = _registry.register()(ops.elu)
hard_sigmoid = _registry.register()(ops.hard_sigmoid)
hard_silu = _registry.register("hard_swish")(ops.hard_silu)
leaky_relu = _registry.register()(ops.leaky_relu)
log_sigmoid = _registry.register()(ops.log_sigmoid)
mish = _registry.register()(ops.mish)
relu = _registry.register()(ops.relu)
relu6 = _registry.register()(ops.relu6)
selu = _registry.register()(ops.selu)
sigmoid = _registry.register()(ops.sigmoid)
silu = _registry.register("swish")(ops.silu)
softmax = _registry.register()(ops.softmax)
softplus = _registry.register()(ops.softplus)
softsign = _registry.register()(ops.softsign)
tanh = _registry.register()(ops.tanh)


@_registry.register()
def exponential(x: Any) -> Any:
    """Return the exponential of x."""
    return ops.exp(x)


@_registry.register()
def gelu(x: Any, approximate: bool = False) -> Any:
    """Compute `fastnn.ops.gelu`, but by the error function unless told otherwise, as Keras's of this name does."""
    return ops.gelu(x, approximate)


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
    name: str = _registry.serialize(activation)
    return name


deserialize = get
