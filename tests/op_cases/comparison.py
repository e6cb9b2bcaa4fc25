"""Cases of the stem comparison."""

from __future__ import annotations

import numpy as np

from op_cases.case import BROADCAST, SHAPES, Array, Case


def _few_values(*shapes: tuple[int, ...]):
    """Return a maker of arrays in which equal values meet."""

    def make(rng: np.random.Generator) -> tuple[Array, ...]:
        return tuple(np.array(rng.choice([-1.5, 0.0, 2.0], shape)) for shape in shapes)

    return make


def _special(shape: tuple[int, ...]):
    def make(rng: np.random.Generator) -> tuple[Array, ...]:
        return (np.array(rng.choice([-1.5, 0.0, np.inf, -np.inf, np.nan], shape)),)

    return make


CASES = [
    Case(
        reference.__name__,
        _few_values(a, b),
        reference,
        differentiate=(),
        errors=(
            (
                (np.ones((2, 3)), np.ones((2, 4))),
                ValueError,
                rf"\[{reference.__name__}\] shapes must broadcast; received \(2, 3\) and \(2, 4\)",
            ),
        ),
        name=name,
    )
    for reference in (np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal)
    for name, a, b in BROADCAST
]
CASES += [
    Case(reference.__name__, _special(shape), reference, differentiate=(), name=name)
    for reference in (np.isnan, np.isinf, np.isfinite)
    for name, shape in SHAPES
]
