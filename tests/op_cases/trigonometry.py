"""Cases of the stem trigonometry."""

from __future__ import annotations

import numpy as np

from op_cases.case import SHAPES, Case, normal

CASES = [
    Case(op, normal(shape), reference, ulps=ulps, name=name)
    for op, reference, ulps in [("sin", np.sin, 2), ("cos", np.cos, 2), ("tan", np.tan, 3)]
    for name, shape in SHAPES
]
