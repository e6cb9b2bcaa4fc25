"""Attention without projections."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn import ops, random
from fastnn.layers import attention_masks as masks
from fastnn.layers.layer import Layer, Shape, _registry
from fastnn.layers.merging import list_of_shapes


@_registry.register()
class Attention(Layer):
    """Averages values by how well their keys go with each query: dot-product (Luong) attention.

    Parameters
    ----------
    use_scale : bool
        Whether a learned number multiplies the scores.
    score_mode : {"dot", "concat"}
        The score of a query and a key: their dot product, or the sum of tanh of their sum.
    dropout : float
        Share of the probabilities that training drops.
    seed : int, optional
        Of the dropout.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Called on a list ``[query, value]`` or ``[query, value, key]`` of shapes (batch, queries, features) and
    (batch, keys, features). ``mask=[query_mask, value_mask]``, or the masks that the inputs carry: values
    where the one is False are not seen, outputs where the other is False are 0. ``use_causal_mask=True``
    lets query i see the keys 0 to i only, ``return_attention_scores=True`` gives the probabilities as well.
    Luong et al., "Effective Approaches to Attention-based Neural Machine Translation", 2015.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> query, value = np.ones((2, 3, 4)), np.ones((2, 5, 4))
    >>> layers.Attention()([query, value]).shape
    (2, 3, 4)
    """

    def __init__(
        self,
        use_scale: bool = False,
        score_mode: str = "dot",
        dropout: float = 0.0,
        seed: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        kind = type(self).__name__
        if score_mode not in ("dot", "concat"):
            raise ValueError(f"{kind}: score_mode must be 'dot' or 'concat'; received {score_mode!r}")
        if not 0 <= dropout < 1:
            raise ValueError(f"{kind}: dropout must lie in [0, 1); received dropout={dropout!r}")
        self.use_scale, self.score_mode, self.dropout, self.seed = use_scale, score_mode, dropout, seed
        self._seeds = random.SeedGenerator(seed) if dropout else None
        self.supports_masking = True
        self.scale: Any = None
        self.concat_score_weight: Any = None

    def build(self, input_shape: Any) -> None:
        """Make the weights of the scores."""
        if self.use_scale:
            self.scale = self.add_weight((), "ones", name="scale")
        if self.score_mode == "concat":
            self.concat_score_weight = self.add_weight((), "ones", name="concat_score_weight")

    def _scores(self, query: Any, key: Any) -> Any:
        """Return the scores (batch, queries, keys)."""
        if self.score_mode == "dot":
            scores = ops.matmul(query, ops.swapaxes(key, 1, 2))
            return scores if self.scale is None else ops.multiply(scores, self.scale)
        sums = ops.add(ops.expand_dims(query, 2), ops.expand_dims(key, 1))
        if self.scale is not None:
            sums = ops.multiply(sums, self.scale)
        return ops.multiply(ops.sum(ops.tanh(sums), -1), self.concat_score_weight)

    def call(
        self,
        inputs: Any,
        mask: Any = None,
        training: bool = False,
        return_attention_scores: bool = False,
        use_causal_mask: bool = False,
    ) -> Any:
        """Compute the output, and the probabilities if asked for."""
        query, value = inputs[0], inputs[1]
        key = inputs[2] if len(inputs) > 2 else value
        query_mask, value_mask = self._masks(mask, query.shape, value.shape)
        counts = None if value_mask is None else value_mask[:, np.newaxis]
        if use_causal_mask:
            counts = masks.both(counts, masks.causal(query.shape[1], key.shape[1])[np.newaxis])
        bias = masks.bias_of(counts, self.dtype)
        drops, p = training and self.dropout > 0, None
        if self.score_mode == "dot" and not drops and not return_attention_scores:
            y = self._in_one(query, value, key, bias)
        else:
            scores = self._scores(query, key)
            p = ops.softmax(scores if bias is None else ops.add(scores, bias))
            y = ops.matmul(random.dropout(p, self.dropout, seed=self._seeds) if drops else p, value)
        if query_mask is not None:
            y = ops.where(query_mask[..., np.newaxis], y, 0.0)
        return (y, p) if return_attention_scores else y

    def _in_one(self, query: Any, value: Any, key: Any, bias: Any) -> Any:
        """Return the output where the scores are dot products and nobody asks for them: as one head."""
        if self.scale is not None:
            query = ops.multiply(query, self.scale)
        heads = [ops.expand_dims(x, 2) for x in (query, key, value)]
        bias = None if bias is None else bias[:, np.newaxis]
        return ops.squeeze(ops.dot_product_attention(*heads, bias, scale=1.0), 2)

    def _masks(self, mask: Any, query: tuple[int, ...], value: tuple[int, ...]) -> list[Any]:
        """Return the masks of queries and values, checked."""
        if mask is None:
            return [None, None]
        if not isinstance(mask, (list, tuple)) or not 2 <= len(mask) <= 3:
            raise ValueError("mask must be a list of the query's mask and the value's, or None for either")
        named = zip(("query_mask", "value_mask"), mask, (query, value), strict=False)
        return [None if m is None else masks.boolean(name, m, shape) for name, m, shape in named]

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return the query's mask."""
        return previous_mask[0] if previous_mask else None

    def compute_output_shape(self, input_shape: Any) -> Shape:
        """Return the query's shape with the value's features."""
        shapes = list_of_shapes(input_shape, 3 if len(input_shape) == 3 else 2)
        query, value, key = shapes[0], shapes[1], shapes[-1]
        if any(len(s) != 3 for s in shapes) or query[2] != key[2] or value[1] != key[1]:
            raise ValueError(
                "query must have shape (batch, queries, features), value and key (batch, keys, features); "
                f"received query {query}, value {value}, key {key}"
            )
        return (*query[:-1], value[-1])

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {
            **super().get_config(),
            "use_scale": self.use_scale,
            "score_mode": self.score_mode,
            "dropout": self.dropout,
            "seed": self.seed,
        }
