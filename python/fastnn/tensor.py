"""Tensors: arrays that remember how they were computed, so that gradients can be taken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

import fastnn
from fastnn.tensor_conversions import Conversions
from fastnn.tensor_inplace import InPlace
from fastnn.tensor_methods import Methods
from fastnn.tensor_numpy import NumpyProtocols
from fastnn.tensor_operators import Operators
from fastnn.tensor_reductions import Reductions

if TYPE_CHECKING:
    from fastnn.autograd import Node

Self = TypeVar("Self", bound="Tensor")


class Tensor(Operators, InPlace, Methods, Reductions, Conversions, NumpyProtocols):
    """An array on the tape.

    Shares the memory of the array it is made from. Operations on tensors give tensors; where
    one of their inputs requires a gradient, they are recorded.

    Parameters
    ----------
    array : array_like
        float32 or float64 values; Python lists and integers become what ``numpy.asarray`` makes of them.
    requires_grad : bool
        Whether ``backward`` leaves the gradient with respect to this tensor in ``grad``.

    Notes
    -----
    Operators and methods have NumPy's names and PyTorch's; where these mean different things (``repeat``,
    ``transpose``, ``var``, ``size``), NumPy's meaning holds. NumPy's own functions work too: ``np.exp(x)`` is
    ``fastnn.ops.exp(x)``. Comparisons are of each element; tensors are hashed by identity.

    Changes in place (``x += y``, ``x[key] = y``, ``x.zero_()``) are refused where the tape records the tensor.

    Examples
    --------
    >>> import fastnn
    >>> x = fastnn.tensor([1.0, 2.0, 3.0], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> x.grad
    Tensor([2., 4., 6.], dtype=float64)
    """

    __slots__ = ("__weakref__", "_array", "_keras_mask", "_node", "grad", "requires_grad")

    def __init__(self, array: Any, requires_grad: bool = False, _node: Node | None = None) -> None:
        self._array: np.ndarray[Any, Any] = array if type(array) is np.ndarray else np.asarray(array)
        if self._array.dtype.kind not in "fiubc":
            raise TypeError(f"tensors hold numbers; received dtype {self._array.dtype}")
        if requires_grad and _node is None:
            _check_float(self._array)
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
        """Number of elements: NumPy's, not PyTorch's method, which gives the `shape`."""
        return self._array.size

    @property
    def dtype(self) -> np.dtype[Any]:
        """NumPy type of the elements."""
        dtype: np.dtype[Any] = self._array.dtype
        return dtype

    @property
    def nbytes(self) -> int:
        """Size of the elements in bytes."""
        return self._array.nbytes

    @property
    def itemsize(self) -> int:
        """Size of one element in bytes."""
        return self._array.itemsize

    @property
    def strides(self) -> tuple[int, ...]:
        """Steps in memory along the dimensions, in bytes."""
        strides: tuple[int, ...] = self._array.strides
        return strides

    @property
    def device(self) -> str:
        """Where the tensor is: always ``"cpu"``."""
        return "cpu"

    @property
    def is_leaf(self) -> bool:
        """Whether the tensor was made by the user: its gradient, if it requires one, ends in ``grad``."""
        return self._node is None

    @property
    def grad_fn(self) -> Node | None:
        """The recorded operation that the tensor was computed by, None for leaves."""
        return self._node

    @property
    def data(self) -> Tensor:
        """The values on the same memory, off the tape; assigning copies values into that memory."""
        return self.detach()

    @data.setter
    def data(self, value: Any) -> None:
        self.detach().copy_(value)

    def dim(self) -> int:
        """Return the number of dimensions."""
        return self._array.ndim

    def numel(self) -> int:
        """Return the number of elements."""
        return self._array.size

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

    def requires_grad_(self: Self, requires_grad: bool = True) -> Self:
        """Set whether ``backward`` leaves a gradient in ``grad``; only leaves can be told."""
        if requires_grad:
            _check_float(self._array)
        elif self._node is not None:
            raise RuntimeError("a tensor that was computed on the tape requires its gradient: use x.detach()")
        self.requires_grad = requires_grad
        return self

    def __len__(self) -> int:
        if not self._array.ndim:
            raise TypeError("a tensor of no dimensions has no length")
        return len(self._array)

    def __iter__(self) -> Iterator[Tensor]:
        if not self._array.ndim:
            raise TypeError("a tensor of no dimensions cannot be iterated over")
        return (self[i] for i in range(len(self._array)))

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if spec else str(self)

    def __repr__(self) -> str:
        array = self._array
        parts = [np.array2string(array, separator=", ", prefix="Tensor(")]
        if array.size > np.get_printoptions()["threshold"] or (not array.size and array.shape != (0,)):
            parts.append(f"shape={array.shape}")
        parts.append(f"dtype={array.dtype}")
        if self._node is not None:
            parts.append(f"grad_fn=<{self._node.op.__name__.lstrip('_')}>")
        elif self.requires_grad:
            parts.append("requires_grad=True")
        return f"Tensor({', '.join(parts)})"


def _check_float(array: np.ndarray[Any, Any]) -> None:
    if array.dtype.kind != "f":
        raise TypeError(f"only floating-point tensors can require gradients; received dtype {array.dtype}")


def tensor(array: Any, requires_grad: bool = False, dtype: Any = None) -> Tensor:
    """Make a tensor that shares memory with an array where its type allows.

    Parameters
    ----------
    array : array_like
        An array, a tensor, a number or lists of numbers; these last have no memory to share.
    requires_grad : bool
        Whether ``backward`` leaves the gradient with respect to this tensor in ``grad``.
    dtype : str or numpy.dtype, optional
        The type of the tensor. Where it is not that of the array, the values are converted to new memory.

    Returns
    -------
    Tensor
        A leaf, whatever the tape knows about ``array``.

    Raises
    ------
    TypeError
        If the values are no numbers, or no floats but to require a gradient.

    Examples
    --------
    >>> import numpy as np
    >>> import fastnn
    >>> a = np.array([1.0, 2.0])
    >>> x = fastnn.tensor(a)
    >>> a[0] = 5.0
    >>> x[1] = 7.0
    >>> x, a
    (Tensor([5., 7.], dtype=float64), array([5., 7.]))
    """
    return Tensor(np.asarray(array, dtype=dtype), requires_grad)


def from_dlpack(x: Any) -> Tensor:
    """Make a tensor on the memory of another library's, by DLPack.

    Parameters
    ----------
    x : object with ``__dlpack__`` and ``__dlpack_device__``
        An array in the CPU's memory: PyTorch's, JAX's, NumPy's, ...

    Returns
    -------
    Tensor
        On the same memory, which the other library may have made read-only.

    Raises
    ------
    BufferError
        If the other library does not give the memory away: PyTorch, for one that requires a gradient.

    Examples
    --------
    >>> import numpy as np
    >>> import fastnn
    >>> a = np.zeros(2)
    >>> x = fastnn.from_dlpack(a)
    >>> a[0] = 5.0
    >>> x
    Tensor([5., 0.], dtype=float64)
    """
    return Tensor(np.from_dlpack(x))
