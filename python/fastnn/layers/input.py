"""Where a model's input enters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastnn.layers.layer import Layer, _registry


@_registry.register()
class InputLayer(Layer):
    """The entry of a model: says the shape of one sample and passes it on.

    Parameters
    ----------
    shape : tuple
        Shape of one sample, without the batch size.
    name, dtype
        See `Layer`.
    """

    def __init__(self, shape: Iterable[int | None], **options: Any) -> None:
        sizes = (shape,) if isinstance(shape, int) else tuple(shape)
        if any(s is not None and (not isinstance(s, int) or s < 0) for s in sizes):
            raise ValueError(f"Input: shape must hold positive integers or None; received shape={shape!r}")
        super().__init__(input_shape=sizes, **options)
        self.built = True

    def call(self, x: Any) -> Any:
        """Return x."""
        return x

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        assert self.input_shape is not None
        return {"shape": list(self.input_shape[1:]), "name": self.name, "dtype": self.dtype.name}


def Input(
    shape: Iterable[int | None] | None = None,
    batch_size: int | None = None,
    dtype: Any = None,
    batch_shape: Iterable[int | None] | None = None,
    name: str | None = None,
) -> InputLayer:
    """Say the shape of a model's samples.

    Parameters
    ----------
    shape : tuple
        Shape of one sample, without the batch size.
    batch_size : int, optional
        Accepted for Keras's sake: models take batches of any size.
    dtype, name
        See `Layer`.
    batch_shape : tuple, optional
        Shape with the batch size first, instead of ``shape``.

    Examples
    --------
    >>> from fastnn import layers, models
    >>> model = models.Sequential([layers.Input((4,)), layers.Dense(2)])
    >>> model.output_shape
    (None, 2)
    """
    if (shape is None) == (batch_shape is None):
        raise ValueError(
            f"Input: give either shape or batch_shape; received shape={shape!r}, batch_shape={batch_shape!r}"
        )
    sizes = tuple(batch_shape)[1:] if batch_shape is not None else shape
    assert sizes is not None
    return InputLayer(sizes, dtype=dtype, name=name)
