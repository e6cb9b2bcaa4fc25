"""Several cells of recurrent layers as one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from fastnn.layers.layer import Layer, Shape, _registry, deserialize, serialize


@_registry.register()
class StackedRNNCells(Layer):
    """Cells above each other: the output of one is the input of the next.

    Parameters
    ----------
    cells : list
        As `RNN` takes them.
    name, trainable, dtype
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> deep = layers.RNN(layers.StackedRNNCells([layers.GRUCell(4), layers.GRUCell(3)]))
    >>> deep(np.ones((2, 5, 1))).shape
    (2, 3)
    """

    def __init__(self, cells: Iterable[Any], **options: Any) -> None:
        super().__init__(**options)
        cells = list(cells)
        for cell in cells:
            if not hasattr(cell, "call") or not hasattr(cell, "state_size"):
                raise ValueError(
                    f"StackedRNNCells: a cell must have a method call and a state_size; received {cell!r}"
                )
        if not cells:
            raise ValueError("StackedRNNCells: there must be at least one cell; received cells=[]")
        self.cells = cells

    @property
    def state_size(self) -> list[Any]:
        """Sizes of the states of each cell."""
        return [
            list(c.state_size) if isinstance(c.state_size, (list, tuple)) else [c.state_size]
            for c in self.cells
        ]

    @property
    def output_size(self) -> int:
        """Size of the last cell's output."""
        return _output_size(self.cells[-1])

    def build(self, input_shape: Shape) -> None:
        """Build the cells."""
        for cell in self.cells:
            if isinstance(cell, Layer) and not cell.built:
                cell.build(input_shape)
            input_shape = (input_shape[0], _output_size(cell))

    def get_initial_state(self, batch_size: int) -> list[Any]:
        """Return states to begin with, a list for each cell."""
        states = []
        for cell, sizes in zip(self.cells, self.state_size, strict=True):
            if hasattr(cell, "get_initial_state"):
                own = cell.get_initial_state(batch_size=batch_size)
                states.append(list(own) if isinstance(own, (list, tuple)) else [own])
            else:
                states.append([np.zeros((batch_size, size), self.dtype) for size in sizes])
        return states

    def call(self, inputs: Any, states: Any = None, training: bool = False) -> Any:
        """Return the last cell's output, and the new states of all; without ``states``, begin as they do."""
        states = self.get_initial_state(inputs.shape[0]) if states is None else states
        new = []
        for cell, own in zip(self.cells, states, strict=True):
            options = {"training": training} if getattr(type(cell), "_takes_training", False) else {}
            inputs, after = cell.call(inputs, own, **options)
            new.append(list(after) if isinstance(after, (list, tuple)) else [after])
        return inputs, new

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "cells": [serialize(cell) for cell in self.cells]}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Layer:
        """Make a layer from what `get_config` gave."""
        return cls(**{**config, "cells": [deserialize(cell) for cell in config["cells"]]})


def _output_size(cell: Any) -> int:
    size = getattr(cell, "output_size", None)
    if size is None:
        size = cell.state_size[0] if isinstance(cell.state_size, (list, tuple)) else cell.state_size
    return int(size)
