"""Inputs joined along an axis."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn import ops
from fastnn.layers.layer import Layer, Shape, _registry
from fastnn.layers.merging import list_of_shapes


@_registry.register()
class Concatenate(Layer):
    """Joins its inputs along an axis.

    Takes a list of tensors of one shape, but for the size of that axis.

    Parameters
    ----------
    axis : int, default -1
        Not 0, the batch.
    name, dtype
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.Concatenate()([np.ones((1, 2)), np.zeros((1, 1))])
    array([[1., 1., 0.]], dtype=float32)
    """

    def __init__(self, axis: int = -1, **options: Any) -> None:
        super().__init__(**options)
        if not isinstance(axis, int) or axis == 0:
            raise ValueError(f"Concatenate: axis must be an integer other than 0; received axis={axis!r}")
        self.axis = axis
        self.supports_masking = True

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return the joined masks: along the last axis, where any input counts."""
        if previous_mask is None:
            return None
        found = []
        for x, mask in zip(inputs, previous_mask, strict=True):
            here = np.ones(x.shape, bool) if mask is None else np.asarray(mask)
            here = here.reshape(here.shape + (1,) * (x.ndim - here.ndim))
            found.append(np.broadcast_to(here, x.shape))
        return np.concatenate(found, self.axis).any(-1)

    def call(self, x: Any) -> Any:
        """Compute the output for a list of inputs."""
        return ops.concatenate(x, self.axis)

    def compute_output_shape(self, input_shape: Any) -> Shape:
        """Return the inputs' shape, the sizes along the axis added."""
        shapes = list_of_shapes(input_shape)
        ndim = len(shapes[0])
        if any(len(shape) != ndim for shape in shapes) or not -ndim < self.axis < ndim:
            raise ValueError(
                f"all inputs must have the same number of dimensions, more than axis={self.axis}; "
                f"received shapes {shapes}"
            )
        axis = self.axis % ndim
        found: list[int | None] = []
        for i, sizes in enumerate(zip(*shapes, strict=True)):
            known = [s for s in sizes if s is not None]
            if i == axis:
                found.append(sum(known) if len(known) == len(sizes) else None)
            elif len(set(known)) > 1:
                raise ValueError(
                    f"the inputs may differ along axis {self.axis} only; received shapes {shapes}"
                )
            else:
                found.append(known[0] if known else None)
        return tuple(found)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "axis": self.axis}


def concatenate(inputs: list[Any], axis: int = -1, **options: Any) -> Any:
    """Call `Concatenate` on a list of tensors; ``options`` are the layer's."""
    return Concatenate(axis, **options)(inputs)
