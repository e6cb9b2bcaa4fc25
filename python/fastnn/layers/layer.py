"""The base class of layers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import numpy as np

import fastnn
from fastnn import masks, ops, tree
from fastnn.errors import named, with_name
from fastnn.layers import context, penalties
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
    activity_regularizer : str, Regularizer or callable, optional
        Adds a penalty on the output to the loss.
    autocast : bool
        Whether inputs are cast to ``dtype``.

    Attributes
    ----------
    supports_masking : bool
        Whether the mask of the input holds for the output too, or `compute_mask` says which does.

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
    _losses: list[Any]  # what `add_loss` was given in the last pass
    _arguments: tuple[Any, Any]  # the constructor's, which `get_config` tells by default

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        layer = super().__new__(cls, *args, **kwargs)
        vars(layer).update(_arguments=(args, kwargs), _inbound_nodes=[], _losses=[])
        return layer

    def __init__(
        self,
        name: str | None = None,
        trainable: bool = True,
        dtype: Any = None,
        input_shape: Iterable[int | None] | None = None,
        activity_regularizer: Any = None,
        autocast: bool = True,
        input_dim: int | None = None,
    ) -> None:
        self.name = name or auto_name(snake_case(type(self).__name__))
        self.dtype = np.dtype(dtype or "float32")
        if self.dtype not in self._DTYPES:
            raise ValueError(f"dtype must be 'float32' or 'float64'; received dtype={dtype!r}")
        self.built = False
        self._trainable = trainable
        self.autocast = autocast
        self.supports_masking = False
        self.activity_regularizer = (
            None if activity_regularizer is None else fastnn.regularizers.get(activity_regularizer)
        )
        if input_shape is None and input_dim is not None:
            input_shape = (input_dim,)
        self.input_shape: Any = None if input_shape is None else (None, *input_shape)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        code = getattr(cls.call, "__code__", None)
        names = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount] if code is not None else ()
        cls._call_names = names
        cls._takes_training = "training" in names
        sources = {"mask": names[0], **{f"{name}_mask": name for name in names}} if names else {}
        cls._takes_masks = [(name, sources[name]) for name in names if name in sources]
        cls._computes_mask = cls.compute_mask is not Layer.compute_mask
        if "build" in vars(cls):
            shapes = list(inspect.signature(cls.build).parameters)[1:]
            cls._build_names = shapes if len(shapes) > 1 else []
            cls.build = _noting_that(cls.build)  # type: ignore[method-assign]

    _call_names: tuple[str, ...] = ()
    _takes_training = False
    _takes_masks: list[tuple[str, str]] = []  # noqa: RUF012  # arguments, and of which input they are the mask
    _computes_mask = False
    _build_names: list[str] = []  # noqa: RUF012  # where `build` takes the shapes of several inputs
    _adds_losses = False

    @classmethod
    def _place(cls, parameter: str) -> int:
        return cls._call_names.index(parameter)

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

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return the mask of the output, asked for where ``supports_masking``: by default that of the input."""
        return previous_mask

    def add_loss(self, loss: Any) -> None:
        """Add a number, or several in a list, to the loss of this pass; for the ``call`` of a layer.

        Examples
        --------
        >>> import numpy as np
        >>> from fastnn import layers, ops
        >>> class Small(layers.Layer):
        ...     def call(self, x):
        ...         self.add_loss(0.1 * ops.mean(ops.square(x)))
        ...         return x
        >>> layer = Small()
        >>> y = layer(np.full((2, 3), 2.0))
        >>> [round(float(loss), 3) for loss in layer.losses]
        [0.4]
        """
        penalties.add(self, loss)

    @property
    def losses(self) -> list[Any]:
        """What is added to the loss: by layers in the last pass, and by regularizers of weights."""
        return penalties.all_of(self)

    def ensure_built(self, input_shape: Any, **further: Any) -> None:
        """Build once; check later inputs against the first."""
        if not self.built:
            with named(self):
                if further:
                    self.build(input_shape, **further)
                else:
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
        elif type(x) is not Tensor or x._array.dtype is not self.dtype or masks.mask_of(x) is not None:
            return self._call_in_general(x, args, training, kwargs)
        if args or kwargs or self._layers or self._needs_more_than_call():
            return self._call_in_general(x, args, training, kwargs)
        if not self.built:
            self.ensure_built(x.shape)
        try:
            if not self._takes_training:
                return self.call(x)
            return self.call(x, training=self._mode() if training is None else training)  # type: ignore[call-arg]
        except (ValueError, TypeError) as error:
            raise with_name(self, error) from error

    def _needs_more_than_call(self) -> bool:
        """Return whether something is to be done around `call`: with masks, or with losses."""
        return self._computes_mask or self.activity_regularizer is not None or penalties.state.active

    def _call_in_general(
        self, x: Any, args: tuple[Any, ...], training: bool | None, kwargs: dict[str, Any]
    ) -> Any:
        """Call on symbolic tensors, on several, with more arguments, with masks, or with layers inside."""
        if is_symbolic((x, args, kwargs)):
            return self._call_symbolically(
                (x, *args), kwargs if training is None else {**kwargs, "training": training}
            )
        x = self._as_inputs(x)
        args, kwargs = tree.map_structure(self._as_argument, (args, kwargs))
        if not self.built:
            shapes = tree.map_structure(lambda a: a.shape, x)
            self.ensure_built(shapes, **self._further_shapes((x, *args), kwargs))
        mask = masks.masks_of(x)
        kwargs = masks.given_to(self, (x, *args), kwargs)
        if training is None:
            training = self._mode()
        if self._takes_training:
            kwargs = {**kwargs, "training": training}
        before = context.begin(training)
        try:
            with penalties.one_pass(self):
                y = self.call(x, *args, **kwargs)
                if self.activity_regularizer is not None:
                    penalties.on_output(self, y)
                return masks.pass_on(self, x, y, mask) if mask is not None or self._computes_mask else y
        except (ValueError, TypeError) as error:
            raise with_name(self, error) from error
        finally:
            context.end(before)

    def _further_shapes(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """Return the shapes of the inputs behind the first that `build` takes, ``NAME_shape`` that of ``NAME``."""
        named = {**dict(zip(self._call_names, args, strict=False)), **kwargs}
        shapes = {f"{name}_shape": getattr(value, "shape", None) for name, value in named.items()}
        return {name: shapes.get(name) for name in self._build_names[1:]}

    def _call_symbolically(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Make the call a part of a graph."""
        args, kwargs = tree.map_structure(
            lambda leaf: leaf, (args, kwargs)
        )  # lists of the caller's may change
        with named(self):
            shapes = tree.map_structure(lambda t: getattr(t, "shape", ()), args[0])
            self.ensure_built(shapes, **self._further_shapes(args, kwargs))
            if len(args) == 1 and not kwargs.keys() - {"training", "mask"} and _says_output_shape(self):
                shape = self.compute_output_shape(shapes)
                outputs = tree.map_shapes(lambda s: KerasTensor(s, self.dtype), shape)
            else:
                outputs = infer(self, args, kwargs)
                penalties.forget(self)
        return record(self, args, kwargs, outputs)

    def _as_input(self, x: Any) -> Any:
        """Return an array or a tensor of floats in the layer's type."""
        if isinstance(x, Tensor):
            return self._as_argument(x)
        array = np.asarray(x)
        if array.dtype is not self.dtype and array.dtype != self.dtype and array.dtype.kind in "fiub":
            return array.astype(self.dtype) if self.autocast else array
        return array

    def _as_argument(self, x: Any) -> Any:
        """Return floats in an argument behind the first in the layer's type, all else as it is."""
        if not (self.autocast and isinstance(x, (Tensor, np.ndarray))):
            return x
        if x.dtype == self.dtype or x.dtype.kind != "f" or isinstance(x, KerasTensor):
            return x
        return masks.with_mask(ops.cast(x, self.dtype), masks.mask_of(x))

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
        common: dict[str, Any] = {"name": self.name, "trainable": self._trainable, "dtype": self.dtype.name}
        if self.activity_regularizer is not None:
            common["activity_regularizer"] = fastnn.regularizers.serialize(self.activity_regularizer)
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
    def noting(self: Layer, input_shape: Any = None, *more: Any, **further: Any) -> None:
        build(self, input_shape, *more, **further)
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
