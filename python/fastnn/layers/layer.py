"""The base class of layers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import numpy as np

from fastnn import tree
from fastnn.errors import named, with_name
from fastnn.layers import context
from fastnn.layers.config import constructor_arguments
from fastnn.layers.holder import Holder
from fastnn.naming import auto_name, snake_case
from fastnn.registry import Registry
from fastnn.symbolic import KerasTensor, Node, infer, is_symbolic, record
from fastnn.tensor import Tensor

Shape = tuple[int | None, ...]

_registry: Registry[Any] = Registry("layer")
serialize = _registry.serialize
deserialize = _registry.deserialize


class Layer(Holder):
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
    _inbound_nodes: list[Node]  # its calls on symbolic tensors
    _arguments: tuple[Any, Any]  # the constructor's, which `get_config` tells by default

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        layer = super().__new__(cls, *args, **kwargs)
        vars(layer).update(_arguments=(args, kwargs), _inbound_nodes=[])
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
        if "build" in vars(cls):
            cls.build = _noting_that(cls.build)  # type: ignore[method-assign]

    _takes_training = False

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

    def ensure_built(self, input_shape: Any) -> None:
        """Build once; check later inputs against the first."""
        if not self.built:
            with named(self):
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
            return self.call(x, training=self._mode() if training is None else training)  # type: ignore[call-arg]
        except (ValueError, TypeError) as error:
            raise with_name(self, error) from error

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
            training = self._mode()
        if self._takes_training:
            kwargs["training"] = training
        before = context.begin(training)
        try:
            return self.call(x, *args, **kwargs)
        except (ValueError, TypeError) as error:
            raise with_name(self, error) from error
        finally:
            context.end(before)

    def _call_symbolically(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Make the call a part of a graph."""
        args, kwargs = tree.map_structure(
            lambda leaf: leaf, (args, kwargs)
        )  # lists of the caller's may change
        with named(self):
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

    _training_mode = False  # what `train` and `eval` of a model set

    def _mode(self) -> bool:
        """Return whether a call counts as training that does not say so itself."""
        return self._training_mode or context.training()

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

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments.

        Subclasses whose arguments are all numbers, strings, None, and lists and dicts of these need not define it.
        """
        return self._config_unless_overridden(Layer)

    def _config_unless_overridden(self, base: type[Layer]) -> dict[str, Any]:
        """Return the constructor's arguments; to a ``get_config`` behind that of ``base`` what all layers have."""
        common = {"name": self.name, "trainable": self._trainable, "dtype": self.dtype.name}
        overridden = type(self).get_config is not base.get_config
        return common if overridden else constructor_arguments(self, common)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Layer:
        """Make a layer from what `get_config` gave."""
        return cls(**config)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


def _noting_that(build: Callable[..., None]) -> Callable[..., None]:
    """Let layers know that they are built also when ``build`` is called by hand, as inside another's."""

    @wraps(build)
    def noting(self: Layer, input_shape: Any = None) -> None:
        build(self, input_shape)
        self.built = True
        if self.input_shape is None and input_shape is not None:
            self.input_shape = tree.map_shapes(lambda shape: (None, *shape[1:]), input_shape)

    return noting


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
