"""What tensors become: other types, Python's numbers, arrays, other libraries' tensors, copies and pickles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import fastnn

if TYPE_CHECKING:
    from fastnn.autograd import Node
    from fastnn.tensor import Tensor

Array = np.ndarray[Any, Any]
_DEVICES = ("cpu", "cuda", "mps", "xpu", "meta")  # as PyTorch's programs write them


class Types:
    """Conversions between types of elements; the gradient flows between types of floats.

    They have a class of their own, whose annotations need none of Python's types that they are named after.
    """

    __slots__ = ()

    def astype(self, dtype: Any) -> Tensor:
        """Convert to another type; see `fastnn.ops.cast`."""
        return fastnn.ops.cast(self, dtype)

    def float(self) -> Tensor:
        """Convert to float32."""
        return fastnn.ops.cast(self, "float32")

    def double(self) -> Tensor:
        """Convert to float64."""
        return fastnn.ops.cast(self, "float64")

    def int(self) -> Tensor:
        """Convert to int32."""
        return fastnn.ops.cast(self, "int32")

    def long(self) -> Tensor:
        """Convert to int64."""
        return fastnn.ops.cast(self, "int64")

    def bool(self) -> Tensor:
        """Convert to bool."""
        return fastnn.ops.cast(self, "bool")


class Conversions(Types):
    """Ways out of a tensor."""

    __slots__ = ()

    _array: Array
    requires_grad: bool
    _node: Node | None

    def numpy(self) -> Array:
        """Return the array itself: no copy, also where a gradient is required."""
        return self._array

    def item(self) -> Any:
        """Return the value of a tensor with one element as a Python number."""
        if self._array.size != 1:
            raise ValueError(
                f"only a tensor of one element is a number; received shape {self._array.shape}: "
                "reduce it first, or use tolist()"
            )
        return self._array.item()

    def tolist(self) -> Any:
        """Return the values as nested lists of Python numbers."""
        return self._array.tolist()

    def cpu(self) -> Tensor:
        """Return the tensor itself, which is where all tensors are."""
        return self  # type: ignore[return-value]  # this class is only ever a base of Tensor

    def to(
        self, target: Any = None, dtype: Any = None, *, device: Any = None, non_blocking: Any = False
    ) -> Tensor:
        """Convert as PyTorch's method does: to a type, to that of another tensor, or to a device, the CPU."""
        if isinstance(target, Conversions):
            dtype = target._array.dtype
        elif str(target).partition(":")[0] in _DEVICES:
            device = target
        elif target is not None:
            dtype = target
        if device is not None and str(device).partition(":")[0] != "cpu":
            raise ValueError(f"fastnn computes on the CPU; received device {str(device)!r}")
        return self.cpu() if dtype is None else self.astype(dtype)

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __complex__(self) -> complex:
        return complex(self.item())

    def __index__(self) -> int:
        if self._array.ndim or self._array.dtype.kind not in "iu":
            raise TypeError(
                "only an integer tensor of no dimensions is an index; "
                f"received dtype {self._array.dtype}, shape {self._array.shape}"
            )
        return int(self._array)

    def __bool__(self) -> bool:
        if self._array.size != 1:
            raise ValueError(
                f"the truth value of a tensor of {self._array.size} elements is ambiguous: "
                "use .any() or .all()"
            )
        return bool(self._array.item())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """Let NumPy read the values: the array itself where type and ``copy`` allow."""
        if copy is None:  # which NumPy 1 would not take
            return np.asarray(self._array, dtype)
        return np.array(self._array, dtype=dtype, copy=copy)

    def __dlpack__(self, **options: Any) -> Any:
        """Share the memory with another library by DLPack, as ``torch.from_dlpack(x)`` asks for."""
        if self.requires_grad:
            raise BufferError("a tensor that requires a gradient cannot be shared: share x.detach()")
        return self._array.__dlpack__(**options)

    def __dlpack_device__(self) -> tuple[int, int]:
        return self._array.__dlpack_device__()

    def __copy__(self) -> Any:
        copy = type(self).__new__(type(self))
        for name, value in _held(self).items():
            setattr(copy, name, value)
        return copy

    def __getstate__(self) -> dict[str, Any]:
        """Return what deep copies and pickles hold."""
        if self._node is not None:
            raise RuntimeError(
                "a tensor that was computed on the tape cannot be pickled or deep-copied without its graph: "
                "use x.detach()"
            )
        return _held(self)

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)


def _held(tensor: Any) -> dict[str, Any]:
    """Return what a tensor holds, but for its weak references."""
    slots = [name for c in type(tensor).__mro__ for name in c.__dict__.get("__slots__", ())]
    return {name: getattr(tensor, name) for name in slots if name != "__weakref__" and hasattr(tensor, name)}
