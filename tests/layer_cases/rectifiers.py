"""Activation functions as layers."""

from __future__ import annotations

import numpy as np

from layer_cases.case import Case

CASES = [
    Case("ReLU", {}, (3, 4)),
    Case(
        "ReLU",
        {"max_value": 1.0, "negative_slope": 0.2, "threshold": 0.25},
        (5, 8),
        name="all",
    ),
    Case("ReLU", {"threshold": 0.5}, (5, 8), name="threshold"),
    Case("ReLU", {"max_value": 6.0}, (5, 8), name="relu6"),
    Case("ReLU", {"negative_slope": 0.1}, (5, 8), name="leaky"),
    Case("LeakyReLU", {}, (3, 4)),
    Case("LeakyReLU", {"negative_slope": 0.05}, (3, 4), name="slope"),
    Case("ELU", {}, (3, 4)),
    Case("ELU", {"alpha": 0.5}, (3, 4), name="alpha"),
    Case("PReLU", {}, (3, 4)),
    Case("PReLU", {"alpha_initializer": "ones", "shared_axes": [1, 2]}, (2, 3, 3, 4), name="shared"),
    Case("PReLU", {"alpha_regularizer": "l2", "alpha_constraint": "non_neg"}, (2, 3, 4), name="penalties"),
    Case("Softmax", {}, (3, 4)),
    Case("Softmax", {"axis": 1}, (2, 3, 4), name="axis"),
    Case("Softmax", {"axis": (1, 2)}, (2, 3, 4), name="axes"),
    Case(
        "Softmax",
        {},
        (2, 3),
        name="mask",
        mask=np.array([[True, True, False], [True, False, False]]),
    ),
]
