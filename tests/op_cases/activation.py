"""Cases of the stem activation."""

from __future__ import annotations

import numpy as np

from op_cases.case import SHAPES, Array, Case

CASES: list[Case] = []


def _sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


CASES += [
    Case(
        op,
        lambda rng, shape=shape: (np.array(3 * rng.standard_normal(shape)),),
        reference,
        ulps=ulps,
        errors=(((np.array(["a"]),), TypeError, rf"\[{op}\] x must hold real numbers"),),
        name=name,
    )
    for op, reference, ulps in [
        ("relu", lambda x: np.maximum(x, 0), 0),
        ("sigmoid", _sigmoid, 3),
        ("tanh", np.tanh, 3),
    ]
    for name, shape in SHAPES
]
