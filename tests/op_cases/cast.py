"""Cases of the stem cast."""

from __future__ import annotations

import numpy as np

from op_cases.case import SHAPES, Case, normal

CASES = [Case("copy", normal(shape), np.copy, ulps=0, name=name) for name, shape in SHAPES]
CASES += [
    Case(
        "cast",
        normal(shape),
        lambda x, dtype: x.astype(dtype),
        options={"dtype": dtype},
        differentiate=(),
        errors=(
            (
                (np.ones(2), "float31"),
                TypeError,
                r"\[cast\] dtype must be a type of NumPy's; received 'float31'",
            ),
        ),
        name=f"{dtype}-{name}",
    )
    for dtype in ("int64", "bool")
    for name, shape in SHAPES
]
