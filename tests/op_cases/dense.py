"""Cases of the stem dense."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from op_cases.case import Array, Case, normal, terms_of_last_axis

CASES: list[Case] = []


ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "linear": lambda z: z,
    "relu": lambda z: np.maximum(z, 0),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
}


def _dense(x: Array, kernel: Array, bias: Array | None = None, activation: str = "linear") -> Array:
    return ACTIVATIONS[activation](x @ kernel + (0 if bias is None else bias))


CASES += [
    Case(
        "dense",
        normal((3, 5), (5, 4), (4,)),
        _dense,
        options={"activation": activation},
        differentiate=(0, 1, 2),
        terms=terms_of_last_axis,
        ulps=16,
        name=activation,
    )
    for activation in ("linear", "relu", "sigmoid", "tanh")
]
CASES += [
    Case(
        "dense",
        normal((2, 3, 5), (5, 4), (4,)),
        _dense,
        differentiate=(0, 1, 2),
        terms=terms_of_last_axis,
        name="stack",
    ),
    Case(
        "dense",
        normal((5,), (5, 4), (4,)),
        _dense,
        differentiate=(0, 1, 2),
        terms=terms_of_last_axis,
        name="one_row",
    ),
    Case(
        "dense",
        normal((3, 5), (5, 4)),
        _dense,
        differentiate=(0, 1),
        terms=terms_of_last_axis,
        name="no_bias",
    ),
    Case(
        "dense",
        normal((0, 5), (5, 4), (4,)),
        _dense,
        differentiate=(0, 1, 2),
        terms=terms_of_last_axis,
        name="no_rows",
    ),
    Case(
        "dense",
        normal((3, 0), (0, 4), (4,)),
        _dense,
        options={"activation": "tanh"},
        differentiate=(0, 1, 2),
        name="no_terms",
    ),
    Case(
        "dense",
        normal((300, 20), (20, 40), (40,)),
        _dense,
        options={"activation": "relu"},
        differentiate=(),
        terms=terms_of_last_axis,
        errors=(
            ((np.ones((2, 3)), np.ones((2, 3))), ValueError, r"x.shape\[-1\] must equal kernel.shape\[0\]"),
            ((np.ones(3), np.ones(3)), ValueError, "kernel must have two dimensions"),
            ((np.ones(()), np.ones((2, 3))), ValueError, "x must have at least one dimension"),
            ((np.ones((2, 3)), np.ones((3, 4)), np.ones(3)), ValueError, "bias.shape must be"),
            (
                (np.ones((2, 3)), np.ones((3, 4)), None, "relo"),
                ValueError,
                r"must be one of 'linear', 'relu', 'sigmoid', 'tanh'; received 'relo'",
            ),
        ),
        name="tiles",
    ),
]
