"""The base class of layers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from fastnn import initializers, tree
from fastnn.layers import context
from fastnn.layers.tracking import TrackedDict, TrackedList
from fastnn.naming import auto_name, snake_case
from fastnn.registry import Registry
from fastnn.symbolic import KerasTensor, Node, infer, is_symbolic, record
from fastnn.tensor import Tensor
from fastnn.variable import Variable

Array = np.ndarray[Any, Any]
Shape = tuple[int | None, ...]

_registry: Registry[Any] = Registry("layer")
serialize = _registry.serialize
deserialize = _registry.deserialize


class Layer:
    """A function with weights.

    Subclasses define ``call(x)`` and, where they have weights, ``build(input_shape)``, which makes them with
    `add_weight`. Layers and variables in attributes, also in lists and dicts, are parts of the layer.
    Layers that act otherwise in training take ``call(x, training=False)``. The shape of the output is found
    by calling the layer on ones; ``compute_output_shape(input_shape)`` says it faster.

    Parameters
    ----------
    name : str, optional
        By default the class's name, numbered.
    trainable : bool
        Whether training changes the weights.
    dtype : str, default "float32"
        Type of the weights and of the computation; inputs are cast to it.
    input_shape : tuple, optional
        Shape of one sample, for the first layer of a `Sequential`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> class Scale(layers.Layer):
    ...     def build(self, input_shape):
    ...         self.factor = self.add_weight(input_shape[-1:], "ones", name="factor")
    ...     def call(self, x):
    ...         return x * self.factor
    >>> Scale()(np.ones((1, 2), "float32")).numpy()
    array([[1., 1.]], dtype=float32)
    """

    _DTYPES: tuple[type, ...] = (np.float32, np.float64)
    _trainable_variables: list[Variable]
    _non_trainable_variables: list[Variable]
    _layers: list[Layer]
    _inbound_nodes: list[Node]  # its calls on symbolic tensors

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        layer = super().__new__(cls)
        # Straight into the dict: these lists are not watched.
        vars(layer).update(
            _arguments=(args, kwargs),  # what `get_config` tells by default
            _trainable_variables=[],
            _non_trainable_variables=[],
            _layers=[],
            _inbound_nodes=[],
        )
        return layer

    def __init__(
        self,
        name: str | None = None,
        trainable: bool = True,
        dtype: Any = None,
        input_shape: Iterable[int | None] | None = None,
    ) -> None:
        self.name = name or auto_name(snake_case(type(self).__name__))
        self.dtype = np.dtype(dtype or "float32")
        if self.dtype not in self._DTYPES:
            raise ValueError(f"dtype must be 'float32' or 'float64'; received dtype={dtype!r}")
        self.built = False
        self._trainable = trainable
        self.input_shape: Any = None if input_shape is None else (None, *input_shape)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        code = getattr(cls.call, "__code__", None)
        cls._takes_training = code is not None and (
            "training" in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        )

    _takes_training = False

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, (Layer, Variable, list, dict, tuple)):
            value = self._track(value)
        object.__setattr__(self, name, value)

    def _track(self, value: Any) -> Any:
        """Note the layers and variables in an attribute's value; return it, lists and dicts watched."""
        if isinstance(value, Variable):
            self._add_variable(value)
        elif isinstance(value, Layer):
            if not any(layer is value for layer in self._layers):
                self._layers.append(value)
        elif isinstance(value, list):
            return TrackedList(value, self)
        elif isinstance(value, dict):
            return TrackedDict(value, self)
        elif type(value) is tuple:
            return tuple(map(self._track, value))
        return value

    def _add_variable(self, variable: Variable) -> None:
        if not any(v is variable for v in self._trainable_variables + self._non_trainable_variables):
            own = self._trainable_variables if variable.trainable else self._non_trainable_variables
            own.append(variable)

    def build(self, input_shape: Any) -> None:
        """Make the weights for inputs of this shape (the batch size first, None); several inputs give
        several shapes, in their structure.
        """

    def call(self, x: Any) -> Any:
        """Compute the output."""
        raise NotImplementedError(f"{type(self).__name__} has no method call")

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the output's shape for an input's, or raise ValueError where it does not fit.

        Several outputs have several shapes, in their structure.
        """
        x = tree.map_shapes(lambda shape: KerasTensor(shape, self.dtype), input_shape)
        return tree.map_structure(lambda y: y.shape, infer(self, (x,), {}))

    def add_weight(
        self,
        shape: Sequence[int | None],
        initializer: Any = "glorot_uniform",
        trainable: bool = True,
        name: str = "weight",
    ) -> Variable:
        """Make a weight of this layer."""
        if None in shape:
            raise ValueError(f"weight {name!r} needs a shape without None; received {tuple(shape)}")
        values = initializers.get(initializer)(tuple(shape), self.dtype)
        weight = Variable(values, trainable=trainable, dtype=self.dtype, name=name)
        self._add_variable(weight)
        weight.trainable = trainable and self._trainable
        return weight

    def ensure_built(self, input_shape: Any) -> None:
        """Build once; check later inputs against the first."""
        if not self.built:
            with _named(self):
                if _says_output_shape(self):
                    self.compute_output_shape(input_shape)
                self.build(input_shape)
            self.built = True
            self.input_shape = tree.map_shapes(lambda shape: (None, *shape[1:]), input_shape)

    def __call__(self, x: Any, *args: Any, training: bool | None = None, **kwargs: Any) -> Any:
        """Compute the output for ``x``; errors raised below carry the layer's name.

        Symbolic tensors give symbolic tensors: the call becomes part of a graph. Several inputs come as a
        list or dict, or as several arguments, as ``call`` takes them.
        """
        if type(x) is np.ndarray:
            x = self._as_input(x)
        elif type(x) is not Tensor:
            return self._call_in_general(x, args, training, kwargs)
        if args or kwargs or self._layers:
            return self._call_in_general(x, args, training, kwargs)
        if not self.built:
            self.ensure_built(x.shape)
        try:
            if not self._takes_training:
                return self.call(x)
            return self.call(x, training=context.training() if training is None else training)  # type: ignore[call-arg]
        except (ValueError, TypeError) as error:
            raise _with_name(self, error) from error

    def _call_in_general(
        self, x: Any, args: tuple[Any, ...], training: bool | None, kwargs: dict[str, Any]
    ) -> Any:
        """Call on symbolic tensors, on several, with more arguments, or with layers inside."""
        if is_symbolic((x, args, kwargs)):
            return self._call_symbolically(
                (x, *args), kwargs if training is None else {**kwargs, "training": training}
            )
        x = self._as_inputs(x)
        if not self.built:
            self.ensure_built(tree.map_structure(lambda a: a.shape, x))
        if training is None:
            training = context.training()
        if self._takes_training:
            kwargs["training"] = training
        before = context.begin(training)
        try:
            return self.call(x, *args, **kwargs)
        except (ValueError, TypeError) as error:
            raise _with_name(self, error) from error
        finally:
            context.end(before)

    def _call_symbolically(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Make the call a part of a graph."""
        args, kwargs = tree.map_structure(
            lambda leaf: leaf, (args, kwargs)
        )  # lists of the caller's may change
        with _named(self):
            shapes = tree.map_structure(lambda t: getattr(t, "shape", ()), args[0])
            self.ensure_built(shapes)
            if len(args) == 1 and not kwargs.keys() - {"training"} and _says_output_shape(self):
                shape = self.compute_output_shape(shapes)
                outputs = tree.map_shapes(lambda s: KerasTensor(s, self.dtype), shape)
            else:
                outputs = infer(self, args, kwargs)
        return record(self, args, kwargs, outputs)

    def _as_input(self, x: Any) -> Any:
        """Return an array in the layer's type, a tensor as it is."""
        if isinstance(x, Tensor):
            return x
        array = np.asarray(x)
        if array.dtype is not self.dtype and array.dtype != self.dtype and array.dtype.kind in "fiub":
            array = array.astype(self.dtype)
        return array

    def _as_inputs(self, x: Any) -> Any:
        """Return all inputs so; a list of numbers is one array."""
        if isinstance(x, (list, tuple, dict)) and any(
            isinstance(leaf, (Tensor, np.ndarray)) for leaf in tree.flatten(x)
        ):
            return tree.map_structure(self._as_input, x)
        return self._as_input(x)

    @property
    def weights(self) -> list[Variable]:
        """All weights, in Keras's order: the layer's own, then those of its layers, none twice."""
        own = self._trainable_variables + self._non_trainable_variables
        if not self._layers:
            return own
        # dict.fromkeys would compare tensors
        found = {id(w): w for w in own}
        for layer in self._layers:
            for weight in layer.weights:
                found.setdefault(id(weight), weight)
        return list(found.values())

    @property
    def trainable(self) -> bool:
        """Whether training changes the weights; settable at any time, takes effect at the next ``fit``."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = bool(value)
        for weight in self._trainable_variables:
            weight.trainable = self._trainable
        for layer in self._layers:
            layer.trainable = self._trainable

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights that training changes."""
        return [w for w in self.weights if w.requires_grad] if self._trainable else []

    @property
    def trainable_variables(self) -> list[Variable]:
        """The weights that training changes."""
        return self.trainable_weights

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The weights that training leaves alone."""
        return [w for w in self.weights if not (w.trainable and self._trainable)]

    @property
    def input(self) -> Any:
        """The symbolic input, or a list of inputs, of the first call in a graph."""
        return _one_or_all(self, "inputs")

    @property
    def output(self) -> Any:
        """The symbolic output, or a list of outputs, of the first call in a graph.

        Examples
        --------
        >>> import fastnn
        >>> from fastnn import layers
        >>> x = fastnn.Input((4,))
        >>> hidden = layers.Dense(3)
        >>> y = layers.Dense(2)(hidden(x))
        >>> fastnn.Model(x, hidden.output).output_shape  # reads what the hidden layer gives
        (None, 3)
        """
        return _one_or_all(self, "outputs")

    @property
    def output_shape(self) -> Any:
        """Shape of the output, the batch size None; known once the layer is built."""
        if self.input_shape is None:
            raise ValueError(f"layer {self.name!r} has no output shape yet: it has not seen an input's")
        return self.compute_output_shape(self.input_shape)

    def count_params(self) -> int:
        """Return the number of values in all weights."""
        return sum(math.prod(w.shape) for w in self.weights)

    def get_weights(self) -> list[Array]:
        """Return copies of all weights as arrays, in Keras's order."""
        return [w.numpy().copy() for w in self.weights]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Replace all weights by arrays of the same shapes, in the order of `get_weights`."""
        own = self.weights
        arrays = [np.asarray(w) for w in weights]
        if len(arrays) != len(own) or any(a.shape != w.shape for a, w in zip(arrays, own, strict=True)):
            raise ValueError(
                f"{type(self).__name__} {self.name!r} has weights of shapes {[w.shape for w in own]}; "
                f"received {[a.shape for a in arrays]}"
                + ("" if own or not arrays else ". Build it first, for example by giving it an input_shape")
            )
        for weight, array in zip(own, arrays, strict=True):
            weight.assign(array)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"name": self.name, "trainable": self._trainable, "dtype": self.dtype.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Layer:
        """Make a layer from what `get_config` gave."""
        return cls(**config)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


def _one_or_all(layer: Layer, end: str) -> Any:
    if not layer._inbound_nodes:
        raise AttributeError(
            f"layer {layer.name!r} has no symbolic {end}: it was never called on a symbolic tensor, "
            "such as fastnn.Input gives"
        )
    tensors = getattr(layer._inbound_nodes[0], end)
    return tensors[0] if len(tensors) == 1 else tensors


def _says_output_shape(layer: Layer) -> bool:
    return type(layer).compute_output_shape is not Layer.compute_output_shape


def _with_name(layer: Any, error: Exception) -> Exception:
    """Return the error again, led by the layer's name, unless a layer inside has led it already."""
    text = str(error)
    return type(error)(
        text if text.startswith("layer ") else f"layer {layer.name!r} ({type(layer).__name__}): {text}"
    )


class _named:
    """Adds the layer's name to a ValueError raised inside the block."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, (ValueError, TypeError)):
            raise _with_name(self.layer, error) from error
