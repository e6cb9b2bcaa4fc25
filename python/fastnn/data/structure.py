"""Elements that hold several arrays: tuples and dicts, nested as one likes. All else is a leaf."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from fastnn.tensor import Tensor

Array = np.ndarray[Any, Any]


def leaves(structure: Any) -> list[Any]:
    """Return the leaves in order."""
    if isinstance(structure, tuple):
        return [leaf for part in structure for leaf in leaves(part)]
    if isinstance(structure, dict):
        return [leaf for part in structure.values() for leaf in leaves(part)]
    return [structure]


def pack(like: Any, found: Sequence[Any]) -> Any:
    """Return ``found`` in the structure of ``like``."""
    return _pack(like, iter(found))


def _pack(like: Any, found: Iterator[Any]) -> Any:
    if isinstance(like, tuple):
        parts = [_pack(part, found) for part in like]
        return type(like)(*parts) if hasattr(like, "_fields") else tuple(parts)
    if isinstance(like, dict):
        return {key: _pack(part, found) for key, part in like.items()}
    return next(found)


def packer(like: Any) -> Callable[[tuple[Any, ...]], Any]:
    """Return the function that packs tuples of leaves as in ``like``, as cheap as the structure allows."""
    if type(like) is tuple and not any(isinstance(part, (tuple, dict)) for part in like):
        return lambda found: found
    if not isinstance(like, (tuple, dict)):
        return lambda found: found[0]
    return lambda found: pack(like, found)


def as_array(leaf: Any) -> Any:
    """Return a leaf as an array or a NumPy scalar."""
    if isinstance(leaf, (np.ndarray, np.generic)):
        return leaf
    return leaf.numpy() if isinstance(leaf, Tensor) else np.asarray(leaf)[()]


def as_element(value: Any) -> Any:
    """Return what a user's function gave as an element: every leaf an array."""
    if type(value) is tuple and all(type(part) is np.ndarray for part in value):
        return value
    return pack(value, [as_array(leaf) for leaf in leaves(value)])
