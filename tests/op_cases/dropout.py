"""Cases of the stem dropout."""

from __future__ import annotations

from typing import Any

import numpy as np
from fastnn._core import native

from op_cases.case import SHAPES, Array, Case, normal

SEED = 12


def dropout(x: Array, rate: float, noise_shape: Any = None, seed: int = SEED) -> Array:
    """By the words of Philox, one for each element."""
    shape = x.shape if noise_shape is None else [s or n for s, n in zip(noise_shape, x.shape, strict=True)]
    n = int(np.prod(shape))
    words = np.array([native.philox(seed, 0, i) for i in range((n + 3) // 4)], np.float64).ravel()[:n]
    kept = (words >= rate * 2**32).reshape(shape)
    return np.where(kept, x / (1 - rate) if rate < 1 else x, 0.0)


CASES = [
    Case("dropout", normal(shape), dropout, options={"rate": 0.3, "seed": SEED}, name=name)
    for name, shape in [*SHAPES, ("words", (3, 50))]
]
CASES += [
    Case(
        "dropout",
        normal((2, 3, 4)),
        dropout,
        options={"rate": 0.5, "noise_shape": noise_shape, "seed": SEED},
        name=name,
    )
    for name, noise_shape in [("steps", (None, 1, None)), ("whole", (2, 3, 4)), ("together", (1, 1, 1))]
]
CASES += [
    Case(
        "dropout",
        normal((70,)),
        dropout,
        options={"rate": rate, "seed": SEED},
        differentiate=(),
        errors=(
            ((np.ones(3), -0.1), ValueError, r"^\[dropout\] rate must lie in \[0, 1\]; received -0.1"),
            ((np.ones(3), 1.5), ValueError, "rate must lie in"),
            ((np.ones(3), float("nan")), ValueError, "rate must lie in"),
            ((np.ones((3, 4)), 0.5, (3,)), ValueError, "noise_shape must have a size for each axis"),
            ((np.ones((3, 4)), 0.5, (3, 2)), ValueError, r"received inputs \(3, 4\), noise_shape \(3, 2\)"),
            ((np.array(["a"]), 0.5), TypeError, r"\[dropout\] inputs must hold real numbers"),
        ),
        name=f"rate_{rate}",
    )
    for rate in (0.0, 1e-9, 0.999, 1.0)
]
