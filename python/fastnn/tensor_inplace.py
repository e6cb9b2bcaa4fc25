"""Changes of tensors in place, seen by all who share the array.

The tape records none of them, so a tensor that is being recorded refuses: one that was computed from others,
and one that requires a gradient, unless inside `fastnn.no_grad`. If a value that a backward pass needs has been
changed, that pass says so.

Arithmetic (``x += y``) must keep the type of ``x`` without loss. Assignment (``x[key] = y``, `copy_`) takes other
types of the same kind or a simpler one, as NumPy and PyTorch do: float64 or integers into float32, but no floats
into integers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

import fastnn
from fastnn._core import native

if TYPE_CHECKING:
    from fastnn.autograd import Node

Array = np.ndarray[Any, Any]
Self = TypeVar("Self", bound="InPlace")


def changeable(x: InPlace, change: str) -> Array:
    """Return the array of a tensor that may change in place; ``change`` names the change in errors."""
    if x.requires_grad and native.is_recording():
        if x._node is not None:
            raise RuntimeError(
                f"{change} would change a tensor that was computed on the tape: "
                "make a new one, as in x = x + y, or change x.clone().detach()"
            )
        raise RuntimeError(
            f"{change} would change a tensor that requires a gradient, which the tape does not record: "
            "do it inside `with fastnn.no_grad():`, or make a new tensor, as in x = x + y"
        )
    if not x._array.flags.writeable:
        raise ValueError(f"{change}: the memory of this tensor is read-only; change x.clone() instead")
    return x._array


def values_of(value: Any, change: str) -> Any:
    """Return the array of a tensor whose gradient the change does not lose, any other value as it is."""
    if not isinstance(value, InPlace):
        return value
    if value.requires_grad and native.is_recording():
        raise RuntimeError(
            f"{change} would lose the gradient of a tensor that requires one, as the tape records no changes "
            "in place: make a new tensor (x = x + y, ops.where), or give y.detach()"
        )
    return value._array


def store(array: Array, key: Any, value: Any, change: str) -> None:
    """Assign ``array[key] = value``, but no floats to integers, and tell the tape."""
    weak = type(value) in (bool, int, float, complex)
    value = value if weak else np.asarray(value)
    kind = np.result_type(array.dtype, value) if weak else value.dtype
    if not np.can_cast(kind, array.dtype, "same_kind"):
        raise TypeError(
            f"{change}: a tensor of {array.dtype} cannot hold values of {kind}; convert them with astype first"
        )
    array[key] = value
    fastnn.autograd.note_change(array)


def broadcasts(shape: tuple[int, ...], target: tuple[int, ...]) -> bool:
    """Tell whether an array of one shape can be repeated to be of another."""
    return len(shape) <= len(target) and all(
        n in (1, m) for n, m in zip(reversed(shape), reversed(target), strict=False)
    )


def keeps_type(array: Array, value: Any) -> bool:
    """Tell whether a native function gives the array's type: both of one float type, or a Python number."""
    return array.dtype.kind == "f" and (
        type(value) in (int, float) or (type(value) is np.ndarray and value.dtype == array.dtype)
    )


def is_like(array: Array, value: Any) -> bool:
    """Tell whether ``value`` is an array of the same shape and type, which fits without further questions."""
    return type(value) is np.ndarray and value.dtype is array.dtype and value.shape == array.shape


def combine(x: Self, change: str, function: Callable[..., Any], numpys: Any, other: Any) -> Self:
    """Put what a function of two arguments gives in place of ``x``; ``change`` is the statement, for errors."""
    array, value = changeable(x, change), values_of(other, change)
    like = is_like(array, value)
    if not like and not broadcasts(np.shape(value), array.shape):
        raise ValueError(
            f"{change} must keep the shape of x, {array.shape}; received y of shape {np.shape(value)}"
        )
    if like or keeps_type(array, value):
        function(array, value, out=array)
    else:
        try:
            with np.errstate(all="ignore"):
                numpys(array, value, out=array, casting="safe")
        except TypeError:
            kind = getattr(value, "dtype", type(value).__name__)
            raise TypeError(
                f"{change} must keep the type of x, {array.dtype}, without loss; received y of {kind}: "
                "convert it with astype first, or make a new tensor"
            ) from None
    fastnn.autograd.note_change(array)
    return x


class InPlace:
    """What changes the memory of a tensor."""

    __slots__ = ()

    _array: Array
    requires_grad: bool
    _node: Node | None

    def __setitem__(self, key: Any, value: Any) -> None:
        change = "x[key] = y"
        array = changeable(self, change)
        keys = tuple(
            k._array if isinstance(k, InPlace) else k for k in (key if type(key) is tuple else (key,))
        )
        store(array, keys if type(key) is tuple else keys[0], values_of(value, change), change)

    def __iadd__(self: Self, other: Any) -> Self:
        return combine(self, "x += y", native.add, np.add, other)

    def __isub__(self: Self, other: Any) -> Self:
        return combine(self, "x -= y", native.subtract, np.subtract, other)

    def __imul__(self: Self, other: Any) -> Self:
        return combine(self, "x *= y", native.multiply, np.multiply, other)

    def __itruediv__(self: Self, other: Any) -> Self:
        return combine(self, "x /= y", native.divide, np.divide, other)

    def __ifloordiv__(self: Self, other: Any) -> Self:
        return combine(self, "x //= y", np.floor_divide, np.floor_divide, other)

    def __imod__(self: Self, other: Any) -> Self:
        return combine(self, "x %= y", np.mod, np.mod, other)

    def __ipow__(self: Self, other: Any) -> Self:
        return combine(self, "x **= y", native.power, np.power, other)

    def __iand__(self: Self, other: Any) -> Self:
        return combine(self, "x &= y", np.bitwise_and, np.bitwise_and, other)

    def __ior__(self: Self, other: Any) -> Self:
        return combine(self, "x |= y", np.bitwise_or, np.bitwise_or, other)

    def __ixor__(self: Self, other: Any) -> Self:
        return combine(self, "x ^= y", np.bitwise_xor, np.bitwise_xor, other)

    def __imatmul__(self: Self, other: Any) -> Self:
        change = "x @= y"
        array = changeable(self, change)
        product = native.matmul(array, values_of(other, change))
        if product.shape != array.shape or not np.can_cast(product.dtype, array.dtype, "safe"):
            raise ValueError(
                f"{change} must keep shape and type of x, {array.shape} and {array.dtype}; "
                f"the product has shape {product.shape} and type {product.dtype}"
            )
        store(array, ..., product, change)
        return self

    def zero_(self: Self) -> Self:
        """Set every element to 0."""
        return self.fill_(False)

    def fill_(self: Self, value: Any) -> Self:
        """Set every element to one value."""
        store(changeable(self, "fill_"), ..., values_of(value, "fill_"), "fill_")
        return self

    def copy_(self: Self, source: Any) -> Self:
        """Take over the values of another tensor or array, broadcast to the shape of this one."""
        store(changeable(self, "copy_"), ..., values_of(source, "copy_"), "copy_")
        return self

    def add_(self: Self, other: Any, *, alpha: float = 1) -> Self:
        """Add ``alpha * other`` in place."""
        self += other if alpha == 1 else values_of(other, "add_") * alpha
        return self

    def sub_(self: Self, other: Any, *, alpha: float = 1) -> Self:
        """Subtract ``alpha * other`` in place."""
        self -= other if alpha == 1 else values_of(other, "sub_") * alpha
        return self

    def mul_(self: Self, other: Any) -> Self:
        """Multiply in place."""
        self *= other
        return self

    def div_(self: Self, other: Any) -> Self:
        """Divide in place."""
        self /= other
        return self
