"""What a layer holds: weights, and other layers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

import fastnn
from fastnn import initializers
from fastnn.layers.tracking import TrackedDict, TrackedList
from fastnn.variable import Variable

Array = np.ndarray[Any, Any]


class Holder:
    """The base of layers that keeps their weights and the layers inside them.

    Variables and layers are found where they are assigned to attributes, also in lists, tuples and dicts, in
    the order in which they came.
    """

    name: str
    dtype: np.dtype[Any]
    _trainable: bool
    _trainable_variables: list[Variable]
    _non_trainable_variables: list[Variable]
    _layers: list[Any]

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        holder = super().__new__(cls)
        # Straight into the dict: these lists are not watched.
        vars(holder).update(_trainable_variables=[], _non_trainable_variables=[], _layers=[])
        return holder

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, (Holder, Variable, list, dict, tuple)):
            value = self._track(value)
        object.__setattr__(self, name, value)

    def _track(self, value: Any) -> Any:
        """Note the layers and variables in an attribute's value; return it, lists and dicts watched."""
        if "name" not in vars(self):
            raise RuntimeError(
                f"{type(self).__name__}.__init__ must call super().__init__() before anything else"
            )
        if isinstance(value, Variable):
            self._add_variable(value)
        elif isinstance(value, Holder):
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

    def add_weight(
        self,
        shape: Sequence[int | None] = (),
        initializer: Any = "glorot_uniform",
        trainable: bool = True,
        name: str = "weight",
        regularizer: Any = None,
        constraint: Any = None,
        dtype: Any = None,
    ) -> Variable:
        """Make a weight of this layer.

        Parameters
        ----------
        shape : tuple of int
        initializer : str, Initializer or callable
        trainable : bool
            Whether training changes it.
        name : str
        regularizer : str, Regularizer or callable, optional
            Gives a penalty on the weight that is added to the loss.
        constraint : str, Constraint or callable, optional
            Gives the values to which an update of the optimizer is corrected.
        dtype : str, optional
            By default the layer's.
        """
        if None in shape:
            raise ValueError(f"weight {name!r} needs a shape without None; received {tuple(shape)}")
        dtype = np.dtype(dtype or self.dtype)
        values = initializers.get(initializer)(tuple(shape), dtype)
        weight = Variable(values, trainable=trainable, dtype=dtype, name=name)
        if regularizer is not None:
            weight.regularizer = fastnn.regularizers.get(regularizer)
        if constraint is not None:
            weight.constraint = fastnn.constraints.get(constraint)
        self._add_variable(weight)
        weight.trainable = trainable and self._trainable
        return weight

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
    def variables(self) -> list[Variable]:
        """All weights."""
        return self.weights

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
