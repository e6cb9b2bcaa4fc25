"""What goes into a model: its structure, names, types and shapes."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn import tree
from fastnn.symbolic import KerasTensor
from fastnn.tensor import Tensor


class Entry:
    """The inputs of a model that was made with this structure of symbolic tensors."""

    def __init__(self, model: Any, structure: Any) -> None:
        inputs = tree.flatten(structure)
        self.model = model  # for messages
        self.structure = structure
        self.names = [tensor._keras_history.operation.name for tensor in inputs]
        self.sample_shapes = [tensor.shape[1:] for tensor in inputs]
        self.alone = isinstance(without_list(structure), KerasTensor)
        # Of each input: what casts data, the shape of a sample, the symbolic tensor.
        self._each = [(t._keras_history.operation._as_input, t.shape[1:], t) for t in inputs]

    def values(self, x: Any) -> list[Any]:
        """Return data as a list, each in its type and of its shape."""
        if self.alone and (type(x) is np.ndarray or type(x) is Tensor):
            values = [x]
        else:
            values = self._flat(self.in_structure(x))
        for i, (as_input, shape, entry) in enumerate(self._each):
            value = values[i]
            if type(value) is not Tensor:
                value = values[i] = as_input(value)
            if value.shape[1:] != shape:
                values[i] = self._fitting(value, entry)
        return values

    def in_structure(self, x: Any) -> Any:
        """Return data in the structure of the inputs, or say what is missing."""
        expected = self.structure
        if isinstance(x, dict):
            known = sorted(expected) if isinstance(expected, dict) else self.names
            missing = [name for name in known if name not in x]
            unknown = [name for name in x if name not in known]
            if missing or unknown:
                raise ValueError(
                    f"model {self.model.name!r} takes a dict with the inputs {known}; "
                    + " and ".join(
                        f"{kind} {found}"
                        for kind, found in (("missing", missing), ("unknown", unknown))
                        if found
                    )
                )
            return x if isinstance(expected, dict) else tree.pack(expected, [x[name] for name in self.names])
        if self.alone:
            alone = isinstance(x, (list, tuple)) and len(x) == 1 and hasattr(x[0], "shape")
            return tree.pack(expected, [x[0] if alone else x])
        count = len(x) if isinstance(x, (list, tuple)) else 1
        wanted = len(expected) if isinstance(expected, (list, tuple)) else len(self.names)
        if count != wanted:
            raise ValueError(
                f"model {self.model.name!r} takes {wanted} inputs, {self.names}, as a list or a dict; received {count}"
            )
        return tree.pack(expected, list(x)) if isinstance(expected, dict) else x

    def _flat(self, x: Any) -> list[Any]:
        """Return data in the structure of the inputs as a list."""
        values = tree.flatten(x)
        if len(values) != len(self._each):
            raise ValueError(
                f"model {self.model.name!r} takes the inputs {self.names} in the structure in which it was "
                f"made; received {len(values)} values"
            )
        return values

    def _fitting(self, value: Any, entry: KerasTensor) -> Any:
        """Return an input whose shape is not plainly the expected one; refuse it where it does not fit."""
        shape, given = entry.shape, tuple(value.shape)
        if len(given) == len(shape) and all(
            s in (None, g) for s, g in zip(shape[1:], given[1:], strict=True)
        ):
            return value
        if len(given) == len(shape) - 1 and shape[-1] == 1:  # as Keras: (n,) for (None, 1)
            return value[..., None] if isinstance(value, np.ndarray) else value.reshape(*given, 1)
        raise ValueError(
            f"model {self.model.name!r}: Input {entry.name!r} takes shape {shape}; received {given}"
        )


def without_list(structure: Any) -> Any:
    """Return what is alone in a list without the list: Keras takes these for the same."""
    alone = isinstance(structure, (list, tuple)) and len(structure) == 1
    return structure[0] if alone and not tree.is_shape(structure) else structure


def distinct(names: list[str]) -> list[str]:
    """Number names that come more than once: a layer may give several outputs."""
    found: list[str] = []
    for name in names:
        number, other = 1, name
        while other in found:
            other, number = f"{name}_{number}", number + 1
        found.append(other)
    return found
