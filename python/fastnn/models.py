"""Models: stacks of layers that can be trained, saved and loaded."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from fastnn import saving
from fastnn.layers.input import InputLayer
from fastnn.layers.layer import Layer, Shape, _named, _registry
from fastnn.training.trainer import Trainer
from fastnn.variable import Variable

__all__ = ["Sequential", "load_model"]


@_registry.register()
class Sequential(Trainer, Layer):
    """A stack of layers, each fed by the one before.

    Parameters
    ----------
    layers : list of Layer, optional
        More come with `add`.
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

    def __init__(
        self, layers: Iterable[Layer] | None = None, name: str | None = None, **options: Any
    ) -> None:
        super().__init__(name=name, **options)
        self._layers: list[Layer] = []
        self._output_shape: Shape | None = None  # forgotten where the stack changes
        for layer in layers or ():
            self.add(layer)

    def add(self, layer: Layer) -> None:
        """Put a layer on top."""
        if not isinstance(layer, Layer):
            raise TypeError(f"Sequential.add takes a layer; received {layer!r}")
        if any(layer.name == other.name for other in self._layers):
            raise ValueError(f"layer names must differ within a model; there is already a {layer.name!r}")
        if isinstance(layer, InputLayer):
            if self._layers or self.built:
                raise ValueError("Input must be the first layer of a Sequential")
            assert layer.input_shape is not None
            self.build(layer.input_shape)
            return
        below = self.output_shape if self.built else layer.input_shape if not self._layers else None
        if below is not None:
            layer.ensure_built(below)
        self._layers.append(layer)
        self._output_shape = None
        if below is not None and not self.built:
            self.build(below)

    def pop(self) -> Layer:
        """Take the last layer off and return it."""
        if not self._layers:
            raise ValueError("there are no layers to pop")
        self._output_shape = None
        return self._layers.pop()

    def build(self, input_shape: Shape) -> None:
        """Build all layers for inputs of this shape (the batch size first)."""
        shape: Shape = (None, *input_shape[1:])
        for layer in self._layers:
            layer.ensure_built(shape)
            shape = layer.compute_output_shape(shape)
        self.built = True
        self._output_shape = None
        self.input_shape = (None, *input_shape[1:])

    def ensure_built(self, input_shape: Shape) -> None:
        """Build once."""
        if not self.built:
            self.build(input_shape)

    def call(self, x: Any, training: bool = False) -> Any:
        """Run the layers one after the other."""
        for layer in self._layers:
            x = layer(x, training)
        return x

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape that comes out of the last layer."""
        for layer in self._layers:
            with _named(layer):
                input_shape = layer.compute_output_shape(input_shape)
        return input_shape

    @property
    def output_shape(self) -> Shape:
        """Shape of the output, the batch size None; known once the model is built."""
        if self._output_shape is None:
            self._output_shape = super().output_shape
        return self._output_shape

    @property
    def layers(self) -> list[Layer]:
        """The layers, without the input."""
        return list(self._layers)

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """Return a layer by its name or its place."""
        if index is not None:
            if not -len(self._layers) <= index < len(self._layers):
                raise ValueError(f"there are {len(self._layers)} layers; received index={index}")
            return self._layers[index]
        for layer in self._layers:
            if layer.name == name:
                return layer
        raise ValueError(f"no layer is named {name!r}; there are {[layer.name for layer in self._layers]}")

    @property
    def weights(self) -> list[Variable]:
        """All weights of all layers."""
        return [w for layer in self._layers for w in layer.weights]

    @property
    def trainable(self) -> bool:
        """Whether training changes any weights."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = bool(value)
        for layer in self._layers:
            layer.trainable = self._trainable

    def get_config(self) -> dict[str, Any]:
        """Return what describes the stack: name, input shape and each layer's configuration."""
        return {
            "name": self.name,
            "input_shape": None if self.input_shape is None else list(self.input_shape[1:]),
            "layers": [_registry.serialize(layer) for layer in self._layers],
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Sequential:
        """Make a model, with new weights, from what `get_config` gave."""
        model = cls([_registry.deserialize(c) for c in config["layers"]], name=config["name"])
        if config.get("input_shape") is not None:
            model.ensure_built((None, *config["input_shape"]))
        return model

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write architecture, weights, compile options and optimizer state to one safetensors file.

        The file is replaced only when the new one is complete: a full disk loses nothing.

        Parameters
        ----------
        path : str or path-like

        Examples
        --------
        >>> import tempfile, os
        >>> from fastnn import layers, models
        >>> model = models.Sequential([layers.Dense(2, input_shape=(4,))])
        >>> path = os.path.join(tempfile.mkdtemp(), "model.safetensors")
        >>> model.save(path)
        >>> models.load_model(path).output_shape
        (None, 2)
        """
        if not self.built:
            raise ValueError(
                f"model {self.name!r} has no weights to save yet: "
                "give the first layer an input_shape, or call or fit the model first"
            )
        tensors = {f"weights/{key}": w.numpy() for key, w in self._named_weights()}
        config: dict[str, Any] = {"model": _registry.serialize(self)}
        if self.optimizer is not None:
            config["compile"] = self.get_compile_config()
            tensors.update((f"optimizer/{key}", array) for key, array in self.optimizer.state.items())
        saving.save(path, tensors, config)

    def save_weights(self, path: str | os.PathLike[str]) -> None:
        """Write the weights alone."""
        saving.save(path, {f"weights/{key}": w.numpy() for key, w in self._named_weights()}, {})

    def load_weights(self, path: str | os.PathLike[str]) -> None:
        """Read weights that `save` or `save_weights` of a model of the same architecture wrote."""
        tensors, _ = saving.load(path)
        self._take_weights(tensors, path)

    def _named_weights(self) -> list[tuple[str, Variable]]:
        """Return the weights with names that are unique in the model: place/layer/weight."""
        return [
            (f"{i}/{layer.name}/{j}/{w.name}", w)
            for i, layer in enumerate(self._layers)
            for j, w in enumerate(layer.weights)
        ]

    def _take_weights(self, tensors: dict[str, Any], path: Any) -> None:
        """Check all weights first, then replace them, by place: layer names may differ."""
        saved = [(key, tensors[key]) for key in sorted(tensors, key=_by_place) if key.startswith("weights/")]
        own = self._named_weights()
        if [t.shape for _, t in saved] != [w.shape for _, w in own]:
            raise ValueError(
                f"the weights in {os.fspath(path)!r} do not fit model {self.name!r}: "
                f"it needs shapes {[w.shape for _, w in own]}, the file holds {[t.shape for _, t in saved]}"
            )
        for (_, weight), (_, tensor) in zip(own, saved, strict=True):
            weight.assign(tensor)


def _by_place(key: str) -> list[tuple[int, str]]:
    """Sort "weights/10/..." behind "weights/9/..."."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in key.split("/")]


def load_model(path: str | os.PathLike[str], compile: bool = True) -> Sequential:
    """Read a model that `Sequential.save` wrote. Runs no code from the file.

    Parameters
    ----------
    path : str or path-like
    compile : bool
        Whether to compile the model as it was, with the optimizer's state, so that training goes on.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    ValueError
        The file is damaged, or no model of fastnn's.
    """
    tensors, config = saving.load(path)
    try:
        model = _registry.deserialize(config["model"])
        if not isinstance(model, Sequential):
            raise ValueError(f"expected a model, found a {type(model).__name__}")
        model._take_weights(tensors, path)
        if compile and "compile" in config:
            model.compile_from_config(config["compile"])
            state = {
                k.removeprefix("optimizer/"): v for k, v in tensors.items() if k.startswith("optimizer/")
            }
            model.optimizer.load_state(state, model.trainable_weights)
    except (KeyError, TypeError, AttributeError, ValueError, AssertionError) as error:
        raise ValueError(f"{os.fspath(path)!r} holds no model that can be loaded: {error}") from error
    return model
