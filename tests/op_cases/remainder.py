"""Cases of the stem remainder."""

from __future__ import annotations

import numpy as np

from op_cases.case import BROADCAST, Array, Case


def _between_steps(a: tuple[int, ...], b: tuple[int, ...]):
    """Return a maker of dividends that no divisor goes into: all quotients are some way off whole numbers."""

    def make(rng: np.random.Generator) -> tuple[Array, ...]:
        x1 = rng.choice([-9.75, -3.25, 2.75, 8.25], a)  # quarters, divided by 1, 2 and their negatives
        return np.array(x1), np.array(rng.choice([-2.0, -1.0, 1.0, 2.0], b))

    return make


CASES = [
    Case(
        reference.__name__ if reference is not np.mod else "mod",
        _between_steps(a, b),
        reference,
        differentiate=(0, 1),
        ulps=0,
        errors=(
            (
                (np.ones((2, 3)), np.ones((2, 4))),
                ValueError,
                r"\[.*\] operands could not be broadcast.*received x1 \(2, 3\), x2 \(2, 4\)",
            ),
        ),
        name=name,
    )
    for reference in (np.floor_divide, np.mod)
    for name, a, b in BROADCAST
]
