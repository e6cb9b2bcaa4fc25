"""Nested lists, tuples and dicts of leaves: how models take and give several tensors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


def flatten(structure: Any) -> list[Any]:
    """Return the leaves, those of a dict in the order of its sorted keys, as Keras has them.

    Examples
    --------
    >>> from fastnn import tree
    >>> tree.flatten({"b": 1, "a": [2, (3,)]})
    [2, 3, 1]
    """
    if isinstance(structure, dict):
        structure = [structure[key] for key in sorted(structure)]
    elif not isinstance(structure, (list, tuple)):
        return [structure]
    leaves = []
    for part in structure:
        if isinstance(part, (list, tuple, dict)):
            leaves += flatten(part)
        else:
            leaves.append(part)
    return leaves


def map_structure(function: Callable[[Any], Any], structure: Any) -> Any:
    """Return the same structure with ``function(leaf)`` for each leaf.

    Examples
    --------
    >>> from fastnn import tree
    >>> tree.map_structure(str, {"b": 1, "a": [2, (3,)]})
    {'b': '1', 'a': ['2', ('3',)]}
    """
    if isinstance(structure, list):
        return [map_structure(function, part) for part in structure]
    if isinstance(structure, tuple):
        parts = [map_structure(function, part) for part in structure]
        return type(structure)(*parts) if hasattr(structure, "_fields") else tuple(parts)
    if isinstance(structure, dict):
        return {key: map_structure(function, part) for key, part in structure.items()}
    return function(structure)


def pack(structure: Any, leaves: list[Any]) -> Any:
    """Return the same structure with these leaves, which come in the order of `flatten`.

    Examples
    --------
    >>> from fastnn import tree
    >>> tree.pack({"b": 0, "a": [0, 0]}, [1, 2, 3])
    {'b': 3, 'a': [1, 2]}
    """
    return _pack(structure, iter(leaves))


def _pack(structure: Any, leaves: Iterator[Any]) -> Any:
    if isinstance(structure, (list, tuple)):
        parts = [
            _pack(part, leaves) if isinstance(part, (list, tuple, dict)) else next(leaves)
            for part in structure
        ]
        if hasattr(structure, "_fields"):
            return type(structure)(*parts)
        return parts if isinstance(structure, list) else tuple(parts)
    if isinstance(structure, dict):
        found = {key: _pack(structure[key], leaves) for key in sorted(structure)}
        return {key: found[key] for key in structure}
    return next(leaves)


def is_shape(structure: Any) -> bool:
    """Tell one shape, such as (None, 3), from a structure of shapes."""
    return isinstance(structure, (list, tuple)) and all(s is None or isinstance(s, int) for s in structure)


def map_shapes(function: Callable[[tuple[int | None, ...]], Any], structure: Any) -> Any:
    """Return the same structure with ``function(shape)`` for each shape.

    Examples
    --------
    >>> from fastnn import tree
    >>> tree.map_shapes(len, [(None, 3), (None, 4, 5)])
    [2, 3]
    """
    if is_shape(structure):
        return function(tuple(structure))
    if isinstance(structure, (list, tuple)):
        return [map_shapes(function, part) for part in structure]
    if isinstance(structure, dict):
        return {key: map_shapes(function, part) for key, part in structure.items()}
    raise ValueError(f"a shape is a tuple of integers and None; received {structure!r}")
