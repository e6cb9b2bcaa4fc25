"""What all models share: training, layers by name, weights and whole models in files."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from fastnn import saving, tree
from fastnn.layers import context, penalties
from fastnn.layers.layer import Layer
from fastnn.models import files
from fastnn.symbolic import KerasTensor, run_on_ones
from fastnn.training.trainer import Trainer
from fastnn.variable import Variable


class Model(Trainer, Layer):
    """A layer that can be trained, evaluated, saved and drawn.

    ``Model(inputs, outputs)`` makes one from a graph: symbolic tensors, each alone or several in lists and
    dicts, and data goes in and comes out in the same structure; see `Functional`. A subclass makes one from
    code: layers in attributes, and ``call(x, training=False)``.

    Parameters
    ----------
    inputs : KerasTensor, or list or dict of them
        What `fastnn.Input` gave, or tensors inside a graph, from which on the model computes.
    outputs : KerasTensor, or list or dict of them
    name : str, optional

    Examples
    --------
    A graph with a branch around a layer:

    >>> import numpy as np
    >>> import fastnn
    >>> from fastnn import layers
    >>> inputs = fastnn.Input((4,))
    >>> x = layers.Dense(4, activation="relu")(inputs)
    >>> outputs = layers.Dense(3, activation="softmax")(layers.Add()([x, inputs]))
    >>> model = fastnn.Model(inputs, outputs)
    >>> model.predict(np.zeros((5, 4)), verbose=0).shape
    (5, 3)

    A subclass:

    >>> class Residual(fastnn.Model):
    ...     def __init__(self, units):
    ...         super().__init__()
    ...         self.hidden = layers.Dense(units, activation="relu")
    ...         self.head = layers.Dense(3)
    ...     def call(self, x, training=False):
    ...         return self.head(self.hidden(x) + x)
    >>> model = Residual(4)
    >>> model(np.zeros((5, 4))).shape, len(model.weights)
    ((5, 3), 4)
    """

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls is Model and _makes_graph(args, kwargs):
            from fastnn.models.functional import Functional

            return Layer.__new__(Functional, *args, **kwargs)
        return super().__new__(cls, *args, **kwargs)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if _makes_graph(args, kwargs):  # a subclass that builds a graph and hands it on
            from fastnn.models.functional import become_functional

            become_functional(self, *args, **kwargs)
        else:
            super().__init__(*args, **kwargs)

    def build(self, input_shape: Any) -> None:
        """Make the weights of all layers, by running `call` on ones."""
        x = tree.map_shapes(lambda shape: KerasTensor((None, *shape[1:]), self.dtype), input_shape)
        kwargs = {"training": False} if self._takes_training else {}
        before = context.begin(False)
        try:
            run_on_ones(self.call, (x,), kwargs)
        finally:
            context.end(before)
            penalties.forget(self)

    @property
    def layers(self) -> list[Layer]:
        """The layers; those inside other layers are found there."""
        return list(self._layers)

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """Return a layer by its name or its place in `layers`."""
        layers = self.layers
        if (name is None) == (index is None):
            raise ValueError(f"get_layer: give either name or index; received name={name!r}, index={index!r}")
        if index is not None:
            if not -len(layers) <= index < len(layers):
                raise ValueError(f"there are {len(layers)} layers; received index={index}")
            return layers[index]
        for layer in layers:
            if layer.name == name:
                return layer
        raise ValueError(f"no layer is named {name!r}; there are {[layer.name for layer in layers]}")

    @property
    def input_names(self) -> list[str]:
        """Names of the inputs, known once the model is built."""
        return _names(self.input_shape, "input")

    @property
    def output_names(self) -> list[str]:
        """Names of the outputs, known once the model is built."""
        return _names(self.output_shape, "output")

    def summary(
        self,
        line_length: int | None = None,
        positions: list[float] | None = None,
        print_fn: Callable[[str], Any] = print,
        expand_nested: bool = False,
        show_trainable: bool = False,
    ) -> None:
        """Print layers, output shapes, numbers of parameters, and where they do not form a chain, connections.

        Parameters
        ----------
        line_length : int, optional
            Width of the table; by default as wide as it must be, and no wider than the terminal.
        positions : list of float, optional
            Where the columns end, as parts of the width.
        print_fn : callable
            Called with the whole text.
        expand_nested : bool
            Whether to show the layers of models inside the model.
        show_trainable : bool
            Whether to show which layers training changes.
        """
        from fastnn.models.summary import summary_text

        print_fn(summary_text(self, line_length, positions, expand_nested, show_trainable))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write architecture, weights, compile options and optimizer state to one safetensors file.

        The file is replaced only when the new one is complete: a full disk loses nothing. Of classes of
        one's own it holds the names and configurations, no code: see `fastnn.utils.register_keras_serializable`.

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
        files.save_model(self, path)

    def save_weights(self, path: str | os.PathLike[str]) -> None:
        """Write the weights alone."""
        saving.save(path, files.weight_arrays(self), {})

    def load_weights(self, path: str | os.PathLike[str]) -> None:
        """Read weights that `save` or `save_weights` of a model of the same architecture wrote."""
        tensors, _ = saving.load(path)
        files.take_weights(self, tensors, path)

    def _named_weights(self) -> list[tuple[str, Variable]]:
        """Return the weights with names that are unique in the model: place/layer/place/weight."""
        seen: set[int] = set()
        named = []
        own = self._trainable_variables + self._non_trainable_variables
        for i, (owner, weights) in enumerate(
            [*([(self, own)] if own else []), *((layer, layer.weights) for layer in self.layers)]
        ):
            for j, weight in enumerate(weights):
                if id(weight) not in seen:
                    seen.add(id(weight))
                    named.append((f"{i}/{owner.name}/{j}/{weight.name}", weight))
        return named


def _makes_graph(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    return len(args) > 1 or "inputs" in kwargs or "outputs" in kwargs


def _names(shape: Any, kind: str) -> list[str]:
    if shape is None:
        raise ValueError(f"the {kind} names are not known before the model has seen its first input")
    if isinstance(shape, dict):
        return sorted(shape)
    count = 1 if tree.is_shape(shape) else len(shape)
    return [f"{kind}_{i + 1}" for i in range(count)]
