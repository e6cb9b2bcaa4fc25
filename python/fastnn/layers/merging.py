"""Layers that join several inputs element by element."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastnn import ops, tree
from fastnn.layers.layer import Layer, Shape, _registry


class _Merge(Layer):
    """The base of layers that join several inputs whose samples broadcast.

    Where an input has fewer dimensions than another, ones are put behind its batch size.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.supports_masking = True

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return where any input counts; None where one has no mask, and counts everywhere."""
        if previous_mask is None or any(mask is None for mask in previous_mask):
            return None
        return _fold(ops.logical_or, list(previous_mask))

    def call(self, x: Any) -> Any:
        """Compute the output for a list of inputs."""
        ndim = max(part.ndim for part in x)
        return self._merge(
            [
                part
                if part.ndim == ndim
                else ops.reshape(part, (part.shape[0], *(1,) * (ndim - part.ndim), *part.shape[1:]))
                for part in x
            ]
        )

    def _merge(self, inputs: list[Any]) -> Any:
        raise NotImplementedError

    def compute_output_shape(self, input_shape: Any) -> Shape:
        """Return the shape to which the inputs' broadcast."""
        shapes = list_of_shapes(input_shape)
        found = shapes[0][1:]
        for shape in shapes[1:]:
            found = _broadcast(found, shape[1:], shapes)
        return (shapes[0][0], *found)


def list_of_shapes(given: Any, count: int | None = None) -> list[Shape]:
    """Return the shapes of several inputs; refuse one alone, or another number than wanted."""
    if tree.is_shape(given) or not isinstance(given, (list, tuple)):
        raise ValueError(f"it takes a list of inputs; received one of shape {given}")
    if not given or (count is not None and len(given) != count):
        raise ValueError(f"it takes {count or 'at least 1'} inputs; received {len(given)} of shapes {given}")
    if any(not tree.is_shape(shape) or len(shape) == 0 for shape in given):
        raise ValueError(f"each input needs a batch size; received shapes {given}")
    batches = {shape[0] for shape in given} - {None}
    if len(batches) > 1:
        raise ValueError(f"all inputs must have the same batch size; received shapes {given}")
    return [tuple(shape) for shape in given]


def _broadcast(a: Shape, b: Shape, all_shapes: list[Shape]) -> Shape:
    """Return the shape to which two samples' broadcast; 1 gives way, also to None."""
    if len(a) < len(b):
        a, b = b, a
    found: list[int | None] = list(a[: len(a) - len(b)])
    for m, n in zip(a[len(a) - len(b) :], b, strict=True):
        if m is not None and n is not None and m != n and 1 not in (m, n):
            raise ValueError(f"the shapes of the inputs must broadcast; received {all_shapes}")
        found.append(n if m == 1 else m if n == 1 else None if None in (m, n) else m)
    return tuple(found)


def _fold(function: Callable[[Any, Any], Any], inputs: list[Any]) -> Any:
    result = inputs[0]
    for x in inputs[1:]:
        result = function(result, x)
    return result


@_registry.register()
class Add(_Merge):
    """Adds its inputs.

    Takes a list of tensors whose samples broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.Add()([np.ones((1, 2)), np.array([[3.0, 4.0]])])
    array([[4., 5.]], dtype=float32)
    """

    def _merge(self, inputs: list[Any]) -> Any:
        return _fold(ops.add, inputs)


@_registry.register()
class Subtract(_Merge):
    """Subtracts its second input from the first.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.Subtract()([np.ones((1, 2)), np.array([[3.0, 4.0]])])
    array([[-2., -3.]], dtype=float32)
    """

    def _merge(self, inputs: list[Any]) -> Any:
        return ops.subtract(*inputs)

    def compute_output_shape(self, input_shape: Any) -> Shape:
        """Return the shape to which the inputs' broadcast."""
        list_of_shapes(input_shape, 2)
        return super().compute_output_shape(input_shape)


@_registry.register()
class Multiply(_Merge):
    """Multiplies its inputs.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.Multiply()([np.array([[2.0, 2.0]]), np.array([[3.0, 4.0]])])
    array([[6., 8.]], dtype=float32)
    """

    def _merge(self, inputs: list[Any]) -> Any:
        return _fold(ops.multiply, inputs)


@_registry.register()
class Average(_Merge):
    """Averages its inputs.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.Average()([np.ones((1, 2)), np.array([[3.0, 4.0]])])
    array([[2. , 2.5]], dtype=float32)
    """

    def _merge(self, inputs: list[Any]) -> Any:
        return ops.divide(_fold(ops.add, inputs), float(len(inputs)))


@_registry.register()
class Maximum(_Merge):
    """Takes the largest of its inputs, element by element.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.Maximum()([np.array([[1.0, 9.0]]), np.array([[3.0, 4.0]])])
    array([[3., 9.]], dtype=float32)
    """

    def _merge(self, inputs: list[Any]) -> Any:
        return _fold(ops.maximum, inputs)


@_registry.register()
class Minimum(_Merge):
    """Takes the smallest of its inputs, element by element.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.Minimum()([np.array([[1.0, 9.0]]), np.array([[3.0, 4.0]])])
    array([[1., 4.]], dtype=float32)
    """

    def _merge(self, inputs: list[Any]) -> Any:
        return _fold(ops.minimum, inputs)


def add(inputs: list[Any], **options: Any) -> Any:
    """Call `Add` on a list of tensors; ``options`` are the layer's."""
    return Add(**options)(inputs)


def subtract(inputs: list[Any], **options: Any) -> Any:
    """Call `Subtract` on a list of two tensors; ``options`` are the layer's."""
    return Subtract(**options)(inputs)


def multiply(inputs: list[Any], **options: Any) -> Any:
    """Call `Multiply` on a list of tensors; ``options`` are the layer's."""
    return Multiply(**options)(inputs)


def average(inputs: list[Any], **options: Any) -> Any:
    """Call `Average` on a list of tensors; ``options`` are the layer's."""
    return Average(**options)(inputs)


def maximum(inputs: list[Any], **options: Any) -> Any:
    """Call `Maximum` on a list of tensors; ``options`` are the layer's."""
    return Maximum(**options)(inputs)


def minimum(inputs: list[Any], **options: Any) -> Any:
    """Call `Minimum` on a list of tensors; ``options`` are the layer's."""
    return Minimum(**options)(inputs)
