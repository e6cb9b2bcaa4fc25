"""Cases of the stem inverse_trigonometry."""

from __future__ import annotations

import numpy as np

from op_cases.case import BROADCAST, SHAPES, Array, Case, away_from_zero, normal


def _inside(shape: tuple[int, ...]):
    """Return a maker of arrays whose values lie well within (-1, 1)."""

    def make(rng: np.random.Generator) -> tuple[Array, ...]:
        return (np.array(rng.uniform(-0.9, 0.9, shape)),)

    return make


CASES = [
    Case(reference.__name__, inputs(shape), reference, ulps=4, name=name)
    for reference, inputs in [(np.arcsin, _inside), (np.arccos, _inside), (np.arctan, normal)]
    for name, shape in SHAPES
]
CASES += [
    Case(
        "arctan2",
        away_from_zero(a, b),
        np.arctan2,
        differentiate=(0, 1),
        ulps=4,
        errors=(
            (
                (np.ones((2, 3)), np.ones((2, 4))),
                ValueError,
                r"\[arctan2\] operands could not be broadcast.*received x1 \(2, 3\), x2 \(2, 4\)",
            ),
        ),
        name=name,
    )
    for name, a, b in BROADCAST
]
