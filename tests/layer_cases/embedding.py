"""Rows of Embedding and Masking."""

from __future__ import annotations

from layer_cases.case import Case

CASES = [
    Case("Embedding", {"input_dim": 5, "output_dim": 3}, (2, 4), ints=5),
    Case("Embedding", {"input_dim": 5, "output_dim": 3, "mask_zero": True}, (3, 4), ints=5, name="mask"),
    Case(
        "Embedding",
        {
            "input_dim": 4,
            "output_dim": 2,
            "embeddings_initializer": "ones",
            "embeddings_regularizer": "l2",
            "embeddings_constraint": "non_neg",
        },
        (2, 3, 2),
        ints=4,
        name="options",
    ),
    Case("Masking", {"mask_value": 2.0}, (2, 3, 2)),
    Case(
        "Masking",
        {},
        (3, 4),
        data=lambda rng, shape: rng.standard_normal(shape) * [[1], [0], [1]],
        smooth=False,
        name="masked",
    ),
]
