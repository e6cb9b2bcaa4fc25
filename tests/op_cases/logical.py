"""Cases of the stem logical."""

from __future__ import annotations

import numpy as np

from op_cases.case import BROADCAST, SHAPES, Array, Case


def few_values(*shapes: tuple[int, ...], dtype: type = float):
    """Return a maker of arrays half of whose values are 0."""
    return lambda rng: tuple(np.array(rng.choice([0, 0, 2, 1], shape)).astype(dtype) for shape in shapes)


def _truths(shape: tuple[int, ...]):
    def make(rng: np.random.Generator) -> tuple[Array, ...]:
        return tuple(np.array(rng.choice([True, False], shape)) for _ in range(2))

    return make


CASES = [
    Case(
        reference.__name__,
        few_values(a, b),
        reference,
        differentiate=(),
        errors=(
            (
                (np.ones((2, 3)), np.ones((2, 4))),
                ValueError,
                rf"\[{reference.__name__}\] operands could not be broadcast.*received x1 \(2, 3\), x2 \(2, 4\)",
            ),
        ),
        name=name,
    )
    for reference in (np.logical_and, np.logical_or, np.logical_xor)
    for name, a, b in BROADCAST
]
CASES += [
    Case("logical_not", few_values(shape), np.logical_not, differentiate=(), name=name)
    for name, shape in SHAPES
]
CASES += [
    Case(reference.__name__, _truths((3, 4)), reference, differentiate=(), name="truths")
    for reference in (np.logical_and, np.logical_or, np.logical_xor)
]
