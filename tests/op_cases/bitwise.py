"""Cases of the stem bitwise."""

from __future__ import annotations

import numpy as np

from op_cases.case import BROADCAST, SHAPES, Array, Case


def _integers(*shapes: tuple[int, ...], dtype: type = np.int64):
    def make(rng: np.random.Generator) -> tuple[Array, ...]:
        return tuple(
            np.array(rng.integers(0, 2 if dtype is bool else 50, shape)).astype(dtype) for shape in shapes
        )

    return make


CASES = [
    Case(
        reference.__name__,
        _integers(a, b),
        reference,
        differentiate=(),
        errors=(
            ((np.ones(2), np.ones(2)), TypeError, rf"\[{reference.__name__}\] ufunc .* not supported"),
            (
                (np.ones((2, 3), int), np.ones((2, 4), int)),
                ValueError,
                rf"\[{reference.__name__}\] operands could not be broadcast",
            ),
        ),
        name=name,
    )
    for reference in (np.bitwise_and, np.bitwise_or, np.bitwise_xor)
    for name, a, b in BROADCAST
]
CASES += [
    Case(
        "bitwise_not",
        _integers(shape),
        np.invert,
        differentiate=(),
        errors=(((np.ones(2),), TypeError, r"\[bitwise_not\] ufunc 'invert' not supported"),),
        name=name,
    )
    for name, shape in SHAPES
]
CASES += [
    Case(op, _integers(*[(3, 4)] * n, dtype=bool), reference, differentiate=(), name="truths")
    for op, reference, n in [
        ("bitwise_and", np.bitwise_and, 2),
        ("bitwise_or", np.bitwise_or, 2),
        ("bitwise_xor", np.bitwise_xor, 2),
        ("bitwise_not", np.invert, 1),
    ]
]
