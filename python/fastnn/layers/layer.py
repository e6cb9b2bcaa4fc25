"""The base class of layers."""

from __future__ import annotations

import itertools
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from fastnn import initializers
from fastnn.registry import Registry
from fastnn.tensor import Tensor
from fastnn.variable import Variable

Array = np.ndarray[Any, Any]
Shape = tuple[int | None, ...]

_registry: Registry[Any] = Registry("layer")
serialize = _registry.serialize
deserialize = _registry.deserialize
_counts: defaultdict[str, itertools.count[int]] = defaultdict(itertools.count)


def _auto_name(cls: type) -> str:
    """Return "dense", "dense_1", ...: the class's name in snake case, numbered."""
    base = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()
    number = next(_counts[base])
    return f"{base}_{number}" if number else base


class Layer:
    """A function with weights.

    Subclasses define ``call(x)``, where they have weights also ``build(input_shape)``, which makes them with
    `add_weight`, and ``compute_output_shape(input_shape)`` where the output's shape is not the input's.
    Layers that act otherwise in training take ``call(x, training=False)``.

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

    def __init__(
        self,
        name: str | None = None,
        trainable: bool = True,
        dtype: Any = None,
        input_shape: Iterable[int | None] | None = None,
    ) -> None:
        self.name = name or _auto_name(type(self))
        self.dtype = np.dtype(dtype or "float32")
        if self.dtype not in (np.float32, np.float64):
            raise ValueError(f"dtype must be 'float32' or 'float64'; received dtype={dtype!r}")
        self.built = False
        self._weights: list[Variable] = []
        self._trainable = trainable
        self.input_shape: Shape | None = None if input_shape is None else (None, *input_shape)

    def build(self, input_shape: Shape) -> None:
        """Make the weights for inputs of this shape (the batch size first, None)."""

    def call(self, x: Any) -> Any:
        """Compute the output."""
        raise NotImplementedError

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the output's shape for an input's, or raise ValueError where it does not fit."""
        return input_shape

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
        weight = Variable(values, trainable=trainable and self._trainable, dtype=self.dtype, name=name)
        self._weights.append(weight)
        return weight

    def ensure_built(self, input_shape: Shape) -> None:
        """Build once; check later inputs against the first."""
        if not self.built:
            with _named(self):
                self.compute_output_shape(input_shape)
                self.build(input_shape)
            self.built = True
            self.input_shape = (None, *input_shape[1:])

    def __call__(self, x: Any, training: bool = False) -> Any:
        """Compute the output for ``x``; errors raised below carry the layer's name."""
        if not isinstance(x, Tensor):
            x = np.asarray(x)
            if x.dtype != self.dtype and x.dtype.kind in "fiub":
                x = x.astype(self.dtype)
        if not self.built:
            self.ensure_built(x.shape)
        try:
            return self.call(x, training=training) if self._takes_training else self.call(x)  # type: ignore[call-arg]
        except (ValueError, TypeError) as error:
            raise _with_name(self, error) from error

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        code = getattr(cls.call, "__code__", None)
        cls._takes_training = code is not None and "training" in code.co_varnames[: code.co_argcount]

    _takes_training = False

    @property
    def weights(self) -> list[Variable]:
        """All weights, in Keras's order."""
        return self._weights

    @property
    def trainable(self) -> bool:
        """Whether training changes the weights; settable at any time, takes effect at the next ``compile``."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = bool(value)
        for weight in self.weights:
            weight.trainable = self._trainable

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights that training changes."""
        return [w for w in self.weights if w.requires_grad]

    @property
    def trainable_variables(self) -> list[Variable]:
        """The weights that training changes."""
        return self.trainable_weights

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The weights that training leaves alone."""
        return [w for w in self.weights if not w.trainable]

    @property
    def output_shape(self) -> Shape:
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


def _with_name(layer: Layer, error: Exception) -> Exception:
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
