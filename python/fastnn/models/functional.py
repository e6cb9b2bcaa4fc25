"""Models made of a graph."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn import tree
from fastnn.layers.input import Input
from fastnn.layers.layer import Layer, _registry
from fastnn.models import graph_config
from fastnn.models.graph import Graph, _in_order
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
            inputs, outputs = _cut_out(inputs, outputs)
        self._inputs_struct = tree.map_structure(lambda t: t, inputs)
        self._outputs_struct = tree.map_structure(lambda t: t, outputs)
        self._graph = Graph(tree.flatten(inputs), tree.flatten(outputs))
        super().__init__(name=name, dtype=_model_dtype(self._graph.inputs), **options)
        known = {id(layer) for layer in self._layers}
        self._layers += [o for o in self._graph.operations if isinstance(o, Layer) and id(o) not in known]
        self._one_in = _one(self._inputs_struct)
        self._one_out = _one(self._outputs_struct)
        # Of each input: what casts data, the shape of a sample, the symbolic tensor.
        self._entries = [(t._keras_history.operation._as_input, t.shape[1:], t) for t in self._graph.inputs]
        self.input_shape = _without_list(tree.map_structure(lambda t: t.shape, self._inputs_struct))
        self._output_shape = _without_list(tree.map_structure(lambda t: t.shape, self._outputs_struct))
        self.built = True
        if trainable is not None:
            self.trainable = trainable

    def __call__(self, x: Any, training: bool | None = None) -> Any:  # type: ignore[override]
        """Compute the outputs for inputs in the model's structure, or for a dict by the names of the Inputs."""
        if type(x) is not np.ndarray and type(x) is not Tensor and _any_symbolic(x):
            return self._call_in_general(self._in_structure(x), (), training, {})
        return self.call(x, self._mode() if training is None else training)

    def build(self, input_shape: Any = None) -> None:
        """Do nothing: the graph was built with its layers."""

    def call(self, x: Any, training: bool = False) -> Any:
        """Run the graph."""
        if self._one_in and (type(x) is np.ndarray or type(x) is Tensor):
            values = [x]
        else:
            values = self._flat(self._in_structure(x))
        for i, (as_input, shape, entry) in enumerate(self._entries):
            value = values[i]
            if type(value) is not Tensor:
                value = values[i] = as_input(value)
            if value.shape[1:] != shape:
                values[i] = self._fitting(value, entry)
        found = self._graph.run(values, training)
        return found[0] if self._one_out else tree.pack(self._outputs_struct, found)

    def _in_structure(self, x: Any) -> Any:
        """Return data in the structure of the inputs, or say what is missing."""
        expected = self._inputs_struct
        names = self.input_names
        if isinstance(x, dict):
            known = sorted(expected) if isinstance(expected, dict) else names
            missing = [name for name in known if name not in x]
            unknown = [name for name in x if name not in known]
            if missing or unknown:
                raise ValueError(
                    f"model {self.name!r} takes a dict with the inputs {known}; "
                    + " and ".join(
                        f"{kind} {found}"
                        for kind, found in (("missing", missing), ("unknown", unknown))
                        if found
                    )
                )
            return x if isinstance(expected, dict) else tree.pack(expected, [x[name] for name in names])
        if self._one_in:
            alone = isinstance(x, (list, tuple)) and len(x) == 1 and hasattr(x[0], "shape")
            return tree.pack(expected, [x[0] if alone else x])
        count = len(x) if isinstance(x, (list, tuple)) else 1
        wanted = len(expected) if isinstance(expected, (list, tuple)) else len(names)
        if count != wanted:
            raise ValueError(
                f"model {self.name!r} takes {wanted} inputs, {names}, as a list or a dict; received {count}"
            )
        return tree.pack(expected, list(x)) if isinstance(expected, dict) else x

    def _flat(self, x: Any) -> list[Any]:
        """Return data in the structure of the inputs as a list."""
        values = tree.flatten(x)
        if len(values) != len(self._entries):
            raise ValueError(
                f"model {self.name!r} takes the inputs {self.input_names} in the structure in which it was "
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
        raise ValueError(f"model {self.name!r}: Input {entry.name!r} takes shape {shape}; received {given}")

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shapes of the outputs for those of the inputs."""
        given: list[Any] = []
        tree.map_shapes(lambda shape: given.append(shape[1:]), input_shape)
        if not isinstance(input_shape, dict) and given == [shape for _, shape, _ in self._entries]:
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
        return _distinct([tensor._keras_history.operation.name for tensor in self._graph.outputs])

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


def _one(structure: Any) -> bool:
    """Tell whether there is one tensor, alone or alone in a list: Keras takes these for the same."""
    return isinstance(_without_list(structure), KerasTensor)


def _without_list(structure: Any) -> Any:
    alone = isinstance(structure, (list, tuple)) and len(structure) == 1
    return structure[0] if alone and not tree.is_shape(structure) else structure


def _model_dtype(inputs: list[KerasTensor]) -> Any:
    """Return the type of the first input of floating-point numbers."""
    return next((tensor.dtype for tensor in inputs if tensor.dtype.kind == "f"), np.dtype("float32"))


def _distinct(names: list[str]) -> list[str]:
    """Number names that come more than once: a layer may give several outputs."""
    found: list[str] = []
    for name in names:
        number, other = 1, name
        while other in found:
            other, number = f"{name}_{number}", number + 1
        found.append(other)
    return found


def _cut_out(inputs: Any, outputs: Any) -> tuple[Any, Any]:
    """Return the part of a graph behind inner tensors as a graph of its own, with Inputs in their place."""
    replaced: dict[int, Any] = {}

    def enter(tensor: KerasTensor) -> KerasTensor:
        if not tensor._keras_history.node.inputs:
            fresh = tensor
        else:
            fresh = Input(batch_shape=tensor.shape, dtype=tensor.dtype, name=f"{tensor.name}_input")
        replaced[id(tensor)] = fresh
        return fresh

    entries = tree.map_structure(enter, inputs)
    for node in _in_order(tree.flatten(inputs), tree.flatten(outputs))[0]:
        if not node.inputs or all(id(t) in replaced for t in node.outputs):
            continue
        args, kwargs = tree.map_structure(lambda t: replaced.get(id(t), t), (node.args, node.kwargs))
        again = node.operation(*args, **kwargs)
        for old, new in zip(node.outputs, tree.flatten(again), strict=True):
            replaced.setdefault(id(old), new)
    return entries, tree.map_structure(lambda t: replaced.get(id(t), t), outputs)
