"""Cases of the stem erf."""

from __future__ import annotations

import math

import numpy as np

from op_cases.case import SHAPES, Array, Case, normal


def erf(x: Array) -> Array:
    return np.array([math.erf(v) for v in x.flat], x.dtype).reshape(x.shape)


CASES = [
    Case(
        "erf",
        normal(shape),
        erf,
        ulps=3,
        errors=(((np.array(["a"]),), TypeError, r"\[erf\] x must hold real numbers"),),
        name=name,
    )
    for name, shape in SHAPES
]
