"""Cases of the stem squareplus."""

from __future__ import annotations

import numpy as np

from op_cases.case import SHAPES, Case


def _away_from_one(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return np.array(rng.integers(-2, 2, shape) + rng.uniform(0.1, 0.9, shape))


CASES = [
    Case(
        op,
        lambda rng, shape=shape: (_away_from_one(rng, shape),),
        reference,
        options=options,
        ulps=8,
        name=name,
    )
    for op, reference, options in [
        ("squareplus", lambda x, b=4: (x + np.sqrt(x * x + b)) / 2, {"b": 3}),
        ("hard_tanh", lambda x: np.clip(x, -1, 1), {}),
        ("sparse_sigmoid", lambda x: np.clip((x + 1) / 2, 0, 1), {}),
        ("sparse_plus", lambda x: np.where(x <= -1, 0, np.where(x < 1, ((x + 1) / 2) ** 2, x)), {}),
    ]
    for name, shape in SHAPES
]
