"""Dense layers with penalties and constraints, which change no output; test_regularizers.py has what they do."""

from __future__ import annotations

from layer_cases.case import Case

CASES = [
    Case(
        "Dense",
        {
            "units": 3,
            "kernel_regularizer": "l2",
            "bias_regularizer": "l1",
            "activity_regularizer": "l2",
            "kernel_constraint": "max_norm",
            "bias_constraint": "non_neg",
        },
        (2, 4),
        name="penalties",
    ),
]
