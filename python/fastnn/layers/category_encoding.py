"""Numbers of classes as vectors."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn.layers.layer import Layer, _registry
from fastnn.tensor import Tensor

Array = np.ndarray[Any, Any]


def encoded(numbers: Array, mode: str, depth: int, dtype: Any, weights: Array | None = None) -> Array:
    """Return class numbers, which are below ``depth``, as vectors; ``weights`` are what each counts."""
    if mode == "one_hot" and numbers.ndim > 1 and numbers.shape[-1] == 1:
        numbers = numbers[..., 0]
    one_hot = np.zeros((*numbers.shape, depth), dtype)
    np.put_along_axis(one_hot, numbers[..., np.newaxis], 1, -1)
    if mode == "one_hot":
        return one_hot
    axis = min(1, numbers.ndim - 1)
    if mode == "multi_hot":
        return one_hot.max(axis, initial=0)
    return (one_hot if weights is None else one_hot * weights[..., np.newaxis]).sum(axis, dtype=dtype)


@_registry.register()
class CategoryEncoding(Layer):
    """Gives samples of class numbers as vectors.

    Parameters
    ----------
    num_tokens : int
        How many classes there are.
    output_mode : {"multi_hot", "one_hot", "count"}
        "one_hot" gives each number a vector with a one in its place; "multi_hot" gives each sample a vector with
        ones where numbers occur, "count" one that says how often they do.
    name, dtype
        See `Layer`.

    Notes
    -----
    Inputs are whole numbers in [0, ``num_tokens``), (batch, numbers). ``count_weights`` in a call, of the
    inputs' shape, are what each number counts.

    Examples
    --------
    >>> from fastnn import layers
    >>> layers.CategoryEncoding(4)([[0, 1], [3, 3]])
    array([[1., 1., 0., 0.],
           [0., 0., 0., 1.]], dtype=float32)
    """

    def __init__(self, num_tokens: int | None = None, output_mode: str = "multi_hot", **options: Any) -> None:
        super().__init__(**options)
        if not isinstance(num_tokens, int) or isinstance(num_tokens, bool) or num_tokens < 1:
            raise ValueError(
                f"CategoryEncoding: num_tokens must be a positive integer; received num_tokens={num_tokens!r}"
            )
        if output_mode not in ("multi_hot", "one_hot", "count"):
            raise ValueError(
                "CategoryEncoding: output_mode must be 'multi_hot', 'one_hot' or 'count'; "
                f"received output_mode={output_mode!r}"
            )
        self.num_tokens, self.output_mode = num_tokens, output_mode
        self.autocast = False

    def call(self, x: Any, count_weights: Any = None) -> Any:
        """Compute the output."""
        if count_weights is not None:
            if self.output_mode != "count":
                raise ValueError(
                    f"count_weights have a meaning where output_mode is 'count' only; it is {self.output_mode!r}"
                )
            count_weights = np.asarray(count_weights, self.dtype)
        given = np.atleast_1d(np.asarray(x))
        numbers = given.astype(np.int64)
        if not ((numbers == given) & (numbers >= 0) & (numbers < self.num_tokens)).all():
            wrong = given[(numbers != given) | (numbers < 0) | (numbers >= self.num_tokens)].flat[0]
            raise ValueError(f"inputs must be whole numbers in [0, {self.num_tokens}); received {wrong}")
        y = encoded(numbers, self.output_mode, self.num_tokens, self.dtype, count_weights)
        return Tensor(y) if isinstance(x, Tensor) else y

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "num_tokens": self.num_tokens, "output_mode": self.output_mode}
