"""Variables: tensors with a name whose values change in place."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn.tensor import Tensor


class Variable(Tensor):
    """A named tensor that is assigned to in place: the weights of layers are variables.

    Parameters
    ----------
    initial_value : array_like
        Copied.
    trainable : bool
        Whether gradients are taken with respect to it.
    dtype : str or numpy.dtype, optional
        By default that of the initial value.
    name : str
        For messages and summaries.

    Examples
    --------
    >>> from fastnn import Variable
    >>> v = Variable([1.0, 2.0], name="v")
    >>> v.assign_add([0.5, 0.5]).numpy()
    array([1.5, 2.5])
    """

    __slots__ = ("name",)

    def __init__(
        self, initial_value: Any, trainable: bool = True, dtype: Any = None, name: str = "variable"
    ) -> None:
        super().__init__(np.array(initial_value, dtype=dtype, order="C"), requires_grad=trainable)
        self.name = name

    @property
    def trainable(self) -> bool:
        """Whether gradients are taken with respect to this variable."""
        return self.requires_grad

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self.requires_grad = bool(value)

    def assign(self, value: Any) -> Variable:
        """Replace the values; ``value`` must have the variable's shape."""
        value = np.asarray(value)
        if value.shape != self.shape:
            raise ValueError(
                f"variable {self.name!r} has shape {self.shape}; received a value of shape {value.shape}"
            )
        self._array[...] = value
        return self

    def assign_add(self, value: Any) -> Variable:
        """Add ``value`` in place."""
        self._array += value
        return self

    def assign_sub(self, value: Any) -> Variable:
        """Subtract ``value`` in place."""
        self._array -= value
        return self

    def __repr__(self) -> str:
        return f"Variable(name={self.name!r}, shape={self.shape}, dtype={self.dtype}, values={self._array!r})"
