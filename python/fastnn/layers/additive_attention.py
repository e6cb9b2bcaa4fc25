"""Attention by sums."""

from __future__ import annotations

from typing import Any

from fastnn import ops
from fastnn.layers.attention import Attention
from fastnn.layers.layer import _registry


@_registry.register()
class AdditiveAttention(Attention):
    """`Attention` whose scores are sums of ``scale * tanh(query + key)``: additive (Bahdanau) attention.

    Parameters
    ----------
    use_scale : bool
        Whether the features are weighed by learned numbers.
    dropout : float
        Share of the probabilities that training drops.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Called as `Attention` is. The sums of all queries with all keys are in memory at once. Bahdanau et al.,
    "Neural Machine Translation by Jointly Learning to Align and Translate", 2015.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layer = layers.AdditiveAttention()
    >>> layer([np.ones((2, 3, 4)), np.ones((2, 5, 4))]).shape
    (2, 3, 4)
    >>> [w.shape for w in layer.get_weights()]
    [(4,)]
    """

    def __init__(self, use_scale: bool = True, dropout: float = 0.0, **options: Any) -> None:
        super().__init__(use_scale, "concat", dropout, **options)

    def build(self, input_shape: Any) -> None:
        """Make the weights of the features."""
        if self.use_scale:
            self.scale = self.add_weight(input_shape[0][-1:], "glorot_uniform", name="scale")

    def _scores(self, query: Any, key: Any) -> Any:
        y = ops.tanh(ops.add(ops.expand_dims(query, 2), ops.expand_dims(key, 1)))
        return ops.sum(y if self.scale is None else ops.multiply(y, self.scale), -1)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        config = super().get_config()
        del config["score_mode"]
        return config
