"""Models made of a graph."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn import tree
from fastnn.layers import penalties
from fastnn.layers.layer import Layer, _registry
from fastnn.masks import with_mask
from fastnn.models import graph_config
from fastnn.models.entry import Entry, distinct, without_list
from fastnn.models.graph import Graph, cut_out
from fastnn.models.model import Model
from fastnn.symbolic import KerasTensor
from fastnn.tensor import Tensor


@_registry.register()
class Functional(Model):
    """A model that computes symbolic outputs from symbolic inputs; ``fastnn.Model(inputs, outputs)`` makes it.

    Data goes in and comes out in the structure of ``inputs`` and ``outputs``: one array, a list, or a dict.
    Data for several inputs may also be a dict by the names of the Inputs.

    Parameters
    ----------
    inputs : KerasTensor, or list or dict of them
        What `fastnn.Input` gave, or tensors inside a graph, from which on the model computes.
    outputs : KerasTensor, or list or dict of them
    name : str, optional
    trainable : bool, optional
        Freezes or frees all layers.

    Raises
    ------
    ValueError
        An output needs an Input that is not given, two layers have one name, or the same Input comes twice.

    Notes
    -----
    Layers keep their weights and may be in several models: a second model on the same layers reads what is
    computed inside the first.

    Examples
    --------
    Two inputs, two outputs, a shared layer:

    >>> import numpy as np
    >>> import fastnn
    >>> from fastnn import layers
    >>> left, right = fastnn.Input((4,), name="left"), fastnn.Input((4,), name="right")
    >>> encode = layers.Dense(3, activation="tanh")
    >>> a, b = encode(left), encode(right)
    >>> model = fastnn.Model([left, right], {"same": layers.Dot(1)([a, b]), "size": layers.Dense(1)(a)})
    >>> found = model({"left": np.zeros((2, 4)), "right": np.ones((2, 4))})
    >>> {name: y.shape for name, y in found.items()}
    {'same': (2, 1), 'size': (2, 1)}
    >>> reader = fastnn.Model(left, a)
    >>> reader(np.zeros((2, 4))).shape
    (2, 3)
    """

    # the graph says which layers there are; training sets attributes often
    __setattr__ = object.__setattr__  # type: ignore[assignment]

    def __init__(
        self,
        inputs: Any,
        outputs: Any,
        name: str | None = None,
        trainable: bool | None = None,
        **options: Any,
    ) -> None:
        for kind, given in (("inputs", inputs), ("outputs", outputs)):
            if not tree.flatten(given):
                raise ValueError(f"a model needs {kind}; received {kind}={given!r}")
            for tensor in tree.flatten(given):
                if not isinstance(tensor, KerasTensor):
                    raise TypeError(
                        f"the {kind} of a model must be symbolic tensors, such as fastnn.Input and layers "
                        f"called on it give; received {tensor!r}"
                    )
        entries = tree.flatten(inputs)
        if len({id(tensor) for tensor in entries}) < len(entries):
            raise ValueError(f"the same Input is given twice; received inputs={[t.name for t in entries]}")
        if any(tensor._keras_history.node.inputs for tensor in entries):
            inputs, outputs = cut_out(inputs, outputs)
        self._inputs_struct = tree.map_structure(lambda t: t, inputs)
        self._outputs_struct = tree.map_structure(lambda t: t, outputs)
        self._graph = Graph(tree.flatten(inputs), tree.flatten(outputs))
        super().__init__(name=name, dtype=_model_dtype(self._graph.inputs), **options)
        known = {id(layer) for layer in self._layers}
        self._layers += [o for o in self._graph.operations if isinstance(o, Layer) and id(o) not in known]
        self._entry = Entry(self, self._inputs_struct)
        self._one_out = isinstance(without_list(self._outputs_struct), KerasTensor)
        self.input_shape = without_list(tree.map_structure(lambda t: t.shape, self._inputs_struct))
        self._output_shape = without_list(tree.map_structure(lambda t: t.shape, self._outputs_struct))
        self.built = True
        if trainable is not None:
            self.trainable = trainable

    def __call__(self, x: Any, training: bool | None = None, mask: Any = None) -> Any:  # type: ignore[override]
        """Compute the outputs for inputs in the model's structure, or for a dict by the names of the Inputs."""
        if type(x) is not np.ndarray and type(x) is not Tensor and _any_symbolic(x):
            return self._call_in_general(self._entry.in_structure(x), (), training, {})
        if mask is not None:
            found = map(with_mask, self._entry.values(x), tree.flatten(mask))
            x = tree.pack(self._inputs_struct, list(found))
        if penalties.state.active:
            with penalties.one_pass(self):
                return self.call(x, self._mode() if training is None else training)
        return self.call(x, self._mode() if training is None else training)

    def build(self, input_shape: Any = None) -> None:
        """Do nothing: the graph was built with its layers."""

    def call(self, x: Any, training: bool = False) -> Any:
        """Run the graph."""
        found = self._graph.run(self._entry.values(x), training)
        return found[0] if self._one_out else tree.pack(self._outputs_struct, found)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shapes of the outputs for those of the inputs."""
        given: list[Any] = []
        tree.map_shapes(lambda shape: given.append(shape[1:]), input_shape)
        if not isinstance(input_shape, dict) and given == self._entry.sample_shapes:
            return self._output_shape
        return Layer.compute_output_shape(self, input_shape)

    @property
    def output_shape(self) -> Any:
        """Shapes of the outputs, the batch size None, in their structure."""
        return self._output_shape

    @property
    def operations(self) -> list[Any]:
        """Layers and ops, those further from the outputs first."""
        return list(self._graph.operations)

    @property
    def input(self) -> Any:
        """The symbolic inputs, as they were given."""
        return self._inputs_struct

    @property
    def output(self) -> Any:
        """The symbolic outputs, as they were given."""
        return self._outputs_struct

    @property
    def inputs(self) -> list[KerasTensor]:
        """The symbolic inputs as a flat list."""
        return list(self._graph.inputs)

    @property
    def outputs(self) -> list[KerasTensor]:
        """The symbolic outputs as a flat list."""
        return list(self._graph.outputs)

    @property
    def input_names(self) -> list[str]:
        """Names of the inputs: those of the Input layers."""
        return [tensor._keras_history.operation.name for tensor in self._graph.inputs]

    @property
    def output_names(self) -> list[str]:
        """Names of the outputs: the keys of a dict, else those of the layers that give them."""
        if isinstance(self._outputs_struct, dict):
            return sorted(self._outputs_struct)
        return distinct([tensor._keras_history.operation.name for tensor in self._graph.outputs])

    def get_config(self) -> dict[str, Any]:
        """Return what describes the graph: layers with their configurations, and the calls between them."""
        if type(self).__init__ is not Functional.__init__:
            return self._config_unless_overridden(Functional)  # a user's class, which makes the graph itself
        return {
            "name": self.name,
            "trainable": self._trainable,
            **graph_config.encode(self._graph, self._inputs_struct, self._outputs_struct),
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Functional:
        """Make a model, with new weights, from what `get_config` gave."""
        if cls.__init__ is not Functional.__init__:
            return cls(**config)
        inputs, outputs = graph_config.decode(config)
        model = cls(inputs, outputs, name=config["name"])
        model._trainable = bool(config.get("trainable", True))
        return model


def become_functional(model: Model, *args: Any, **kwargs: Any) -> None:
    """Make a model of a user's subclass a Functional of that subclass."""
    cls = type(model)
    names = {"__module__": cls.__module__, "__qualname__": cls.__qualname__, "__doc__": cls.__doc__}
    model.__class__ = type(cls.__name__, (cls, Functional), names)
    Functional.__init__(model, *args, **kwargs)  # type: ignore[arg-type]


def _any_symbolic(x: Any) -> bool:
    return any(isinstance(leaf, KerasTensor) for leaf in tree.flatten(x))


def _model_dtype(inputs: list[KerasTensor]) -> Any:
    """Return the type of the first input of floating-point numbers."""
    return next((tensor.dtype for tensor in inputs if tensor.dtype.kind == "f"), np.dtype("float32"))
