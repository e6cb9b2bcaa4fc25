"""Rows of the attention layers and EinsumDense."""

from __future__ import annotations

from typing import Any

import numpy as np

from layer_cases.case import Case

QUERY, VALUE = (2, 3, 4), (2, 5, 4)
MASKS = [np.array([[1, 1, 0]], bool), np.array([[1, 0, 1, 0, 1]], bool)]
SEEN = np.array([[1, 1, 0, 1, 1], [0, 1, 1, 0, 1], [1, 0, 0, 1, 0]], bool)


# JAX's attention takes softmax, and XLA tanh of longer arrays, in float32 or nearly so.
NARROW = 1e-6


def _heads(name: str, options: dict[str, Any] | None = None, inputs: Any = None, **more: Any) -> Case:
    options = {"num_heads": 2, "key_dim": 3, **(options or {})}
    if not more.get("call", {}).get("return_attention_scores"):
        more["keras_rtol"] = NARROW
    return Case("MultiHeadAttention", options, inputs or [QUERY, VALUE], name=name, spread=True, **more)


CASES = [
    Case("EinsumDense", {"equation": "ab,bc->ac", "output_shape": 3, "bias_axes": "c"}, (2, 4)),
    *(
        Case(
            "EinsumDense",
            {"equation": equation, "output_shape": shape, "bias_axes": bias, **more},
            inputs,
            name=name,
        )
        for name, equation, shape, bias, inputs, more in [
            ("heads", "abc,cde->abde", (None, 2, 3), "de", (2, 3, 4), {"activation": "tanh"}),
            ("joined", "abcd,cde->abe", (None, 3), "e", (2, 3, 2, 2), {}),
            ("ellipsis", "...x,xy->...y", 3, "y", (2, 3, 4), {"activation": "relu"}),
            ("ellipsis_behind", "ab...,bc->ac...", 3, "c", (2, 4, 3), {"activation": "softplus"}),
            ("other_order", "abc,dc->adb", (5, None), None, (2, 3, 4), {"kernel_initializer": "he_normal"}),
            ("part_of_bias", "abc,cde->abde", (None, 2, 3), "d", (2, 3, 4), {}),
        ]
    ),
    _heads("plain"),
    _heads("key", inputs=[QUERY, VALUE, (2, 5, 2)]),
    _heads("sizes", {"value_dim": 2, "output_shape": 5, "use_bias": False}, keras=False),  # JAX refuses it
    _heads("sizes_scores", {"value_dim": 2, "output_shape": 5}, call={"return_attention_scores": True}),
    _heads("causal", call={"use_causal_mask": True}, inputs=[QUERY, QUERY]),
    _heads("seen", call={"attention_mask": SEEN[np.newaxis]}),
    _heads("seen_by_heads", call={"attention_mask": np.stack([SEEN, ~SEEN])[np.newaxis]}),
    _heads("value_mask", call={"value_mask": MASKS[1]}),
    _heads("scores", call={"return_attention_scores": True, "value_mask": MASKS[1]}),
    _heads("scores_causal", call={"return_attention_scores": True, "use_causal_mask": True}),
    _heads("gate", {"use_gate": True}),
    _heads("window", {"sliding_window": 2}, [QUERY, QUERY]),
    _heads("dropout", {"dropout": 0.5, "seed": 1}, random=True),
    _heads("planes", inputs=[(2, 2, 3, 4), (2, 2, 2, 4)]),
    _heads("one_axis", {"attention_axes": (2,)}, [(2, 2, 3, 4), (2, 2, 5, 4)]),
    _heads(
        "one_axis_scores",
        {"attention_axes": 1},
        [(2, 3, 2, 4), (2, 5, 2, 4)],
        call={"return_attention_scores": True, "attention_mask": SEEN[np.newaxis]},
    ),
    _heads("regularized", {"kernel_regularizer": "l2", "bias_constraint": "non_neg"}),
    *(
        Case(
            "GroupQueryAttention",
            {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2, **options},
            [QUERY, VALUE],
            name=name,
            spread=True,
            call=call,
            keras_rtol=NARROW,
        )
        for name, options, call in [
            ("plain", {}, {}),
            ("scores", {"use_gate": True}, {"return_attention_scores": True, "value_mask": MASKS[1]}),
        ]
    ),
    *(
        Case(layer, options, inputs, name=name, **more, keras_rtol=1e-10 if layer == "Attention" else NARROW)
        for layer in ("Attention", "AdditiveAttention")
        for name, options, inputs, more in [
            ("plain", {}, [QUERY, VALUE], {}),
            ("key", {}, [QUERY, (2, 5, 2), VALUE], {}),
            ("scale", {"use_scale": layer == "Attention"}, [QUERY, VALUE], {}),
            ("masks", {}, [QUERY, VALUE], {"mask": MASKS}),
            ("masks_causal", {}, [QUERY, VALUE], {"mask": MASKS, "call": {"use_causal_mask": True}}),
            ("scores", {}, [QUERY, VALUE], {"call": {"return_attention_scores": True}, "mask": MASKS}),
            ("dropout", {"dropout": 0.3}, [QUERY, VALUE], {"random": True}),
        ]
    ),
    Case(
        "Attention",
        {"score_mode": "concat", "use_scale": True},
        [QUERY, VALUE],
        name="concat",
        keras_rtol=NARROW,
    ),
]
