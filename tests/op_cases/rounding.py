"""Cases of the stem rounding."""

from __future__ import annotations

import numpy as np

from op_cases.case import SHAPES, Array, Case


def _no_whole_numbers(shape: tuple[int, ...]):
    def make(rng: np.random.Generator) -> tuple[Array, ...]:
        return (np.array(rng.integers(-4, 4, shape) + rng.uniform(0.1, 0.4, shape)),)

    return make


CASES = [
    Case(op, _no_whole_numbers(shape), reference, ulps=0, name=name)
    for op, reference in [
        ("floor", np.floor),
        ("ceil", np.ceil),
        ("trunc", np.trunc),
        ("round", np.round),
    ]
    for name, shape in SHAPES
]
