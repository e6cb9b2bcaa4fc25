"""Attention whose heads share keys and values."""

from __future__ import annotations

from typing import Any

from fastnn.layers.layer import Shape, _registry
from fastnn.layers.projected_attention import ProjectedAttention


@_registry.register()
class GroupQueryAttention(ProjectedAttention):
    """`MultiHeadAttention` in which neighbouring heads share their keys and values.

    Parameters
    ----------
    head_dim : int
        Size of the projected queries, keys and values of a head.
    num_query_heads : int
    num_key_value_heads : int
        Divides ``num_query_heads``; 1 is multi-query attention.
    dropout, use_bias, sliding_window, flash_attention, use_gate, seed
        See `MultiHeadAttention`.
    kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer
        See `MultiHeadAttention`.
    kernel_constraint, bias_constraint, name, trainable, dtype
        See `MultiHeadAttention`.

    Notes
    -----
    It is called as `MultiHeadAttention` is. Ainslie et al., "GQA: Training Generalized Multi-Query
    Transformer Models from Multi-Head Checkpoints", 2023.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layer = layers.GroupQueryAttention(head_dim=3, num_query_heads=4, num_key_value_heads=2)
    >>> x = np.ones((2, 5, 6))
    >>> layer(x, x).shape
    (2, 5, 6)
    >>> [w.shape for w in layer.get_weights()][::2]
    [(6, 4, 3), (6, 2, 3), (6, 2, 3), (4, 3, 6)]
    """

    def __init__(
        self,
        head_dim: int,
        num_query_heads: int,
        num_key_value_heads: int,
        dropout: float = 0.0,
        use_bias: bool = True,
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
        self._check_positive(
            head_dim=head_dim, num_query_heads=num_query_heads, num_key_value_heads=num_key_value_heads
        )
        if num_query_heads % num_key_value_heads:
            raise ValueError(
                "GroupQueryAttention: num_key_value_heads must divide num_query_heads; received "
                f"num_query_heads={num_query_heads}, num_key_value_heads={num_key_value_heads}"
            )
        self.head_dim = head_dim
        self.num_query_heads, self.num_key_value_heads = num_query_heads, num_key_value_heads

    def build(self, query_shape: Shape, value_shape: Any = None, key_shape: Any = None) -> None:
        """Make the projections."""
        if len(query_shape) != 3:
            raise ValueError(f"the query must have shape (batch, steps, features); received {query_shape}")
        heads, depths = (self.num_query_heads, self.num_key_value_heads), (self.head_dim, self.head_dim)
        self._build(query_shape, value_shape, key_shape, heads, depths, query_shape[-1:])

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        sizes = ("head_dim", "num_query_heads", "num_key_value_heads")
        return {**super().get_config(), **{name: getattr(self, name) for name in sizes}}
