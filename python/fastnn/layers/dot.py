"""Products of samples."""

from __future__ import annotations

from typing import Any

from fastnn import ops
from fastnn.layers.layer import Layer, Shape, _registry
from fastnn.layers.merging import list_of_shapes

_LETTERS = "cdefghijklmnopqrstuvwxyzCDEFGHIJKLMNOPQRSTUVWXYZ"


@_registry.register()
class Dot(Layer):
    """Multiplies the samples of two inputs along an axis and sums: for each sample a product of vectors or matrices.

    Parameters
    ----------
    axes : int or (int, int)
        The axis of both inputs, or of each, that is summed over; not 0, the batch.
    normalize : bool
        Whether to scale to length 1 along the axes first: the cosine of the angle comes out.
    name, dtype
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.Dot(axes=1)([np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]])])
    array([[11.]], dtype=float32)
    >>> layers.Dot(axes=(2, 1))([np.ones((5, 2, 3)), np.ones((5, 3, 4))]).shape
    (5, 2, 4)
    """

    def __init__(self, axes: int | tuple[int, int], normalize: bool = False, **options: Any) -> None:
        super().__init__(**options)
        pair = (axes, axes) if isinstance(axes, int) else tuple(axes)
        if len(pair) != 2 or not all(isinstance(axis, int) and axis != 0 for axis in pair):
            raise ValueError(f"Dot: axes must be an integer or two, other than 0; received axes={axes!r}")
        self.axes = axes if isinstance(axes, int) else pair
        self.normalize = normalize
        self._pair = pair

    def _places(self, ndims: list[int]) -> list[int]:
        return [axis % ndim for axis, ndim in zip(self._pair, ndims, strict=True)]

    def call(self, x: Any) -> Any:
        """Compute the output for a list of two inputs."""
        axes = self._places([part.ndim for part in x])
        if self.normalize:
            x = [_unit(part, axis) for part, axis in zip(x, axes, strict=True)]
        left, right = x
        if left.ndim == right.ndim == 2:
            return ops.sum(ops.multiply(left, right), 1, keepdims=True)
        letters = iter(_LETTERS)
        names = [
            ["b" if i == 0 else "a" if i == axis else next(letters) for i in range(part.ndim)]
            for part, axis in zip(x, axes, strict=True)
        ]
        result = "b" + "".join(c for part in names for c in part if c not in "ab")
        return ops.einsum(f"{''.join(names[0])},{''.join(names[1])}->{result}", left, right)

    def compute_output_shape(self, input_shape: Any) -> Shape:
        """Return the batch size, then the other sizes of the first input and of the second."""
        shapes = list_of_shapes(input_shape, 2)
        if any(
            len(shape) < 2 or not -len(shape) < axis < len(shape)
            for axis, shape in zip(self._pair, shapes, strict=True)
        ):
            raise ValueError(
                f"the inputs must have the axes {self.axes}, behind the batch; received shapes {shapes}"
            )
        axes = self._places([len(shape) for shape in shapes])
        sizes = [shape[axis] for axis, shape in zip(axes, shapes, strict=True)]
        if None not in sizes and sizes[0] != sizes[1]:
            raise ValueError(
                f"the inputs must have the same size along the axes {self.axes}; received shapes {shapes}"
            )
        rest = [
            s
            for axis, shape in zip(axes, shapes, strict=True)
            for i, s in enumerate(shape)
            if i not in (0, axis)
        ]
        return (shapes[0][0], *(rest or [1]))

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        axes = self.axes if isinstance(self.axes, int) else list(self.axes)
        return {**super().get_config(), "axes": axes, "normalize": self.normalize}


def _unit(x: Any, axis: int) -> Any:
    """Return x scaled to length 1 along an axis; lengths below 1e-7 count as that, as in Keras."""
    squares = ops.sum(ops.square(x), axis, keepdims=True)
    return ops.multiply(x, ops.rsqrt(ops.maximum(squares, 1e-14)))


def dot(inputs: list[Any], axes: int | tuple[int, int] = -1, **options: Any) -> Any:
    """Call `Dot` on a list of two tensors; ``options`` are the layer's."""
    return Dot(axes, **options)(inputs)
