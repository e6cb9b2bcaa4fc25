"""Layers that came before this table."""

from __future__ import annotations

import numpy as np

from layer_cases.case import Case

STEPS = np.array([[True, True, False], [True, False, False]])

CASES = [
    Case("Dense", {"units": 3}, (2, 4)),
    Case("Dense", {"units": 3, "activation": "tanh"}, (2, 3, 4), name="steps"),
    Case("Dense", {"units": 2, "activation": "softmax", "use_bias": False}, (2, 4), name="softmax"),
    Case("Activation", {"activation": "sigmoid"}, (2, 4)),
    Case("Flatten", {}, (2, 3, 4)),
    Case("Reshape", {"target_shape": (2, -1)}, (3, 4, 2)),
    Case("Rescaling", {"scale": 0.5, "offset": 1.0}, (2, 3)),
    Case("InputLayer", {"shape": (3,)}, (2, 3), keras=False),
    Case("Concatenate", {}, [(2, 3), (2, 1)]),
    Case("Concatenate", {"axis": 1}, [(2, 3, 2), (2, 1, 2)], name="axis"),
    Case("Dot", {"axes": 1}, [(2, 3), (2, 3)]),
    Case("Dot", {"axes": (2, 1), "normalize": True}, [(2, 4, 3), (2, 3, 2)], name="normalized"),
    *(
        Case(name, {}, [(2, 3), (2, 3)])
        for name in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")
    ),
    Case("Add", {}, [(2, 3, 4), (2, 4), (2, 1, 4)], name="broadcast", keras=False),
]
