"""Cases of the stem dot_product_attention."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from op_cases.case import Array, Case, normal

CASES: list[Case] = []


def _attention(
    query: Array,
    key: Array,
    value: Array,
    bias: Array | None = None,
    mask: Array | None = None,
    scale: float | None = None,
    is_causal: bool = False,
) -> Array:
    key, value = (np.repeat(x, query.shape[2] // max(key.shape[2], 1), 2) for x in (key, value))
    scores = np.einsum("btnh,bsnh->bnts", query, key) * (query.shape[-1] ** -0.5 if scale is None else scale)
    if bias is not None:
        scores = scores + bias
    counts = np.ones(scores.shape, bool) if mask is None else np.broadcast_to(mask, scores.shape)
    if is_causal:
        counts = counts & np.tri(*scores.shape[2:], dtype=bool)
    scores = np.where(counts, scores, -2.3e38)
    p = np.exp(scores - scores.max(-1, keepdims=True, initial=-np.inf))
    return np.einsum("bnts,bsnh->btnh", p / p.sum(-1, keepdims=True), value)


def _terms(query: Array, key: Array, *rest: Any) -> int:
    return int(key.shape[1] * key.shape[3])


def _with_mask(
    *shapes: tuple[int, ...], mask: tuple[int, ...]
) -> Callable[[np.random.Generator], tuple[Any, ...]]:
    """Arrays of these shapes, and a mask in which the first row counts nothing where there are several."""

    def make(rng: np.random.Generator) -> tuple[Any, ...]:
        counts = rng.random(mask) < 0.6
        counts[..., :1, :] = mask[-2] == 1
        return *normal(*shapes)(rng), counts

    return make


def _masked(op: Callable[..., Any], *inputs: Any, **options: Any) -> Any:
    return op(*inputs[:3], None if len(inputs) == 4 else inputs[3], inputs[-1], **options)


def _reference_masked(*inputs: Any, **options: Any) -> Array:
    return _attention(*inputs[:3], None if len(inputs) == 4 else inputs[3], inputs[-1], **options)


Q, K, V = (2, 3, 2, 4), (2, 5, 2, 4), (2, 5, 2, 3)
ERRORS = (
    ((np.ones((2, 3)), np.ones(K), np.ones(V)), ValueError, r"four dimensions .*; received query \(2, 3\)"),
    ((np.ones((1, 3, 2, 4)), np.ones(K), np.ones(V)), ValueError, "batch sizes must be equal; received"),
    ((np.ones(Q), np.ones((2, 4, 2, 4)), np.ones(V)), ValueError, "the same times and the same heads"),
    ((np.ones((2, 3, 2, 5)), np.ones(K), np.ones(V)), ValueError, "the same depth, at least 1; received"),
    ((np.ones((2, 3, 3, 4)), np.ones(K), np.ones(V)), ValueError, "must be a multiple of those of key"),
    (
        (np.ones(Q), np.ones(K), np.ones(V), np.ones((3, 4))),
        ValueError,
        r"bias must broadcast to \(batch, heads, queries, keys\) \(2, 2, 3, 5\); received \(3, 4\)",
    ),
    (
        (np.ones(Q), np.ones(K), np.ones(V), None, np.ones((2, 5), bool)),
        ValueError,
        r"mask must broadcast to .* \(2, 2, 3, 5\); received \(2, 5\)",
    ),
    ((*map(np.ones, (Q, K, V)), None, None, None, False, None, 2.0), ValueError, "soft_cap must be None"),
)
CASES += [
    Case(
        "dot_product_attention",
        normal(*shapes),
        _attention,
        options=options,
        differentiate=tuple(range(len(shapes))),
        terms=_terms,
        errors=ERRORS if name == "plain" else (),
        name=name,
    )
    for name, shapes, options in [
        ("plain", (Q, K, V), {}),
        ("causal", ((1, 4, 2, 3), (1, 4, 2, 3), (1, 4, 2, 3)), {"is_causal": True}),
        ("causal_more_keys", (Q, K, V), {"is_causal": True}),
        ("shared_heads", ((1, 2, 4, 3), (1, 3, 2, 3), (1, 3, 2, 2)), {"scale": 0.7}),
        ("bias", (Q, K, V, (2, 2, 3, 5)), {}),
        ("bias_causal", (Q, K, V, (2, 1, 5)), {"is_causal": True}),
    ]
]
CASES += [
    Case(
        "dot_product_attention",
        make,
        _reference_masked,
        options=options,
        differentiate=(0, 1, 2),
        terms=_terms,
        call=_masked,
        name=name,
    )
    for name, make, options in [
        ("mask", _with_mask(Q, K, V, mask=(2, 2, 3, 5)), {}),
        ("mask_of_keys", _with_mask(Q, K, V, mask=(2, 1, 1, 5)), {}),
        ("mask_causal", _with_mask(Q, K, V, mask=(3, 5)), {"is_causal": True}),
        ("mask_and_bias", _with_mask(Q, K, V, (3, 1), mask=(2, 1, 3, 5)), {}),
    ]
]
CASES += [
    Case(
        "dot_product_attention",
        normal(*shapes),
        lambda query, key, value, **options: np.zeros((*query.shape[:3], value.shape[3])),
        differentiate=(0, 1, 2),
        name=name,
    )
    for name, shapes in [
        ("no_queries", ((2, 0, 2, 4), K, V)),
        ("no_keys", (Q, (2, 0, 2, 4), (2, 0, 2, 3))),
        ("no_values", (Q, K, (2, 5, 2, 0))),
        ("no_heads", ((2, 3, 0, 4), (2, 5, 0, 4), (2, 5, 0, 3))),
        ("no_samples", ((0, 3, 2, 4), (0, 5, 2, 4), (0, 5, 2, 3))),
    ]
]
