"""Cases of the stem product."""

from __future__ import annotations

import numpy as np

from op_cases.case import Case, normal, terms_of_last_axis

CASES: list[Case] = []

CASES += [
    Case(
        "dot",
        normal(a, b),
        np.dot,
        differentiate=(0, 1),
        terms=lambda a, b: a.shape[-1] if a.ndim and b.ndim else 1,
        errors=(
            (
                (np.ones((2, 3)), np.ones((2, 3))),
                ValueError,
                r"\[dot\] .*a.shape\[-1\] must equal b.shape\[-2\]; received \(2, 3\) and \(2, 3\)",
            ),
            ((np.ones((2, 3)), np.ones(2)), ValueError, r"\[dot\] .*a.shape\[-1\] must equal b.shape\[0\]"),
            ((np.ones((1, 2)), np.ones((4, 3, 5))), ValueError, r"\[dot\] .* x2 \(4, 3, 5\)"),
            ((np.ones((2, 3), int), np.ones((2, 3), int)), ValueError, r"\[dot\] shapes .* not aligned"),
        ),
        name=name,
    )
    for name, a, b in [
        ("vectors", (5,), (5,)),
        ("matrices", (3, 5), (5, 4)),
        ("matrix_vector", (3, 5), (5,)),
        ("vector_matrix", (5,), (5, 3)),
        ("4d_vector", (2, 1, 3, 5), (5,)),
        ("4d_matrix", (2, 1, 3, 5), (5, 2)),
        ("matrix_3d", (2, 5), (3, 5, 2)),
        ("3d_3d", (2, 2, 5), (3, 5, 2)),
        ("vector_4d", (5,), (2, 3, 5, 1)),
        ("number", (), (2, 3)),
        ("by_number", (2, 3), ()),
        ("numbers", (), ()),
        ("no_rows", (0, 5), (5, 4)),
        ("no_terms", (2, 0), (3, 0, 4)),
    ]
]
CASES += [
    Case(
        "inner",
        normal(a, b),
        np.inner,
        differentiate=(0, 1),
        terms=lambda a, b: a.shape[-1] if a.ndim and b.ndim else 1,
        errors=(
            (
                (np.ones((2, 3)), np.ones((3, 2))),
                ValueError,
                r"\[inner\] x1.shape\[-1\] must equal x2.shape\[-1\]; received x1 \(2, 3\), x2 \(3, 2\)",
            ),
        ),
        name=name,
    )
    for name, a, b in [
        ("vectors", (5,), (5,)),
        ("matrices", (3, 5), (4, 5)),
        ("matrix_vector", (3, 5), (5,)),
        ("vector_3d", (5,), (2, 3, 5)),
        ("3d_3d", (2, 2, 5), (3, 1, 5)),
        ("number", (), (2, 3)),
        ("by_number", (3,), ()),
        ("no_terms", (2, 0), (3, 0)),
    ]
]
CASES += [
    Case("outer", normal(a, b), np.outer, differentiate=(0, 1), ulps=1, name=name)
    for name, a, b in [
        ("vectors", (3,), (4,)),
        ("matrices", (2, 3), (2, 2)),
        ("number", (), (3,)),
        ("empty", (0,), (3,)),
    ]
]
CASES += [
    Case(
        "vdot",
        normal(a, b),
        np.vdot,
        differentiate=(0, 1),
        terms=lambda a, b: a.size,
        errors=(
            (
                (np.ones((2, 3)), np.ones(5)),
                ValueError,
                r"\[vdot\] x1.size must equal x2.size; received x1 \(2, 3\), x2 \(5,\)",
            ),
        ),
        name=name,
    )
    for name, a, b in [
        ("vectors", (5,), (5,)),
        ("matrices", (2, 3), (2, 3)),
        ("other_shape", (2, 3), (6,)),
        ("numbers", (), ()),
        ("empty", (0,), (0,)),
    ]
]
CASES += [
    Case(
        "vdot",
        normal((2, 3)),
        lambda x: np.vdot(x, x),
        terms=lambda x: x.size,
        call=lambda op, x: op(x, x),
        name="with_itself",
    ),
    Case("dot", normal((40, 70), (70, 50)), np.dot, differentiate=(), terms=terms_of_last_axis, name="tiles"),
]
