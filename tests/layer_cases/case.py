"""A row of the layer table."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Case:
    """One way to make and call a layer.

    Options may hold further layers as ``("Dense", {"units": 3})``: each library makes its own.
    """

    layer: str  # its class, in fastnn.layers and keras.layers
    options: dict[str, Any] = field(default_factory=dict)
    inputs: Any = ()  # shape with the batch size, or a list of shapes
    name: str = ""  # tells cases of one layer apart
    ints: int | None = None  # inputs are whole numbers below this
    data: Callable[[np.random.Generator, Shape], Any] | None = None  # makes the inputs, by default normal
    call: dict[str, Any] = field(default_factory=dict)  # further arguments of the call
    spread: bool = False  # whether the inputs are arguments of their own, not a list
    mask: Any = None  # booleans (batch, steps) for the input, or a list for several
    keras: bool = True  # whether Keras has it, and gives the same
    random: bool = False  # whether training draws numbers: gradients are then taken in inference
    smooth: bool = True  # whether gradients can be checked by differences where the inputs are
    rtol: float = 1e-6  # of gradients by differences
    keras_rtol: float = 1e-10  # of float64; more where Keras computes in float32 whatever it is given

    @property
    def id(self) -> str:
        return f"{self.layer}-{self.name}" if self.name else self.layer

    def make(self, library: Any, **more: Any) -> Any:
        """Return the layer of ``fastnn`` or ``keras``."""
        layers = importlib.import_module(f"{library.__name__}.layers")
        options = {key: _made(layers, value, more) for key, value in self.options.items()}
        return getattr(layers, self.layer)(**options, **more)

    def shapes(self) -> list[Shape]:
        return list(self.inputs) if isinstance(self.inputs, list) else [self.inputs]

    def arrays(self, dtype: Any = np.float64) -> list[Any]:
        """Return inputs, always the same."""
        rng = np.random.default_rng(11)
        made = []
        for shape in self.shapes():
            if self.data is not None:
                made.append(np.asarray(self.data(rng, shape)))
            elif self.ints is not None:
                made.append(rng.integers(0, self.ints, shape))
            else:
                made.append(rng.standard_normal(shape))
        return [a.astype(dtype) if a.dtype.kind == "f" else a for a in made]

    def apply(self, layer: Any, arrays: list[Any], **more: Any) -> Any:
        """Call a layer on inputs as the case says."""
        if self.mask is not None:
            more["mask"] = self.mask
        if self.spread:
            return layer(*arrays, **self.call, **more)
        return layer(arrays if isinstance(self.inputs, list) else arrays[0], **self.call, **more)


def _made(layers: Any, value: Any, more: dict[str, Any]) -> Any:
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], dict):
        inner = {key: _made(layers, part, more) for key, part in value[1].items()}
        return getattr(layers, value[0])(**inner, **more)
    if isinstance(value, list):
        return [_made(layers, part, more) for part in value]
    return value
