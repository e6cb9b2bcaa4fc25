"""Cases of the stem matmul."""

from __future__ import annotations

import numpy as np

from op_cases.case import Case, normal, terms_of_last_axis

CASES: list[Case] = []

CASES += [
    Case("matmul", normal(a, b), np.matmul, differentiate=(0, 1), terms=terms_of_last_axis, name=name)
    for name, a, b in [
        ("matrices", (3, 5), (5, 4)),
        ("one_vector", (5,), (5, 4)),
        ("matrix_vector", (3, 5), (5,)),
        ("vectors", (5,), (5,)),
        ("stacks", (2, 3, 5), (2, 5, 4)),
        ("stack_matrix", (2, 3, 5), (5, 4)),
        ("matrix_stack", (3, 5), (2, 5, 4)),
        ("stack_vector", (2, 3, 5), (5,)),
        ("vector_stack", (5,), (2, 5, 4)),
        ("broadcast", (2, 1, 3, 5), (4, 5, 2)),
        ("no_rows", (0, 5), (5, 4)),
        ("no_terms", (3, 0), (0, 4)),
        ("no_stack", (0, 3, 5), (5, 4)),
    ]
]
CASES += [
    Case(
        "matmul",
        normal((40, 70), (70, 50)),
        np.matmul,
        differentiate=(),
        terms=terms_of_last_axis,
        errors=(
            (
                (np.ones((2, 3)), np.ones((2, 3))),
                ValueError,
                r"a.shape\[-1\] must equal b.shape\[-2\]; received",
            ),
            ((np.ones((2, 3)), np.ones(2)), ValueError, r"a.shape\[-1\] must equal b.shape\[0\]"),
            ((np.ones(()), np.ones(2)), ValueError, "at least one dimension"),
            ((np.ones((2, 1, 3)), np.ones((4, 3, 1))), ValueError, "must broadcast"),
        ),
        name="tiles",
    )
]
