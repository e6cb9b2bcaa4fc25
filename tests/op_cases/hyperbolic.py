"""Cases of the stem hyperbolic."""

from __future__ import annotations

import numpy as np

from op_cases.case import SHAPES, Array, Case, normal


def _between(low: float, high: float):
    """Return a function that returns makers of arrays whose values lie between two bounds."""

    def inputs(shape: tuple[int, ...]):
        def make(rng: np.random.Generator) -> tuple[Array, ...]:
            return (np.array(rng.uniform(low, high, shape)),)

        return make

    return inputs


CASES = [
    Case(reference.__name__, inputs(shape), reference, ulps=4, name=name)
    for reference, inputs in [
        (np.sinh, normal),
        (np.cosh, normal),
        (np.arcsinh, normal),
        (np.arccosh, _between(1.5, 4)),
        (np.arctanh, _between(-0.9, 0.9)),
    ]
    for name, shape in SHAPES
]
