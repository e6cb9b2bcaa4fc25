"""Vectors for words and other numbered things."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn import constraints, initializers, ops, regularizers
from fastnn.layers.layer import Layer, Shape, _registry


@_registry.register()
class Embedding(Layer):
    """A table of vectors: each number of the input becomes the row of that number.

    Parameters
    ----------
    input_dim : int
        Rows of the table: one more than the largest number.
    output_dim : int
        Size of a vector.
    embeddings_initializer : str or Initializer
        By default uniform in [-0.05, 0.05).
    embeddings_regularizer : str or Regularizer, optional
    embeddings_constraint : str or Constraint, optional
    mask_zero : bool
        Whether 0 stands for padding: the output then carries the mask ``x != 0``.
    weights : array_like, optional
        First values of the table.
    name, trainable, dtype, input_shape
        See `Layer`.

    Notes
    -----
    Inputs have any shape (batch, ...) and hold whole numbers of any type, outputs (batch, ..., output_dim).
    Weights: embeddings (input_dim, output_dim).

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layer = layers.Embedding(3, 2, weights=[[0, 0], [1, 2], [3, 4]])
    >>> layer(np.array([[2, 1]])).numpy()
    array([[[3., 4.],
            [1., 2.]]], dtype=float32)
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        embeddings_initializer: Any = "uniform",
        embeddings_regularizer: Any = None,
        embeddings_constraint: Any = None,
        mask_zero: bool = False,
        weights: Any = None,
        **options: Any,
    ) -> None:
        options.pop("input_length", None)  # Keras 2's, without effect
        super().__init__(**options)
        for name, size in (("input_dim", input_dim), ("output_dim", output_dim)):
            if not isinstance(size, (int, np.integer)) or isinstance(size, bool) or size <= 0:
                raise ValueError(f"Embedding: {name} must be a positive integer; received {name}={size!r}")
        self.input_dim, self.output_dim = int(input_dim), int(output_dim)
        self.embeddings_initializer = initializers.get(embeddings_initializer)
        self.embeddings_regularizer = regularizers.get(embeddings_regularizer)
        self.embeddings_constraint = constraints.get(embeddings_constraint)
        self.mask_zero = mask_zero
        self.supports_masking = mask_zero
        self.autocast = False
        if weights is not None:
            self.build()
            self.set_weights([weights[0] if isinstance(weights, list) and len(weights) == 1 else weights])

    def build(self, input_shape: Any = None) -> None:
        """Make the table."""
        if self.built:
            return
        self.embeddings = self.add_weight(
            (self.input_dim, self.output_dim),
            self.embeddings_initializer,
            name="embeddings",
            regularizer=self.embeddings_regularizer,
            constraint=self.embeddings_constraint,
        )

    def call(self, x: Any) -> Any:
        """Compute the output."""
        return ops.take(self.embeddings, self._numbers(np.asarray(x)), 0)

    def _numbers(self, x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return the numbers as int64; refuse those without a row."""
        if x.dtype.kind not in "iubf":
            raise TypeError(f"the input must hold whole numbers; received dtype {x.dtype}")
        with np.errstate(invalid="ignore"):
            numbers = x.astype(np.int64, copy=False)
        if x.dtype.kind == "f" and not np.array_equal(numbers, x):
            raise ValueError(f"the input must hold whole numbers; received {x[numbers != x].flat[0]}")
        if numbers.size and not (numbers.min() >= 0 and numbers.max() < self.input_dim):
            wrong = x[(numbers < 0) | (numbers >= self.input_dim)].flat[0]
            raise ValueError(f"the input's numbers must lie in [0, {self.input_dim}); received {wrong:.0f}")
        if x.dtype.kind == "f" and numbers.max(initial=0) >= 2 ** (np.finfo(x.dtype).nmant + 1):
            raise ValueError(
                f"{x.dtype} rounds numbers as large as {numbers.max()}: call the layer on integers"
            )
        return numbers

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return where the input is not 0, if 0 stands for padding."""
        return np.asarray(inputs) != 0 if self.mask_zero else None

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the input's shape with ``output_dim`` behind it."""
        return (*input_shape, self.output_dim)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments, without first values."""
        return {
            **super().get_config(),
            "input_dim": self.input_dim,
            "output_dim": self.output_dim,
            "embeddings_initializer": initializers.serialize(self.embeddings_initializer),
            "embeddings_regularizer": regularizers.serialize(self.embeddings_regularizer),
            "embeddings_constraint": constraints.serialize(self.embeddings_constraint),
            "mask_zero": self.mask_zero,
        }
