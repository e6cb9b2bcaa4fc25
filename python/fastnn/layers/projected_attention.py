"""What attention layers with projections share: masks, the heads, and the output's projection."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fastnn import constraints, initializers, ops, random, regularizers
from fastnn.layers import attention_masks as masks
from fastnn.layers.attention_axes import flattened, flattened_mask
from fastnn.layers.einsum_dense import EinsumDense
from fastnn.layers.layer import Layer, Shape

_WEIGHTS = {"initializer": initializers, "regularizer": regularizers, "constraint": constraints}


def _options_of_weights() -> list[str]:
    return [f"{part}_{kind}" for kind in _WEIGHTS for part in ("kernel", "bias")]


class ProjectedAttention(Layer):
    """The base of `MultiHeadAttention` and `GroupQueryAttention`."""

    def __init__(
        self,
        dropout: float = 0.0,
        use_bias: bool = True,
        sliding_window: int | None = None,
        use_gate: bool = False,
        seed: int | None = None,
        **options: Any,
    ) -> None:
        activity_regularizer = options.pop("activity_regularizer")
        weights = {name: options.pop(name) for name in _options_of_weights()}
        super().__init__(**options)
        for name, value in weights.items():
            setattr(self, name, _WEIGHTS[name.partition("_")[2]].get(value))
        self._projections_regularizer = regularizers.get(activity_regularizer)  # of what each of them gives
        if not 0 <= dropout < 1:
            raise ValueError(
                f"{type(self).__name__}: dropout must lie in [0, 1); received dropout={dropout!r}"
            )
        if sliding_window is not None:
            self._check_positive(sliding_window=sliding_window)
        self.dropout, self.use_bias, self.use_gate = dropout, use_bias, use_gate
        self.sliding_window, self.seed = sliding_window, seed
        self._seeds = random.SeedGenerator(seed) if dropout else None
        self._axes: tuple[int, ...] = ()  # over which attention goes, where those are several
        self.supports_masking = True

    def _check_positive(self, **sizes: Any) -> None:
        for name, size in sizes.items():
            if not isinstance(size, int) or isinstance(size, bool) or size <= 0:
                raise ValueError(
                    f"{type(self).__name__}: {name} must be a positive integer; received {name}={size!r}"
                )

    def _projection(
        self, name: str, summed: int, shape: tuple[int, ...], rank: int, **more: Any
    ) -> EinsumDense:
        """Make the layer from the last ``summed`` axes of inputs of ``rank`` axes to ``shape``."""
        letters = "abcdefghijklmnopqrstuvwxyz"
        free, bound = letters[: rank - summed], letters[rank - summed : rank]
        made = letters[rank : rank + len(shape)]
        layer = EinsumDense(
            f"{free + bound},{bound + made}->{free + made}",
            (*(None,) * (rank - summed - 1), *shape),
            bias_axes=made if self.use_bias else None,
            activity_regularizer=self._projections_regularizer,
            dtype=self.dtype,
            name=name,
            **{name: getattr(self, name) for name in _options_of_weights()},
            **more,
        )
        layer.supports_masking = True
        return layer

    def _build(
        self, query: Shape, value: Any, key: Any, heads: tuple[int, int], depths: tuple[int, int], output: Any
    ) -> None:
        """Make the projections for inputs of these shapes; heads of queries and keys, depths of keys and values."""
        if value is None:
            raise ValueError("it takes a query and a value, as two arguments; received one input")
        key = value if key is None else key
        if len(query) < 3 or value[1:-1] != key[1:-1]:
            raise ValueError(
                "query, key and value must have shape (batch, steps, ..., features), key and value the same steps; "
                f"received query {query}, key {key}, value {value}"
            )
        self.query_dense = self._projection("query", 1, (heads[0], depths[0]), len(query))
        self.query_dense.build(query)
        self.key_dense = self._projection("key", 1, (heads[1], depths[0]), len(key))
        self.key_dense.build(key)
        if self.use_gate:
            self.gate_dense = self._projection(
                "gate", 1, (heads[0], depths[1]), len(query), activation="sigmoid"
            )
            self.gate_dense.build(query)
        self.value_dense = self._projection("value", 1, (heads[1], depths[1]), len(value))
        self.value_dense.build(value)
        self.output_dense = self._projection("attention_output", 2, output, len(query) + 1)
        self.output_dense.build((*query[:-1], heads[0], depths[1]))
        self._scale = 1 / math.sqrt(depths[0])

    def call(  # type: ignore[override]
        self,
        query: Any,
        value: Any,
        key: Any = None,
        query_mask: Any = None,
        value_mask: Any = None,
        key_mask: Any = None,
        attention_mask: Any = None,
        return_attention_scores: bool = False,
        training: bool = False,
        use_causal_mask: bool = False,
    ) -> Any:
        """Compute the output, and the probabilities if asked for."""
        key = value if key is None else key
        mask = None
        if query_mask is not None:
            mask = masks.boolean("query_mask", query_mask, query.shape)[..., np.newaxis]
        for name, given in (("value_mask", value_mask), ("key_mask", key_mask)):
            if given is not None:
                mask = masks.both(mask, masks.boolean(name, given, value.shape)[..., np.newaxis, :])
        if self.sliding_window is not None:
            near = masks.window(query.shape[1], value.shape[1], self.sliding_window)
            mask = masks.both(mask, near[np.newaxis])
        if (use_causal_mask or self.sliding_window) and query.ndim != 3:
            raise ValueError(
                f"masks by position need a query of shape (batch, steps, features); received {query.shape}"
            )
        if attention_mask is not None:
            given = np.asarray(attention_mask).astype(np.bool_, copy=False)
            if mask is not None and query.ndim == 3 and given.ndim == 4:  # with heads
                mask = mask[:, np.newaxis]
            try:
                mask = masks.both(mask, given)
            except ValueError:
                raise ValueError(
                    "attention_mask must broadcast to (batch, queries, keys) of "
                    f"query {query.shape} and value {value.shape}; received {given.shape}"
                ) from None
        heads = self.query_dense(query)
        y, p = self._attend(
            heads,
            self.key_dense(key),
            self.value_dense(value),
            mask,
            use_causal_mask,
            training,
            return_attention_scores,
        )
        if self.use_gate:
            y = ops.multiply(y, self.gate_dense(query))
        y = self.output_dense(y)
        return (y, p) if return_attention_scores else y

    def _attend(
        self, query: Any, key: Any, value: Any, mask: Any, is_causal: bool, training: bool, with_scores: bool
    ) -> tuple[Any, Any]:
        """Return what the heads see, and the probabilities if asked for."""
        plain = query.ndim == 4
        if plain:
            mask = mask[:, np.newaxis] if mask is not None and mask.ndim == 3 else mask
        else:
            query, back = flattened(query, self._axes)
            key, keys_back = flattened(key, self._axes)
            value, _ = flattened(value, self._axes)
            mask = flattened_mask(mask, back, keys_back)
        p = None
        if not with_scores and not (training and self.dropout):
            y = ops.dot_product_attention(
                query, key, value, mask=mask, scale=self._scale, is_causal=is_causal
            )
        else:
            if is_causal:
                mask = masks.both(mask, masks.causal(query.shape[1], key.shape[1]))
            y, p = self._by_scores(query, key, value, masks.bias_of(mask, self.dtype), training)
        if plain:
            return y, p
        if p is not None:
            p = ops.reshape(p, (*back.batch, p.shape[1], *back.steps, *keys_back.steps))
        return back.unflattened(y), p

    def _by_scores(self, query: Any, key: Any, value: Any, bias: Any, training: bool) -> tuple[Any, Any]:
        """Return the same where all probabilities are wanted at once."""
        shared = query.shape[2] // key.shape[2]
        if shared > 1:
            key, value = ops.repeat(key, shared, 2), ops.repeat(value, shared, 2)
        query, key, value = (ops.transpose(x, (0, 2, 1, 3)) for x in (query, key, value))
        scores = ops.multiply(ops.matmul(query, ops.swapaxes(key, 2, 3)), self._scale)
        p = ops.softmax(scores if bias is None else ops.add(scores, bias))
        used = random.dropout(p, self.dropout, seed=self._seeds) if training and self.dropout else p
        return ops.transpose(ops.matmul(used, value), (0, 2, 1, 3)), p

    def compute_output_shape(
        self, query_shape: Shape, value_shape: Any = None, key_shape: Any = None
    ) -> Shape:
        """Return the query's shape with the features of the output."""
        output = getattr(self, "_output_shape", None) or query_shape[-1:]
        return (*query_shape[:-1], *output)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        weights = {
            name: _WEIGHTS[name.partition("_")[2]].serialize(getattr(self, name))
            for name in _options_of_weights()
        }
        regularizer = regularizers.serialize(self._projections_regularizer)
        own = {
            name: getattr(self, name)
            for name in ("dropout", "use_bias", "use_gate", "sliding_window", "seed")
        }
        return {**super().get_config(), **own, **weights, "activity_regularizer": regularizer}
