"""Activation functions by name: what ``activation="relu"`` means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastnn import ops
from fastnn.registry import Registry

_registry: Registry[Callable[..., Any]] = Registry("activation")

celu = _registry.register()(ops.celu)
elu = _registry.register()(ops.elu)
glu = _registry.register()(ops.glu)
hard_shrink = _registry.register()(ops.hard_shrink)
hard_sigmoid = _registry.register()(ops.hard_sigmoid)
hard_silu = _registry.register("hard_swish")(ops.hard_silu)
hard_tanh = _registry.register()(ops.hard_tanh)
leaky_relu = _registry.register()(ops.leaky_relu)
log_sigmoid = _registry.register()(ops.log_sigmoid)
log_softmax = _registry.register()(ops.log_softmax)
mish = _registry.register()(ops.mish)
relu6 = _registry.register()(ops.relu6)
selu = _registry.register()(ops.selu)
sigmoid = _registry.register()(ops.sigmoid)
silu = _registry.register("swish")(ops.silu)
soft_shrink = _registry.register()(ops.soft_shrink)
softmax = _registry.register()(ops.softmax)
softplus = _registry.register()(ops.softplus)
softsign = _registry.register()(ops.softsign)
sparse_plus = _registry.register()(ops.sparse_plus)
sparse_sigmoid = _registry.register()(ops.sparse_sigmoid)
sparsemax = _registry.register()(ops.sparsemax)
squareplus = _registry.register()(ops.squareplus)
tanh = _registry.register()(ops.tanh)
tanh_shrink = _registry.register()(ops.tanh_shrink)
threshold = _registry.register()(ops.threshold)
_registry.register()(ops.relu)


def relu(x: Any, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0) -> Any:
    """Rectified linear unit, with the slope below a threshold and the bound above that it may have.

    Parameters
    ----------
    x : array_like
    negative_slope : float
        Below the threshold the result is ``negative_slope * (x - threshold)``.
    max_value : float, optional
        The largest result.
    threshold : float
        From there on the result is x.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import activations
    >>> activations.relu(np.array([-10.0, 0.5, 2.0, 8.0]), negative_slope=0.1, max_value=6, threshold=1.0)
    array([-1.1 , -0.05,  2.  ,  6.  ])
    """
    if negative_slope and max_value is None and not threshold:
        return ops.leaky_relu(x, negative_slope)
    y = ops.where(ops.greater(x, threshold), x, 0.0) if threshold else ops.relu(x)
    if max_value is not None:
        y = ops.clip(y, 0.0, max_value)
    if negative_slope:
        y = ops.subtract(y, ops.multiply(ops.relu(ops.subtract(threshold, x)), negative_slope))
    return y


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
        return ops.relu if identifier is relu else identifier  # which layers know and fuse
    return _registry[identifier]


def serialize(activation: Callable[..., Any]) -> str:
    """Return the name of an activation; refuse one that no name leads back to."""
    name: str = _registry.serialize(activation)
    return name


deserialize = get
