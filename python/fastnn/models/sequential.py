"""Stacks of layers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from fastnn import tree
from fastnn._core import native
from fastnn.errors import named, with_name
from fastnn.layers import penalties
from fastnn.layers.input import Input, InputLayer
from fastnn.layers.layer import Layer, _registry
from fastnn.masks import masks_of, with_mask
from fastnn.models.folding import folded
from fastnn.models.graph import how_to_call, may_begin_masks
from fastnn.models.model import Model
from fastnn.symbolic import KerasTensor, is_symbolic
from fastnn.tensor import Tensor


@_registry.register()
class Sequential(Model):
    """A stack of layers, each fed by the one before.

    Parameters
    ----------
    layers : list of Layer, optional
        More come with `add`. The first may be `fastnn.Input`.
    name : str, optional

    Examples
    --------
    >>> from fastnn import layers, models
    >>> model = models.Sequential()
    >>> model.add(layers.Dense(8, activation="relu", input_shape=(4,)))
    >>> model.add(layers.Dense(3, activation="softmax"))
    >>> model.count_params()
    67
    """

    # `add` says which layers there are; training sets attributes often
    __setattr__ = object.__setattr__  # type: ignore[assignment]

    def __init__(self, layers: Iterable[Any] | None = None, name: str | None = None, **options: Any) -> None:
        super().__init__(name=name, **options)
        self._symbolic: list[Any] = []  # once built: the input, and the output of each layer
        # Layer, what to call, whether it takes `training`; made at the first call.
        self._steps: list[Any] = []
        self._folded: Any = None  # the steps of inference, where they are fewer
        self._names: set[str] = set()
        for layer in layers or ():
            self.add(layer)

    def add(self, layer: Any) -> None:
        """Put a layer on top."""
        if isinstance(layer, KerasTensor):  # what Input gives
            layer = layer._keras_history.operation
        if not isinstance(layer, Layer):
            raise TypeError(f"Sequential.add takes a layer; received {layer!r}")
        if layer.name in self._names:
            raise ValueError(f"layer names must differ within a model; there is already a {layer.name!r}")
        if isinstance(layer, InputLayer):
            if self._layers or self.built:
                raise ValueError("Input must be the first layer of a Sequential")
            self._begin(layer.output)
            return
        if not self._layers and not self.built and layer.input_shape is not None:
            self._begin(_inputs(layer.input_shape, layer.dtype))
        if self.built:
            self._symbolic.append(layer(self._symbolic[-1]))
        self._layers.append(layer)
        self._names.add(layer.name)
        self._steps = []

    def _begin(self, symbolic: Any) -> None:
        self._symbolic = [symbolic]
        self.input_shape = tree.map_structure(lambda t: t.shape, symbolic)
        self.built = True

    def pop(self) -> Layer:
        """Take the last layer off and return it."""
        if not self._layers:
            raise ValueError("there are no layers to pop")
        del self._symbolic[len(self._layers) :]
        self._steps = []
        self._names.discard(self._layers[-1].name)
        return self._layers.pop()

    def build(self, input_shape: Any) -> None:
        """Build all layers for inputs of this shape (the batch size first)."""
        symbolic = [_inputs(input_shape, self._layers[0].dtype if self._layers else self.dtype)]
        for layer in self._layers:
            symbolic.append(layer(symbolic[-1]))
        self._begin(symbolic[0])
        self._symbolic = symbolic

    def ensure_built(self, input_shape: Any, **further: Any) -> None:
        """Build once."""
        if not self.built:
            self.build(input_shape)

    def __call__(self, x: Any, training: bool | None = None, mask: Any = None) -> Any:  # type: ignore[override]
        """Run the layers one after the other; a symbolic tensor gives a symbolic one."""
        if type(x) is np.ndarray or not isinstance(x, (Tensor, list, tuple, dict)):
            x = self._as_input(x)
        elif type(x) is not Tensor:
            if is_symbolic(x):
                return self._call_symbolically((x,), {} if training is None else {"training": training})
            x = self._as_inputs(x)
        if not self.built:
            self.ensure_built(tree.map_structure(lambda a: a.shape, x))
        x = with_mask(x, mask)
        if penalties.state.active:
            with penalties.one_pass(self):
                return self.call(x, self._mode() if training is None else training)
        return self.call(x, self._mode() if training is None else training)

    def call(self, x: Any, training: bool = False) -> Any:
        """Run the layers one after the other."""
        if not self._steps:
            masked = may_begin_masks(self._layers)
            self._steps = [(layer, *how_to_call(layer, [self.dtype], masked)) for layer in self._layers]
            self._folded = None if masked else self._fold()
        steps = self._steps
        if self._folded is not None and not training and not native.is_recording():
            steps = self._folded
        if masks_of(x) is not None:
            steps = [(layer, *how_to_call(layer, [self.dtype], True)) for layer in self._layers]
        at: Any = None
        try:
            for at, call, takes_training in steps:  # noqa: B007
                x = call(x, training=training) if takes_training else call(x)
        except (ValueError, TypeError) as error:
            raise with_name(at, error) from error
        return x

    def _fold(self) -> Any:
        """Return the steps of inference where normalizations ride on the layers before them, else None."""
        found = folded(self._layers)
        if found is None:
            return None
        own = {id(step[0]): step for step in self._steps}
        return [own[id(layer)] if how is None else (layer, how, False) for layer, how, _ in found]

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape that comes out of the last layer."""
        for layer in self._layers:
            with named(layer):
                input_shape = layer.compute_output_shape(input_shape)
        return input_shape

    @property
    def input(self) -> Any:
        """The symbolic input, known once the model is built."""
        return self._known("input")[0]

    @property
    def output(self) -> Any:
        """The symbolic output, known once the model is built."""
        return self._known("output")[-1]

    @property
    def inputs(self) -> list[KerasTensor]:
        """The symbolic input in a list."""
        return tree.flatten(self.input)

    @property
    def outputs(self) -> list[KerasTensor]:
        """The symbolic output in a list."""
        return tree.flatten(self.output)

    def _known(self, what: str) -> list[Any]:
        if not self.built:
            raise AttributeError(
                f"model {self.name!r} has no symbolic {what} yet: give the first layer an input_shape, or "
                "call the model first"
            )
        return self._symbolic

    @property
    def output_shape(self) -> Any:
        """Shape of the output, the batch size None; known once the model is built."""
        if not self.built:
            raise ValueError(f"model {self.name!r} has no output shape yet: it has not seen an input's")
        return tree.map_structure(lambda t: t.shape, self._symbolic[-1])

    @property
    def input_names(self) -> list[str]:
        """The name of the Input."""
        return [tensor.name for tensor in self.inputs]

    @property
    def output_names(self) -> list[str]:
        """The name of the last layer."""
        return [tensor._keras_history.operation.name for tensor in self.outputs]

    def get_config(self) -> dict[str, Any]:
        """Return what describes the stack: name, input shape and each layer's configuration."""
        single = self.built and isinstance(self.input, KerasTensor)
        return {
            "name": self.name,
            "trainable": self._trainable,
            "input_shape": list(self.input_shape[1:]) if single else None,
            "input_name": self.input_names[0] if single else None,
            "layers": [_registry.serialize(layer) for layer in self._layers],
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Sequential:
        """Make a model, with new weights, from what `get_config` gave."""
        model = cls(name=config["name"])
        layers = [_registry.deserialize(c) for c in config["layers"]]
        if config.get("input_shape") is not None:
            dtype = layers[0].dtype if layers else None
            model.add(Input(config["input_shape"], dtype=dtype, name=config.get("input_name")))
        for layer in layers:
            model.add(layer)
        model._trainable = bool(config.get("trainable", True))
        return model


def _inputs(shape: Any, dtype: Any) -> Any:
    return tree.map_shapes(lambda s: Input(batch_shape=s, dtype=dtype), shape)
