"""Cases of the stem selection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.exceptions import AxisError

from op_cases.case import Array, Case, normal

CASES: list[Case] = []


def _with(shape: tuple[int, ...], indices: Any) -> Callable[[np.random.Generator], tuple[Array, ...]]:
    return lambda rng: (np.array(rng.standard_normal(shape)), np.array(indices, dtype=np.int64))


CASES += [
    Case(
        "take",
        _with(shape, indices),
        np.take,
        options={"axis": axis},
        ulps=0,
        errors=(
            (
                (np.ones((2, 3)), np.array([2]), 0),
                IndexError,
                r"\[take\] indices must lie in \[-2, 2\); received 2",
            ),
            ((np.ones((2, 3)), np.array([3]), 1), IndexError, r"\[take\] index 3 .* received x \(2, 3\)"),
            ((np.ones((2, 3)), np.array([0]), 2), AxisError, r"\[take\] axis 2 is out of bounds"),
            ((np.ones((2, 3)), np.array([0.5]), 0), TypeError, r"\[take\] Cannot cast"),
        ),
        name=name,
    )
    for name, shape, indices, axis in [
        ("rows", (3, 2), [2, -1, 0, 2], 0),
        ("columns", (2, 3), [[0, 2], [-3, 2]], 1),
        ("last", (2, 3, 2), [1, 1, 0], -1),
        ("middle", (2, 3, 2), [1, -1], 1),
        ("flat", (2, 3), [5, -6, 5], None),
        ("vector", (4,), [3, 3, 0], 0),
        ("one", (2, 3), 1, 0),
        ("one_of_vector", (3,), 1, 0),
        ("nothing", (2, 3), [], 0),
    ]
]
CASES += [
    Case(
        "take_along_axis",
        _with(shape, indices),
        np.take_along_axis,
        options={"axis": axis},
        ulps=0,
        errors=(
            ((np.ones((2, 3)), np.array([[3]])), IndexError, r"\[take_along_axis\] .* received x \(2, 3\)"),
            ((np.ones((2, 3)), np.array([0])), ValueError, r"\[take_along_axis\] .* indices \(1,\)"),
            ((np.ones((2, 3)), np.array([[0]]), 2), AxisError, r"\[take_along_axis\] axis 2"),
            ((np.ones((2, 3)), np.array([[0.5]])), IndexError, "must be an integer"),
        ),
        name=name,
    )
    for name, shape, indices, axis in [
        ("last", (2, 3), [[0, -1, 0], [2, 2, 1]], -1),
        ("first", (3, 2), [[2, 0], [2, -1]], 0),
        ("fewer", (2, 3), [[1], [-3]], 1),
        ("broadcast", (2, 3), [[1, 1, 0, 2]], 1),
        ("flat", (2, 3), [5, 0, 5, -1], None),
        ("nothing", (2, 3), [[], []], 1),
    ]
]
CASES += [
    Case(
        "get_item",
        normal(shape),
        lambda x, key: np.asarray(x[key]),
        options={"key": key},
        ulps=0,
        errors=(
            ((np.ones((2, 3)), 2), IndexError, r"\[get_item\] index 2 .* received x \(2, 3\), key 2"),
            ((np.ones((2, 3)), (0, 0, 0)), IndexError, r"\[get_item\] too many indices"),
            ((np.ones((2, 3)), ([0, 1], [0, 1, 2])), IndexError, "could not be broadcast"),
            ((np.ones((2, 3)), 0.5), IndexError, "only integers"),
        ),
        name=name,
    )
    for name, shape, key in [
        ("number", (3, 2), -1),
        ("element", (3, 2), (1, 0)),
        ("slice", (5, 2), slice(1, None, 2)),
        ("backwards", (5,), slice(None, None, -2)),
        ("new_dimension", (3, 2), (None, slice(None), 1)),
        ("ellipsis", (2, 3, 2), (..., 0)),
        ("all", (2, 3), ...),
        ("no_dimensions", (), ()),
        ("empty", (3,), slice(2, 2)),
        ("array", (3, 2), np.array([2, 0, 2])),
        ("list", (3, 2), [2, -1, 2]),
        ("arrays", (3, 4), (np.array([[0], [2]]), np.array([1, -1, 1]))),
        ("array_and_slice", (3, 4, 2), (slice(1), np.array([1, 1]))),
        ("arrays_apart", (3, 4, 2), (np.array([0, 0]), slice(None), np.array([1, 1]))),
        ("array_and_number", (3, 4), (1, np.array([1, 1]))),
        ("mask", (3, 2), np.array([True, False, True])),
        ("mask_of_all", (2, 2), np.array([[True, False], [True, True]])),
        ("mask_and_array", (3, 2), (np.array([True, False, True]), np.array([1, 1]))),
    ]
]


def _one_hot(x: Array, num_classes: int, axis: int, dtype: Any) -> Array:
    return np.moveaxis((x[..., np.newaxis] == np.arange(num_classes)).astype(dtype), -1, axis)


CASES += [
    Case(
        "one_hot",
        lambda rng, labels=labels: (np.array(labels, dtype=np.int64),),
        _one_hot,
        options={"num_classes": classes, "axis": axis, "dtype": "int64"},
        differentiate=(),
        errors=(
            ((np.array([0.5]), 3), TypeError, r"\[one_hot\] x must hold integers; received dtype float64"),
            ((np.array([1]), -1), ValueError, r"\[one_hot\] num_classes must not be negative; received -1"),
            ((np.array([1]), 3, 2), AxisError, r"\[one_hot\] axis .* received x \(1,\), axis 2"),
        ),
        name=name,
    )
    for name, labels, classes, axis in [
        ("vector", [1, 0, 2], 3, -1),
        ("outside", [-1, 3, 1], 3, -1),
        ("matrix_first", [[1, 0], [2, 1]], 3, 0),
        ("matrix_middle", [[1, 0], [2, 1]], 4, 1),
        ("number", 1, 2, 0),
        ("no_labels", [], 2, -1),
        ("no_classes", [0], 0, -1),
    ]
]
