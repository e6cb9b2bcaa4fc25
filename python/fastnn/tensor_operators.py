"""The operators of tensors: each is the op of its name, with NumPy's broadcasting and types.

On the left or on the right of a tensor may stand another, an array, or a number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import fastnn

if TYPE_CHECKING:
    from fastnn.tensor import Tensor


class Operators:
    """What ``+``, ``@``, ``<``, ``[]`` and their kin do with a tensor."""

    __slots__ = ()

    def __add__(self, other: Any) -> Tensor:
        return fastnn.ops.add(self, other)

    def __radd__(self, other: Any) -> Tensor:
        return fastnn.ops.add(other, self)

    def __sub__(self, other: Any) -> Tensor:
        return fastnn.ops.subtract(self, other)

    def __rsub__(self, other: Any) -> Tensor:
        return fastnn.ops.subtract(other, self)

    def __mul__(self, other: Any) -> Tensor:
        return fastnn.ops.multiply(self, other)

    def __rmul__(self, other: Any) -> Tensor:
        return fastnn.ops.multiply(other, self)

    def __truediv__(self, other: Any) -> Tensor:
        return fastnn.ops.divide(self, other)

    def __rtruediv__(self, other: Any) -> Tensor:
        return fastnn.ops.divide(other, self)

    def __floordiv__(self, other: Any) -> Tensor:
        return fastnn.ops.floor_divide(self, other)

    def __rfloordiv__(self, other: Any) -> Tensor:
        return fastnn.ops.floor_divide(other, self)

    def __mod__(self, other: Any) -> Tensor:
        return fastnn.ops.mod(self, other)

    def __rmod__(self, other: Any) -> Tensor:
        return fastnn.ops.mod(other, self)

    def __divmod__(self, other: Any) -> tuple[Tensor, Tensor]:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> tuple[Tensor, Tensor]:
        return other // self, other % self

    def __pow__(self, other: Any) -> Tensor:
        return fastnn.ops.power(self, other)

    def __rpow__(self, other: Any) -> Tensor:
        return fastnn.ops.power(other, self)

    def __matmul__(self, other: Any) -> Tensor:
        return fastnn.ops.matmul(self, other)

    def __rmatmul__(self, other: Any) -> Tensor:
        return fastnn.ops.matmul(other, self)

    def __neg__(self) -> Tensor:
        return fastnn.ops.negative(self)

    def __pos__(self) -> Tensor:
        return self  # type: ignore[return-value]  # this class is only ever a base of Tensor

    def __abs__(self) -> Tensor:
        return fastnn.ops.absolute(self)

    def __round__(self, ndigits: int = 0) -> Tensor:
        return fastnn.ops.round(self, ndigits)

    # Comparisons are of each element, as NumPy's and PyTorch's are; tensors are hashed by identity all the same.
    __hash__ = object.__hash__

    def __eq__(self, other: Any) -> Any:
        return False if other is None else fastnn.ops.equal(self, other)

    def __ne__(self, other: Any) -> Any:
        return True if other is None else fastnn.ops.not_equal(self, other)

    def __lt__(self, other: Any) -> Tensor:
        return fastnn.ops.less(self, other)

    def __le__(self, other: Any) -> Tensor:
        return fastnn.ops.less_equal(self, other)

    def __gt__(self, other: Any) -> Tensor:
        return fastnn.ops.greater(self, other)

    def __ge__(self, other: Any) -> Tensor:
        return fastnn.ops.greater_equal(self, other)

    def __and__(self, other: Any) -> Tensor:
        return fastnn.ops.bitwise_and(self, other)

    def __rand__(self, other: Any) -> Tensor:
        return fastnn.ops.bitwise_and(other, self)

    def __or__(self, other: Any) -> Tensor:
        return fastnn.ops.bitwise_or(self, other)

    def __ror__(self, other: Any) -> Tensor:
        return fastnn.ops.bitwise_or(other, self)

    def __xor__(self, other: Any) -> Tensor:
        return fastnn.ops.bitwise_xor(self, other)

    def __rxor__(self, other: Any) -> Tensor:
        return fastnn.ops.bitwise_xor(other, self)

    def __invert__(self) -> Tensor:
        return fastnn.ops.bitwise_not(self)

    def __getitem__(self, key: Any) -> Tensor:
        return fastnn.ops.get_item(self, key)

    def __contains__(self, value: Any) -> bool:
        return bool(fastnn.ops.any(fastnn.ops.equal(self, value)))
