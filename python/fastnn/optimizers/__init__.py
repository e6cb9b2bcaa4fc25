"""Optimizers by name or as objects: Keras 3's names, arguments, defaults and arithmetic."""

from __future__ import annotations

from typing import Any

from fastnn.optimizers import schedules
from fastnn.optimizers.adagrad import Adagrad
from fastnn.optimizers.adam import Adam, AdamW
from fastnn.optimizers.optimizer import Optimizer, _registry
from fastnn.optimizers.rmsprop import RMSprop
from fastnn.optimizers.sgd import SGD

__all__ = [
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "Optimizer",
    "RMSprop",
    "deserialize",
    "get",
    "schedules",
    "serialize",
]

serialize = _registry.serialize
deserialize = _registry.deserialize


def get(identifier: Any) -> Optimizer:
    """Return the optimizer for a name, a configuration or an object.

    Examples
    --------
    >>> from fastnn import optimizers
    >>> optimizers.get("rmsprop").learning_rate
    0.001
    >>> optimizers.get("rmsporp")
    Traceback (most recent call last):
        ...
    ValueError: unknown optimizer 'rmsporp'. Did you mean 'rmsprop'? Known: Adagrad, Adam, AdamW, RMSprop, SGD, ...
    """
    found = _registry.get(identifier)
    if not isinstance(found, Optimizer):
        raise ValueError(f"an optimizer is a name or an Optimizer object; received {identifier!r}")
    return found
