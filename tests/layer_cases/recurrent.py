"""Recurrent layers, their cells, and what wraps them."""

from __future__ import annotations

from typing import Any

import numpy as np

from layer_cases.case import Case

STEPS = np.array([[True, True, True, False], [False, True, False, False]])
SHAPE = (2, 4, 3)
ALL = {"return_sequences": True}
STATE = {"return_state": True}

CASES: list[Case] = []
for _layer in ("SimpleRNN", "LSTM", "GRU"):
    CASES += [
        Case(_layer, {"units": 2}, SHAPE),
        Case(_layer, {"units": 3, "use_bias": False, **ALL}, SHAPE, name="all", keras=False),
        Case(_layer, {"units": 2, "go_backwards": True, **ALL, **STATE}, SHAPE, name="backwards"),
        Case(_layer, {"units": 2, **STATE}, SHAPE, name="mask", mask=STEPS),
        Case(
            _layer,
            {"units": 2, "go_backwards": True, **ALL},
            SHAPE,
            name="mask_backwards",
            keras=False,
            mask=STEPS,
        ),
        Case(_layer, {"units": 2, "zero_output_for_mask": True, **ALL}, SHAPE, name="zeros", mask=STEPS),
        Case(
            _layer, {"units": 2, "activation": "softplus", **ALL}, SHAPE, name="other_activation", keras=False
        ),
        Case(_layer, {"units": 2, "dropout": 0.4}, SHAPE, name="dropout", keras=False, random=True),
        Case(
            _layer,
            {"units": 2, "recurrent_dropout": 0.4},
            SHAPE,
            name="recurrent_dropout",
            keras=False,
            random=True,
        ),
        Case(
            _layer,
            {"units": 2, "kernel_regularizer": "l2", "recurrent_constraint": "max_norm"},
            SHAPE,
            name="regularized",
            keras=False,
        ),
        Case(f"{_layer}Cell", {"units": 2}, (2, 3), keras=False),
    ]
CASES += [
    Case("SimpleRNN", {"units": 2, "activation": "relu"}, SHAPE, name="relu", keras=False),
    Case("GRU", {"units": 2, "reset_after": False, **ALL}, SHAPE, name="before", mask=STEPS),
    Case("GRU", {"units": 2, "recurrent_activation": "hard_sigmoid"}, SHAPE, name="gates", mask=STEPS),
    Case("LSTM", {"units": 2, "recurrent_activation": "softsign"}, SHAPE, name="gates", keras=False),
    Case("LSTM", {"units": 2, "unit_forget_bias": False}, SHAPE, name="bias", keras=False),
    Case(
        "RNN",
        {
            "cell": ("StackedRNNCells", {"cells": [("LSTMCell", {"units": 3}), ("GRUCell", {"units": 2})]}),
            **ALL,
        },
        SHAPE,
        name="stacked",
        mask=STEPS,
    ),
    Case("RNN", {"cell": ("SimpleRNNCell", {"units": 2}), **STATE}, SHAPE),
    Case(
        "StackedRNNCells",
        {"cells": [("SimpleRNNCell", {"units": 3}), ("SimpleRNNCell", {"units": 2})]},
        (2, 3),
        keras=False,
    ),
    Case("TimeDistributed", {"layer": ("Dense", {"units": 2})}, SHAPE),
    Case("TimeDistributed", {"layer": ("LSTM", {"units": 2})}, (2, 2, 3, 2), name="sequences", keras=False),
]
_LSTM: Any = ("LSTM", {"units": 2})
CASES += [
    Case(
        "Bidirectional",
        {"layer": ("LSTM", {"units": 2, **ALL}), "merge_mode": mode},
        SHAPE,
        name=str(mode),
        keras=mode in ("concat", None),
    )
    for mode in ("concat", "sum", "mul", "ave", None)
]
CASES += [
    Case("Bidirectional", {"layer": ("GRU", {"units": 2, **STATE})}, SHAPE, name="state"),
    Case("Bidirectional", {"layer": ("LSTM", {"units": 2, **ALL})}, SHAPE, name="mask", mask=STEPS),
    Case(
        "Bidirectional",
        {"layer": _LSTM, "backward_layer": ("GRU", {"units": 3, "go_backwards": True})},
        SHAPE,
        name="two_layers",
        keras=False,
    ),
]
