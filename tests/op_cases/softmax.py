"""Cases of the stem softmax."""

from __future__ import annotations

import numpy as np

from op_cases.case import Array, Case, normal, terms_of_last_axis

CASES: list[Case] = []


def _softmax(x: Array, axis: int = -1) -> Array:
    e = np.exp(x - x.max(axis, keepdims=True, initial=-np.inf))
    return e / e.sum(axis, keepdims=True)


def _log_softmax(x: Array, axis: int = -1) -> Array:
    x = x - x.max(axis, keepdims=True, initial=-np.inf)
    return x - np.log(np.exp(x).sum(axis, keepdims=True))


CASES += [
    Case(
        op,
        normal(shape),
        reference,
        options={"axis": axis},
        terms=lambda x, axis=axis: x.shape[axis],
        name=f"{'x'.join(map(str, shape))}_axis_{axis}",
    )
    for op, reference in (("softmax", _softmax), ("log_softmax", _log_softmax))
    for shape, axis in [
        ((7,), 0),
        ((4, 10), -1),
        ((4, 10), 0),
        ((3, 35), 1),
        ((2, 3, 5), 1),
        ((3, 2, 300), 0),
        ((5, 1), -1),
        ((0, 4), -1),
        ((2, 3, 0), 1),
    ]
]
CASES += [
    Case(
        op,
        normal((2, 3)),
        reference,
        terms=terms_of_last_axis,
        errors=(
            ((np.ones((2, 3)), 2), ValueError, rf"\[{op}\] axis must lie in \[-2, 2\); received 2"),
            ((np.ones(()),), ValueError, r"axis must lie in \[0, 0\); received -1"),
            ((np.array(["a"]),), TypeError, "must hold real numbers"),
        ),
    )
    for op, reference in (("softmax", _softmax), ("log_softmax", _log_softmax))
]
