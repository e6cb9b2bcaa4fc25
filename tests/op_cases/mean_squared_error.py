"""Cases of the stem mean_squared_error."""

from __future__ import annotations

import numpy as np

from op_cases.case import Case, normal

CASES: list[Case] = []

CASES += [
    Case(
        "mean_squared_error",
        normal(shape, shape),
        lambda y_true, y_pred: ((y_true - y_pred) ** 2).mean(-1),
        differentiate=(1,),
        terms=lambda y_true, y_pred: y_pred.shape[-1],
        errors=(
            (
                (np.ones((2, 3)), np.ones((2, 4))),
                ValueError,
                r"\[mean_squared_error\] y_true.shape must be \(2, 4\); received \(2, 3\)",
            ),
            ((np.ones(()), np.ones(())), ValueError, "at least one dimension"),
        ),
        name="x".join(map(str, shape)),
    )
    for shape in [(5,), (4, 3), (2, 3, 70), (6, 1), (0, 3)]
]
