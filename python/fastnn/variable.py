"""Variables: tensors with a name whose values change in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import fastnn
from fastnn._core import native
from fastnn.tensor import Tensor
from fastnn.tensor_inplace import broadcasts, is_like, keeps_type, store


class Variable(Tensor):
    """A named tensor that is assigned to in place: the weights of layers are variables.

    Parameters
    ----------
    initial_value : array_like
        Copied.
    trainable : bool
        Whether gradients are taken with respect to it; never for integers, which have none.
    dtype : str or numpy.dtype, optional
        By default that of the initial value.
    name : str
        For messages and summaries.

    Notes
    -----
    `assign`, `assign_add` and `assign_sub` change the values whether or not the tape records, as TensorFlow's do,
    and are not recorded. ``v += x`` follows PyTorch's rule for every tensor that requires a gradient: only inside
    `fastnn.no_grad`.

    Examples
    --------
    >>> from fastnn import Variable
    >>> v = Variable([1.0, 2.0], name="v")
    >>> v.assign_add([0.5, 0.5]).numpy()
    array([1.5, 2.5])
    """

    __slots__ = ("constraint", "name", "regularizer")

    def __init__(
        self, initial_value: Any, trainable: bool = True, dtype: Any = None, name: str = "variable"
    ) -> None:
        values = np.array(initial_value, dtype=dtype, order="C")
        super().__init__(values, requires_grad=trainable and values.dtype.kind == "f")
        self.name = name
        self.regularizer: Any = None  # gives a penalty for the loss
        self.constraint: Any = None  # gives the values to which an optimizer's update is corrected

    @property
    def trainable(self) -> bool:
        """Whether gradients are taken with respect to this variable."""
        return self.requires_grad

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self.requires_grad_(bool(value))

    @property
    def value(self) -> Tensor:
        """The variable as a tensor that stays in step with it, which it is itself."""
        return self

    def read_value(self) -> Tensor:
        """Return a copy of the present values; the gradient flows to the variable."""
        return fastnn.ops.copy(self)

    def assign(self, value: Any) -> Variable:
        """Replace the values.

        Parameters
        ----------
        value : array_like
            Of the variable's shape. Floats become floats of the variable's type, as in Keras.

        Returns
        -------
        Variable
            The variable itself.

        Raises
        ------
        TypeError
            If the values are floats and the variable holds integers.
        ValueError
            If the shapes differ.
        """
        value = np.asarray(value)
        if value.shape != self.shape:
            raise ValueError(
                f"variable {self.name!r} has shape {self.shape}; received a value of shape {value.shape}"
            )
        store(self._array, ..., value, f"assignment to variable {self.name!r}")
        return self

    def assign_add(self, value: Any) -> Variable:
        """Add ``value``, whose shape broadcasts to the variable's; see `assign`."""
        return self._combine(native.add, value)

    def assign_sub(self, value: Any) -> Variable:
        """Subtract ``value``, whose shape broadcasts to the variable's; see `assign`."""
        return self._combine(native.subtract, value)

    def _combine(self, function: Callable[..., Any], value: Any) -> Variable:
        array = self._array
        value = value._array if isinstance(value, Tensor) else value
        fits = is_like(array, value) or (
            keeps_type(array, value) and broadcasts(np.shape(value), array.shape)
        )
        if not fits:
            return self.assign(function(array, value))
        function(array, value, out=array)
        fastnn.autograd.note_change(array)
        return self

    def __repr__(self) -> str:
        return f"Variable(name={self.name!r}, shape={self.shape}, dtype={self.dtype}, values={self._array!r})"
