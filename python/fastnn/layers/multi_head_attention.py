"""Attention of several heads, each with projections of its own."""

from __future__ import annotations

from typing import Any

from fastnn.layers.layer import Shape, _registry
from fastnn.layers.projected_attention import ProjectedAttention


@_registry.register()
class MultiHeadAttention(ProjectedAttention):
    """Lets every step of a query look at all steps of a value, in several heads.

    Each head projects query, key and value, averages the values by how well their keys go with the query,
    and one more projection joins what the heads saw.

    Parameters
    ----------
    num_heads : int
    key_dim : int
        Size of the projected queries and keys of a head.
    value_dim : int, optional
        Size of the projected values; by default ``key_dim``.
    dropout : float
        Share of the probabilities that training drops.
    use_bias : bool
    output_shape : int or tuple, optional
        Features of the output; by default those of the query.
    attention_axes : int or tuple, optional
        Over which axes attention goes; by default all between batch and features.
    sliding_window : int, optional
        How many steps, counted from itself, a query sees in both directions.
    flash_attention : bool, optional
        For programs written for Keras, without effect: see `ops.dot_product_attention`.
    kernel_initializer, bias_initializer : str or Initializer
    kernel_regularizer, bias_regularizer, activity_regularizer : str or Regularizer, optional
    kernel_constraint, bias_constraint : str or Constraint, optional
    use_gate : bool
        Whether a projection of the query, between 0 and 1, multiplies what the heads saw.
    seed : int, optional
        Of the dropout.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    It is called as ``layer(query, value, key=None, attention_mask=None, return_attention_scores=False,
    use_causal_mask=False)`` on a query (batch, queries, features) and a value and key (batch, keys, features);
    the key is the value by default. ``attention_mask``, of booleans, broadcasts to (batch, queries, keys) or
    (batch, heads, queries, keys) and is True where a query may look. Masks that the inputs carry count as well.

    Weights: the kernels (features, heads, size) and biases (heads, size) of query, key and value, then the
    kernel (heads, size, features) and bias of the output. Vaswani et al., "Attention Is All You Need", 2017.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layer = layers.MultiHeadAttention(num_heads=2, key_dim=3)
    >>> x = np.ones((4, 5, 6))
    >>> y, scores = layer(x, x, use_causal_mask=True, return_attention_scores=True)
    >>> y.shape, scores.shape
    ((4, 5, 6), (4, 2, 5, 5))
    """

    def __init__(
        self,
        num_heads: int,
        key_dim: int,
        value_dim: int | None = None,
        dropout: float = 0.0,
        use_bias: bool = True,
        output_shape: Any = None,
        attention_axes: Any = None,
        sliding_window: int | None = None,
        flash_attention: bool | None = None,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        use_gate: bool = False,
        seed: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(
            dropout,
            use_bias,
            sliding_window,
            use_gate,
            seed,
            kernel_initializer=kernel_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer,
            bias_regularizer=bias_regularizer,
            activity_regularizer=activity_regularizer,
            kernel_constraint=kernel_constraint,
            bias_constraint=bias_constraint,
            **options,
        )
        self._check_positive(num_heads=num_heads, key_dim=key_dim)
        if value_dim is not None:
            self._check_positive(value_dim=value_dim)
        self.num_heads, self.key_dim, self.value_dim = num_heads, key_dim, value_dim or key_dim
        self._output_shape = (output_shape,) if isinstance(output_shape, int) else tuple(output_shape or ())
        self.attention_axes = (attention_axes,) if isinstance(attention_axes, int) else attention_axes

    def build(self, query_shape: Shape, value_shape: Any = None, key_shape: Any = None) -> None:
        """Make the projections."""
        heads, depths = (self.num_heads, self.num_heads), (self.key_dim, self.value_dim)
        output = self._output_shape or query_shape[-1:]
        self._build(query_shape, value_shape, key_shape, heads, depths, output)
        rank = len(query_shape)
        axes = self.attention_axes or range(1, rank - 1)
        self._axes = tuple(axis % rank for axis in axes)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {
            **super().get_config(),
            "num_heads": self.num_heads,
            "key_dim": self.key_dim,
            "value_dim": self.value_dim,
            "output_shape": list(self._output_shape) or None,
            "attention_axes": None if self.attention_axes is None else list(self.attention_axes),
        }
