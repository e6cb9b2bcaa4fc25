"""Cases of the stem cast."""

from __future__ import annotations

import numpy as np

from op_cases.case import SHAPES, Array, Case, normal


def _there_and_back(op, x: Array) -> Array:
    """Convert to the wide type and again to that of the array, which the gradient must take back."""
    return op(op(x, np.float64), x.dtype.newbyteorder("="))


_ERRORS = (
    ((np.ones(2), "flot32"), TypeError, r"\[cast\] dtype must be a type of NumPy's; received 'flot32'"),
    ((np.array(["a"]), "float32"), ValueError, r"\[cast\] could not convert string to float: .*'a'"),
)
CASES = [
    *(
        Case("cast", normal(shape), lambda x: x, ulps=0, call=_there_and_back, name=name)
        for name, shape in SHAPES
    ),
    *(
        Case(
            "cast",
            normal((3, 4)),
            lambda x, dtype: x.astype(dtype),
            options={"dtype": dtype},
            differentiate=(),
            errors=_ERRORS,
            name=dtype,
        )
        for dtype in ("int32", "bool")
    ),
]
