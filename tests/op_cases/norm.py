"""Cases of the stem norm."""

from __future__ import annotations

import numpy as np

from op_cases.case import Case, away_from_zero
from op_cases.reduction import case_name, summed

CASES = [
    Case(
        "norm",
        away_from_zero(shape),
        np.linalg.norm,
        options=options,
        terms=lambda x, options=options: summed(x, options.get("axis")),
        errors=(
            ((np.ones((2, 3)), None, 2), np.exceptions.AxisError, "axis must lie in"),
            ((np.ones((2, 3, 4)), 1), ValueError, "[Ii]mproper"),
            ((np.ones((2, 3, 4)), None, (0, 1, 2)), ValueError, "[Ii]mproper"),
            ((np.ones((2, 3)), "nonsense"), ValueError, "[Ii]nvalid norm order"),
        ),
        name=case_name(shape, options),
    )
    for shape, options in [
        ((), {}),
        ((7,), {}),
        ((2, 3, 4), {}),
        ((3, 5), {"ord": "fro"}),
        ((2, 3, 4), {"axis": (0, 2), "keepdims": True}),
        ((2, 3, 4), {"ord": "fro", "axis": (0, 2)}),
        *(((3, 5), {"ord": order, "axis": 1}) for order in (None, 1, 2, np.inf, -np.inf, 3, 0.5)),
        ((3, 40), {"ord": 1, "axis": 0, "keepdims": True}),
        ((3, 40), {"ord": 2, "axis": 0}),
        ((3, 40), {"ord": np.inf, "axis": 0}),
        ((7,), {"ord": 1}),
    ]
]
CASES += [
    Case(
        "norm",
        away_from_zero((4, 5)),
        np.linalg.norm,
        options={"ord": order},
        differentiate=(),
        terms=lambda x: x.size,
        name=f"matrix_{order}",
    )
    for order in (1, -1, 2, -2, np.inf, -np.inf, "nuc")
]
