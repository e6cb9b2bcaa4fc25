"""Cases of the stem sigmoid."""

from __future__ import annotations

import numpy as np

from op_cases.case import SHAPES, Array, Case


def sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


def softplus(x: Array) -> Array:
    return np.logaddexp(x, 0)


CASES = [
    Case(
        op,
        lambda rng, shape=shape: (np.array(rng.uniform(-2.5, 7.5, shape)),),
        reference,
        options=options,
        ulps=ulps,
        errors=(
            ((np.array(["a"]),), TypeError, rf"\[{op}\] x must hold real numbers|ufunc 'tanh' not supported"),
        ),
        name=name + "".join(f"-{k}-{v}" for k, v in options.items()),
    )
    for op, reference, options, ulps in [
        ("sigmoid", sigmoid, {}, 3),
        ("tanh", np.tanh, {}, 3),
        ("hard_sigmoid", lambda x: np.clip(x + 3, 0, 6) / 6, {}, 2),
        ("softsign", lambda x: x / (1 + np.abs(x)), {}, 2),
        ("softplus", softplus, {}, 3),
        ("log_sigmoid", lambda x: -softplus(-x), {}, 3),
    ]
    for name, shape in SHAPES
]
