"""The base class of initializers, and finding them by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from fastnn import random
from fastnn.registry import Registry
from fastnn.seeds import seed_config, to_seed
from fastnn.tensor import Tensor

Array = np.ndarray[Any, Any]
_registry: Registry[Any] = Registry("initializer")
serialize = _registry.serialize
deserialize = _registry.deserialize


class Initializer:
    """Base class: subclasses define ``__call__(shape, dtype)`` and ``get_config()``."""

    def __call__(self, shape: Sequence[int], dtype: Any = "float32") -> Array:
        """Return an array of first values."""
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Initializer:
        """Make an initializer from what `get_config` gave."""
        return cls(**config)

    def clone(self) -> Initializer:
        """Return another initializer of the same configuration."""
        return type(self).from_config(self.get_config())


class RandomInitializer(Initializer):
    """Base class of the initializers that draw from `fastnn.random`.

    Parameters
    ----------
    seed : int or SeedGenerator, optional
        An int gives the same values at every call, a `fastnn.random.SeedGenerator` new ones from a sequence
        of its own; by default they come from the global sequence.
    """

    def __init__(self, seed: random.SeedGenerator | int | None = None) -> None:
        self.seed = to_seed(seed)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"seed": seed_config(self.seed)}


def get(identifier: Any) -> Any:
    """Return the initializer for a name, a configuration, a class, an array, or a callable (as it is).

    Parameters
    ----------
    identifier : str, dict, class, array_like or callable
        An array stands for itself: it is a `Constant`. A callable takes a shape and a dtype.

    Returns
    -------
    Initializer or callable or None
        None for None.

    Raises
    ------
    ValueError
        There is no initializer of that name, or it is something else altogether.

    Examples
    --------
    >>> from fastnn import initializers
    >>> initializers.get("he_normal")((2, 3)).shape
    (2, 3)
    >>> initializers.get(lambda shape, dtype: np.full(shape, 7, dtype))((2,), "float32")
    array([7., 7.], dtype=float32)
    """
    if isinstance(identifier, (np.ndarray, np.generic, Tensor)):
        return _registry["Constant"](np.array(identifier))
    found: Callable[..., Any] | None = _registry.get(identifier)
    if found is not None and not callable(found):
        raise ValueError(
            "an initializer is a name, an Initializer, or a function of a shape and a dtype; "
            f"received {identifier!r}"
        )
    return found
