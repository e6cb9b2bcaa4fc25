"""Layers that make vectors of class numbers, and class numbers of values."""

from __future__ import annotations

from layer_cases.case import Case

CASES = [
    *(
        Case("CategoryEncoding", {"num_tokens": 5, "output_mode": mode}, (3, 4), ints=5, name=mode)
        for mode in ("multi_hot", "one_hot", "count")
    ),
    Case("CategoryEncoding", {"num_tokens": 5, "output_mode": "one_hot"}, (3, 1), ints=5, name="column"),
    *(
        Case(
            "Discretization",
            {"bin_boundaries": [-0.5, 0.0, 0.75], "output_mode": mode},
            (3, 4),
            name=mode,
            smooth=False,
        )
        for mode in ("int", "multi_hot", "one_hot", "count")
    ),
]
