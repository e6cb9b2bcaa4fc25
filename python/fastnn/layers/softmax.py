"""Softmax as a layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fastnn import ops
from fastnn.layers.layer import _registry
from fastnn.layers.rectifiers import _Activation

_FAR_LEFT = -1e9  # a score whose probability is nothing beside any other


@_registry.register()
class Softmax(_Activation):
    """Turns scores into probabilities that sum to 1 along an axis, or along several.

    Parameters
    ----------
    axis : int or sequence of int
    name, dtype, input_shape
        See `Layer`.

    Notes
    -----
    Called with a ``mask`` (booleans that broadcast to the input, False for what has no part), it gives these
    places the probability 0.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.Softmax()(np.zeros((1, 4)), mask=np.array([[True, True, False, False]]))
    array([[0.5, 0.5, 0. , 0. ]], dtype=float32)
    """

    def __init__(self, axis: int | Sequence[int] = -1, **options: Any) -> None:
        super().__init__(**options)
        self.axis = axis if isinstance(axis, int) else tuple(axis)

    def call(self, x: Any, mask: Any = None) -> Any:
        """Compute the output."""
        if mask is not None:
            mask = self._checked(mask, x.shape)
            x = ops.where(mask, x, np.asarray(_FAR_LEFT, self.dtype))
        if isinstance(self.axis, int) or len(self.axis) == 1:
            y = ops.softmax(x, self.axis if isinstance(self.axis, int) else self.axis[0])
        else:
            y = ops.exp(ops.subtract(x, ops.logsumexp(x, self.axis, keepdims=True)))
        return y if mask is None else ops.where(mask, y, np.zeros((), self.dtype))

    @staticmethod
    def _checked(mask: Any, shape: tuple[int, ...]) -> Any:
        """Return a mask as booleans that broadcast to ``shape``."""
        mask = np.asarray(mask)
        fits = mask.ndim <= len(shape) and all(
            m in (1, n) for m, n in zip(mask.shape[::-1], shape[::-1], strict=False)
        )
        if not fits:
            raise ValueError(
                f"the mask must broadcast to the inputs; received inputs {tuple(shape)}, mask {mask.shape}"
            )
        return mask if mask.dtype == bool else mask > 0.5

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "axis": self.axis}
