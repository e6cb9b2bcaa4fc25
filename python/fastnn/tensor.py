"""Tensors: arrays that remember how they were computed, so that gradients can be taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import fastnn

if TYPE_CHECKING:
    from fastnn.autograd import Node


class Tensor:
    """An array on the tape.

    Shares the memory of the array it is made from. Operations on tensors give tensors; where
    one of their inputs requires a gradient, they are recorded.

    Parameters
    ----------
    array : array_like
        float32 or float64 values; Python lists and integers become what ``numpy.asarray`` makes of them.
    requires_grad : bool
        Whether ``backward`` leaves the gradient with respect to this tensor in ``grad``.

    Examples
    --------
    >>> import fastnn
    >>> x = fastnn.tensor([1.0, 2.0, 3.0], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> x.grad
    Tensor([2., 4., 6.], dtype=float64)
    """

    __slots__ = ("__weakref__", "_array", "_node", "grad", "requires_grad")
    __array_priority__ = 100  # ndarray + Tensor comes to Tensor.__radd__
    __array_ufunc__ = None

    def __init__(self, array: Any, requires_grad: bool = False, _node: Node | None = None) -> None:
        self._array: np.ndarray[Any, Any] = array if type(array) is np.ndarray else np.asarray(array)
        if requires_grad and _node is None and self._array.dtype.kind != "f":
            raise TypeError(
                f"only floating-point tensors can require gradients; received dtype {self._array.dtype}"
            )
        self.requires_grad = requires_grad
        self.grad: Tensor | None = None
        self._node = _node

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes of the dimensions."""
        shape: tuple[int, ...] = self._array.shape
        return shape

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return self._array.ndim

    @property
    def size(self) -> int:
        """Number of elements."""
        return self._array.size

    @property
    def dtype(self) -> np.dtype[Any]:
        """NumPy type of the elements."""
        dtype: np.dtype[Any] = self._array.dtype
        return dtype

    @property
    def T(self) -> Tensor:
        """The tensor with its dimensions reversed."""
        return fastnn.ops.transpose(self)

    def numpy(self) -> np.ndarray[Any, Any]:
        """Return the array itself (no copy)."""
        return self._array

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        """Let NumPy functions read the values."""
        if copy:
            return np.array(self._array, dtype=dtype)
        return np.asarray(self._array, dtype=dtype)

    def item(self) -> float:
        """Return the value of a tensor with one element as a Python number."""
        return self._array.item()

    def detach(self) -> Tensor:
        """Return a tensor on the same memory that is not on the tape."""
        return Tensor(self._array)

    def backward(
        self, gradient: Any = None, retain_graph: bool | None = None, create_graph: bool = False
    ) -> None:
        """Add the gradient of this tensor to ``grad`` of every leaf that it was computed from.

        Parameters
        ----------
        gradient : array_like, optional
            The gradient with respect to this tensor; may be left out for a tensor of one element.
        retain_graph : bool, optional
            Keep what was recorded, for another call; by default its memory is freed on the way, unless
            ``create_graph``.
        create_graph : bool
            Record the computation of the gradients too, so that they can be differentiated.

        Raises
        ------
        RuntimeError
            The graph was freed by an earlier call, or a value that it needs was changed in place.
        TypeError
            The tensor holds no floating-point numbers.
        ValueError
            It was not computed from any tensor that requires a gradient, or has more than one element and
            there is no ``gradient``.
        """
        fastnn.autograd.backward(self, gradient, retain_graph, create_graph)

    def __len__(self) -> int:
        return len(self._array)

    def __bool__(self) -> bool:
        return bool(self._array)

    def __float__(self) -> float:
        return float(self._array)

    def __repr__(self) -> str:
        body = np.array2string(self._array, separator=", ", prefix="Tensor(")
        return f"Tensor({body}, dtype={self.dtype}{', requires_grad=True' if self.requires_grad else ''})"

    def __add__(self, other: Any) -> Tensor:
        return fastnn.ops.add(self, other)

    def __radd__(self, other: Any) -> Tensor:
        y: Tensor = fastnn.ops.add(other, self)
        return y

    def __sub__(self, other: Any) -> Tensor:
        return fastnn.ops.subtract(self, other)

    def __rsub__(self, other: Any) -> Tensor:
        y: Tensor = fastnn.ops.subtract(other, self)
        return y

    def __mul__(self, other: Any) -> Tensor:
        return fastnn.ops.multiply(self, other)

    def __rmul__(self, other: Any) -> Tensor:
        y: Tensor = fastnn.ops.multiply(other, self)
        return y

    def __truediv__(self, other: Any) -> Tensor:
        return fastnn.ops.divide(self, other)

    def __rtruediv__(self, other: Any) -> Tensor:
        y: Tensor = fastnn.ops.divide(other, self)
        return y

    def __neg__(self) -> Tensor:
        return fastnn.ops.negative(self)

    def __matmul__(self, other: Any) -> Tensor:
        return fastnn.ops.matmul(self, other)

    def __rmatmul__(self, other: Any) -> Tensor:
        y: Tensor = fastnn.ops.matmul(other, self)
        return y

    def sum(self, axis: Any = None, keepdims: bool = False) -> Tensor:
        """Sum over ``axis`` (all axes by default)."""
        return fastnn.ops.sum(self, axis, keepdims)

    def mean(self, axis: Any = None, keepdims: bool = False) -> Tensor:
        """Mean over ``axis`` (all axes by default)."""
        return fastnn.ops.mean(self, axis, keepdims)

    def reshape(self, *shape: Any) -> Tensor:
        """Return the same values in another shape."""
        return fastnn.ops.reshape(self, shape[0] if len(shape) == 1 else shape)


def tensor(array: Any, requires_grad: bool = False, dtype: Any = None) -> Tensor:
    """Make a tensor that shares memory with ``array`` where its type allows.

    See `Tensor` for the parameters; ``dtype`` converts first.
    """
    return Tensor(np.asarray(array, dtype=dtype), requires_grad)
