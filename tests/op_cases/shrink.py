"""Cases of the stem shrink."""

from __future__ import annotations

import numpy as np

from op_cases.case import SHAPES, Case


def _between(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Values on both sides of 0.5 and -0.5, none near."""
    return np.array(
        rng.choice([-1.0, 1.0], shape) * (rng.integers(0, 2, shape) + rng.uniform(0.1, 0.4, shape))
    )


CASES = [
    Case(op, lambda rng, shape=shape: (_between(rng, shape),), reference, options=options, ulps=4, name=name)
    for op, reference, options in [
        (
            "soft_shrink",
            lambda x, threshold=0.5: np.sign(x) * np.maximum(abs(x) - threshold, 0),
            {"threshold": 0.5},
        ),
        ("hard_shrink", lambda x: np.where(abs(x) > 0.5, x, 0), {}),
        (
            "threshold",
            lambda x, threshold, default_value: np.where(x > threshold, x, default_value),
            {"threshold": 0.5, "default_value": -2.0},
        ),
    ]
    for name, shape in SHAPES
]
CASES += [
    Case(
        "tanh_shrink",
        lambda rng, shape=shape: (np.array(rng.uniform(1, 4, shape)),),
        lambda x: x - np.tanh(x),
        ulps=12,
        name=name,
    )
    for name, shape in SHAPES
]
