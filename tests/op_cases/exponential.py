"""Cases of the stem exponential."""

from __future__ import annotations

import numpy as np

from op_cases.case import SHAPES, Case, normal, positive

CASES = [
    Case(op, inputs(shape), reference, ulps=2, name=name)
    for op, inputs, reference in [
        ("exp", normal, np.exp),
        ("exp2", normal, np.exp2),
        ("expm1", normal, np.expm1),
        ("log", positive, np.log),
        ("log2", positive, np.log2),
        ("log10", positive, np.log10),
        ("log1p", positive, np.log1p),
    ]
    for name, shape in SHAPES
]
