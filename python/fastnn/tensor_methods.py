"""The methods of tensors: what NumPy's arrays and PyTorch's tensors have in common, by both names.

Where the two libraries disagree about a name, NumPy's meaning holds: ``repeat`` repeats elements, ``transpose``
takes a whole permutation, ``copy`` is a method.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import fastnn
from fastnn.tensor_reductions import axis_of

if TYPE_CHECKING:
    from fastnn.tensor import Tensor


def _sizes(sizes: tuple[Any, ...]) -> Any:
    """Return what was given as one sequence or as several numbers."""
    return sizes[0] if len(sizes) == 1 else sizes


class Methods:
    """Functions of each element, products and shapes."""

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def shape(self) -> tuple[int, ...]: ...

    def abs(self) -> Tensor:
        """Absolute values."""
        return fastnn.ops.absolute(self)

    def exp(self) -> Tensor:
        """Exponentials."""
        return fastnn.ops.exp(self)

    def log(self) -> Tensor:
        """Natural logarithms."""
        return fastnn.ops.log(self)

    def sqrt(self) -> Tensor:
        """Square roots."""
        return fastnn.ops.sqrt(self)

    def square(self) -> Tensor:
        """Squares."""
        return fastnn.ops.square(self)

    def sin(self) -> Tensor:
        """Sines."""
        return fastnn.ops.sin(self)

    def cos(self) -> Tensor:
        """Cosines."""
        return fastnn.ops.cos(self)

    def tanh(self) -> Tensor:
        """Hyperbolic tangents."""
        return fastnn.ops.tanh(self)

    def sigmoid(self) -> Tensor:
        """Logistic function of the elements, ``1 / (1 + exp(-x))``."""
        return fastnn.ops.sigmoid(self)

    def relu(self) -> Tensor:
        """Keep the positive elements; 0 for the others."""
        return fastnn.ops.relu(self)

    def sign(self) -> Tensor:
        """Signs: -1, 0 or 1."""
        return fastnn.ops.sign(self)

    def round(self, decimals: int = 0) -> Tensor:
        """Nearest numbers of so many decimals; halves go to the even neighbour."""
        return fastnn.ops.round(self, decimals)

    def pow(self, exponent: Any) -> Tensor:
        """Elements to the power of ``exponent``."""
        return fastnn.ops.power(self, exponent)

    def clip(self, min: Any = None, max: Any = None) -> Tensor:
        """Raise what is below ``min`` and lower what is above ``max``; either may be left out."""
        return fastnn.ops.clip(self, min, max)

    clamp = clip

    def matmul(self, other: Any) -> Tensor:
        """Matrix product, as ``@``."""
        return fastnn.ops.matmul(self, other)

    mm = matmul

    def dot(self, other: Any) -> Tensor:
        """NumPy's dot product; see `fastnn.ops.dot`."""
        return fastnn.ops.dot(self, other)

    def reshape(self, *shape: Any) -> Tensor:
        """Same values in another shape, given as numbers or as one tuple."""
        return fastnn.ops.reshape(self, _sizes(shape))

    view = reshape

    def ravel(self) -> Tensor:
        """Same values in one dimension."""
        return fastnn.ops.ravel(self)

    def flatten(self, start_dim: int = 0, end_dim: int = -1) -> Tensor:
        """Make one dimension of those from ``start_dim`` to ``end_dim``."""
        shape = self.shape
        first, last = (d + len(shape) if d < 0 else d for d in (start_dim, end_dim))
        if shape and not 0 <= first <= last < len(shape):
            raise IndexError(
                "[flatten] start_dim and end_dim must be dimensions in order; "
                f"received shape {shape}, start_dim {start_dim}, end_dim {end_dim}"
            )
        middle = int(np.prod(shape[first : last + 1]))
        return fastnn.ops.reshape(self, (*shape[:first], middle, *shape[last + 1 :]))

    def squeeze(self, axis: Any = None, *, dim: Any = None) -> Tensor:
        """Leave out dimensions of size 1: all, or those of ``axis``."""
        return fastnn.ops.squeeze(self, axis_of(axis, dim))

    def unsqueeze(self, dim: Any) -> Tensor:
        """Put in a dimension of size 1, which becomes dimension ``dim`` of the result."""
        return fastnn.ops.expand_dims(self, dim)

    def expand_dims(self, axis: Any) -> Tensor:
        """Put in dimensions of size 1, which become ``axis`` of the result."""
        return fastnn.ops.expand_dims(self, axis)

    def transpose(self, *axes: Any) -> Tensor:
        """Permute the dimensions: NumPy's form, all of them in their new order (reversed by default)."""
        if len(axes) == 2 and len(self.shape) > 2:
            raise ValueError(
                "[transpose] all dimensions are needed in their new order, as in NumPy; to exchange two of them "
                f"use swapaxes{axes}; received shape {self.shape}"
            )
        return fastnn.ops.transpose(self, _sizes(axes) if axes else None)

    def permute(self, *dims: Any) -> Tensor:
        """Permute the dimensions."""
        return fastnn.ops.transpose(self, _sizes(dims))

    def swapaxes(self, axis1: int, axis2: int) -> Tensor:
        """Exchange two dimensions."""
        return fastnn.ops.swapaxes(self, axis1, axis2)

    def t(self) -> Tensor:
        """Transpose a matrix."""
        return fastnn.ops.transpose(self)

    @property
    def T(self) -> Tensor:
        """The tensor with its dimensions reversed."""
        return fastnn.ops.transpose(self)

    @property
    def mT(self) -> Tensor:
        """The tensor with its last two dimensions exchanged."""
        return fastnn.ops.swapaxes(self, -1, -2)

    def repeat(self, repeats: Any, axis: Any = None) -> Tensor:
        """Repeat the elements, as NumPy does; see `fastnn.ops.repeat`."""
        return fastnn.ops.repeat(self, repeats, axis)

    def take(self, indices: Any, axis: Any = None) -> Tensor:
        """Pick slices along ``axis``; see `fastnn.ops.take`."""
        return fastnn.ops.take(self, indices, axis)

    def argsort(self, axis: Any = -1) -> Tensor:
        """Positions in rising order along ``axis``."""
        return fastnn.ops.argsort(self, axis)

    def clone(self) -> Tensor:
        """Copy the values; the gradient flows to the original."""
        return fastnn.ops.copy(self)

    copy = clone
