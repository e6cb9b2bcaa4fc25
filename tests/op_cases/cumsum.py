"""Cases of the stem cumsum."""

from __future__ import annotations

import numpy as np

from op_cases.case import Case, normal
from op_cases.reduction import case_name

CASES = [
    Case(
        "cumsum",
        normal(shape),
        np.cumsum,
        options=options,
        terms=lambda x, options=options: x.size if options.get("axis") is None else x.shape[options["axis"]],
        ulps=2,
        errors=(((np.ones((2, 3)), 2), np.exceptions.AxisError, "axis must lie in"),),
        name=case_name(shape, options),
    )
    for shape, options in [
        ((), {}),
        ((7,), {}),
        ((7,), {"axis": 0}),
        ((3, 5), {}),
        ((3, 5), {"axis": 0}),
        ((3, 5), {"axis": -1}),
        ((2, 3, 4), {"axis": 1}),
        ((0, 4), {"axis": 0}),
    ]
]
