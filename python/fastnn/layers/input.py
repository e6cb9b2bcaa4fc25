"""Where a model's input enters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from fastnn.layers.layer import Layer, _registry
from fastnn.symbolic import KerasTensor, record


@_registry.register()
class InputLayer(Layer):
    """The entry of a model: says the shape of one sample and passes it on.

    Parameters
    ----------
    shape : tuple
        Shape of one sample, without the batch size.
    name, dtype
        See `Layer`; integers are allowed as well.

    Examples
    --------
    >>> from fastnn import layers
    >>> layers.InputLayer((4,)).output.shape
    (None, 4)
    """

    _DTYPES = (np.float32, np.float64, np.int32, np.int64, np.uint8, np.bool_)

    def __init__(self, shape: Iterable[int | None], **options: Any) -> None:
        sizes = (shape,) if isinstance(shape, int) else tuple(shape)
        if any(s is not None and (not isinstance(s, int) or s < 0) for s in sizes):
            raise ValueError(f"Input: shape must hold positive integers or None; received shape={shape!r}")
        super().__init__(input_shape=sizes, **options)
        self.built = True
        record(self, (), {}, KerasTensor(self.input_shape, self.dtype))

    def call(self, x: Any) -> Any:
        """Return x."""
        return x

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input's shape."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"shape": list(self.input_shape[1:]), "name": self.name, "dtype": self.dtype.name}


def Input(
    shape: Iterable[int | None] | None = None,
    batch_size: int | None = None,
    dtype: Any = None,
    batch_shape: Iterable[int | None] | None = None,
    name: str | None = None,
) -> KerasTensor:
    """Begin a graph: give a symbolic tensor that stands for a model's input.

    Parameters
    ----------
    shape : tuple
        Shape of one sample, without the batch size.
    batch_size : int, optional
        Accepted for Keras's sake: models take batches of any size.
    dtype : str, default "float32"
        Type to which data is cast.
    batch_shape : tuple, optional
        Shape with the batch size first, instead of ``shape``.
    name : str, optional
        The name under which data may be given in a dict.

    Returns
    -------
    KerasTensor
        Of shape (None, *shape).

    Examples
    --------
    >>> import fastnn
    >>> from fastnn import layers
    >>> a, b = fastnn.Input((4,)), fastnn.Input((6,))
    >>> joined = layers.Concatenate()([a, b])
    >>> model = fastnn.Model([a, b], layers.Dense(2)(joined))
    >>> model.output_shape
    (None, 2)

    It is also what a stack may begin with:

    >>> fastnn.Sequential([fastnn.Input((4,)), layers.Dense(2)]).output_shape
    (None, 2)
    """
    if (shape is None) == (batch_shape is None):
        raise ValueError(
            f"Input: give either shape or batch_shape; received shape={shape!r}, batch_shape={batch_shape!r}"
        )
    sizes = tuple(batch_shape)[1:] if batch_shape is not None else shape
    assert sizes is not None
    symbolic: KerasTensor = InputLayer(sizes, dtype=dtype, name=name).output
    return symbolic
