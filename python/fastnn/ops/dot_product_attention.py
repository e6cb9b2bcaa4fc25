"""Attention of many heads in one call each way."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from ._broadcast import known, sum_to_shape, value
from .axes import swapaxes, transpose
from .softmax import softmax
from .tiling import repeat

# A score that does not count: Keras's number, -0.7 times the largest float32.
_MASKED = -0.7 * 3.38953e38


@differentiable
def dot_product_attention(
    ctx: Node,
    query: Any,
    key: Any,
    value: Any,
    bias: Any = None,
    mask: Any = None,
    scale: float | None = None,
    is_causal: bool = False,
    flash_attention: bool | None = None,
    attn_logits_soft_cap: float | None = None,
) -> Array:
    r"""Average values by how well their keys go with each query, in many heads at once.

    .. math:: y = \mathrm{softmax}(\mathrm{scale} \cdot q k^T + \mathrm{bias}) v

    Parameters
    ----------
    query : array_like
        ``(batch, queries, heads, depth)``.
    key : array_like
        ``(batch, keys, key_heads, depth)``. Where there are fewer key heads than heads (their number divides
        that of the heads), neighbouring heads share one: grouped-query attention.
    value : array_like
        ``(batch, keys, key_heads, value_depth)``.
    bias : array_like, optional
        Added to the scores; broadcasts to ``(batch, heads, queries, keys)``.
    mask : array_like of bool, optional
        True where a key counts for a query; broadcasts likewise. A query for which no key counts gets the
        average of all values, as in Keras.
    scale : float, optional
        What the products of queries and keys are multiplied by; by default ``1 / sqrt(depth)``.
    is_causal : bool
        Whether query i sees the keys 0 to i only.
    flash_attention : bool, optional
        For programs written for Keras: the scores never are in memory as a whole, so that there is nothing
        to choose.
    attn_logits_soft_cap : None
        For programs written for Keras, where only TPUs have it.

    Returns
    -------
    ndarray
        ``(batch, queries, heads, value_depth)``. float64 if any argument is, else float32.

    Raises
    ------
    ValueError
        If the shapes do not fit, or a soft cap is asked for.

    Notes
    -----
    Scaled dot-product attention of Vaswani et al., "Attention Is All You Need", 2017. Scores are computed
    for a block of queries at a time and computed again for the gradient (Dao et al., "FlashAttention",
    2022), so that memory grows with the length of the sequences and not with its square.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> query = np.array([8.0, 0.0]).reshape(1, 1, 1, 2)
    >>> key = np.array([[9.0, 0.0], [0.0, 9.0]]).reshape(1, 2, 1, 2)
    >>> value = np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(1, 2, 1, 2)
    >>> ops.dot_product_attention(query, key, value).ravel()
    array([1., 2.])
    """
    if attn_logits_soft_cap is not None:
        raise ValueError(
            f"[dot_product_attention] attn_logits_soft_cap must be None; received {attn_logits_soft_cap!r}"
        )
    if mask is not None:
        mask = np.asarray(mask, np.bool_)
    if scale is None:
        shape = np.shape(query)
        scale = 1 / math.sqrt(shape[-1]) if shape and shape[-1] else 1.0
    y, rows = native.dot_product_attention_forward(query, key, value, bias, mask, scale, is_causal)
    if ctx.needs:
        ctx.save(
            query=query,
            key=key,
            value=value,
            bias=bias,
            mask=mask,
            scale=scale,
            causal=is_causal,
            y=y,
            rows=rows,
        )
    return y


@dot_product_attention.vjp
def dot_product_attention_vjp(ctx: Node, dy: Array) -> tuple[Array | None, ...]:
    needs = ctx.needs
    needs_bias = len(needs) > 3 and needs[3]
    dquery, dkey, dvalue, dscores = native.dot_product_attention_backward(
        ctx.query,
        ctx.key,
        ctx.value,
        ctx.bias,
        ctx.mask,
        ctx.scale,
        ctx.causal,
        ctx.y,
        ctx.rows,
        dy,
        needs[0],
        needs[1],
        needs[2],
        needs_bias,
    )
    return dquery, dkey, dvalue, sum_to_shape(dscores, np.shape(ctx.bias)) if needs_bias else None


@dot_product_attention.tensor_vjp
def dot_product_attention_tensor_vjp(ctx: Node, dy: Array) -> tuple[Any, ...]:
    needs = ctx.needs
    key_heads, shared = ctx.key.shape[2], ctx.query.shape[2] // max(ctx.key.shape[2], 1)
    up, query = _heads_first(dy), _heads_first(known(ctx.query))
    key, values = (_heads_first(repeat(known(x), shared, 2)) for x in (ctx.key, ctx.value))
    scores = native.multiply(native.matmul(query, swapaxes(key, 2, 3)), ctx.scale)
    if ctx.bias is not None:
        scores = native.add(scores, ctx.bias)
    counts = value(ctx.mask)
    if ctx.causal:
        seen = np.tri(scores.shape[2], scores.shape[3], dtype=np.bool_)
        counts = seen if counts is None else counts & seen
    if counts is not None:
        scores = native.where(np.broadcast_to(counts, scores.shape), scores, _MASKED)
    p = softmax(scores)
    dp = native.matmul(up, swapaxes(values, 2, 3))
    dscores = native.multiply(p, native.subtract(dp, native.sum(native.multiply(p, dp), 3, keepdims=True)))
    if counts is not None:
        dscores = native.where(np.broadcast_to(counts, scores.shape), dscores, 0.0)
    scaled = native.multiply(dscores, ctx.scale)

    def of_key_heads(grad: Any) -> Any:
        """Add up the gradients of the heads that share one."""
        b, _, n, depth = grad.shape
        grad = grad.reshape((b, key_heads, shared, n, depth))
        return _heads_first(native.sum(grad, 2))

    return (
        _heads_first(native.matmul(scaled, key)) if needs[0] else None,
        of_key_heads(native.matmul(swapaxes(scaled, 2, 3), query)) if needs[1] else None,
        of_key_heads(native.matmul(swapaxes(p, 2, 3), up)) if needs[2] else None,
        sum_to_shape(dscores, ctx.bias.shape) if len(needs) > 3 and needs[3] else None,
    )


def _heads_first(x: Any) -> Any:
    """Exchange times and heads, either way."""
    return transpose(x, (0, 2, 1, 3))
