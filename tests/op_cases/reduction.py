"""Cases of the stem reduction."""

from __future__ import annotations

from typing import Any

import numpy as np

from op_cases.case import Array, Case, normal

CASES: list[Case] = []

AXES: list[tuple[tuple[int, ...], dict[str, Any]]] = [
    ((), {}),
    ((7,), {}),
    ((3, 5), {}),
    ((3, 5), {"axis": 0}),
    ((3, 5), {"axis": -1}),
    ((3, 5), {"axis": 1, "keepdims": True}),
    ((3, 5), {"axis": ()}),
    ((2, 3, 4), {"axis": 1}),
    ((2, 3, 4), {"axis": (0, 2)}),
    ((2, 3, 4), {"axis": (-1, 0), "keepdims": True}),
    ((4, 1, 3), {"axis": 1}),
    ((40, 3), {"axis": 1}),
    ((0, 4), {"axis": 1}),
]


def case_name(shape: tuple[int, ...], options: dict[str, Any]) -> str:
    return f"{'x'.join(map(str, shape))}_{'_'.join(f'{k}_{v}' for k, v in options.items())}"


def axis_errors(op: str) -> Any:
    return (
        ((np.ones((2, 3)), 2), np.exceptions.AxisError, rf"\[{op}\] axis must lie in \[-2, 2\); received 2"),
        ((np.ones((2, 3)), (0, -2)), ValueError, "axis must not repeat a dimension"),
    )


def summed(x: Array, axis: Any = None, keepdims: bool = False) -> int:
    axes = range(x.ndim) if axis is None else np.atleast_1d(axis)
    return int(np.prod([x.shape[a] for a in axes]))


CASES += [
    Case(
        reference.__name__,
        normal(shape),
        reference,
        options=options,
        terms=lambda x, options=options: summed(x, **options),
        ulps=2,
        errors=axis_errors(reference.__name__),
        name=case_name(shape, options),
    )
    for reference in (np.sum, np.mean, np.prod)
    for shape, options in AXES
]
CASES += [
    Case("sum", normal((0, 4)), np.sum, options={"axis": 0}, name="nothing"),
    Case(
        "sum",
        normal((3, 700, 5)),
        np.sum,
        differentiate=(),
        terms=lambda x: x.size,
        ulps=2,
        name="many_terms",
    ),
    Case(
        "mean",
        normal((300, 70)),
        np.mean,
        options={"axis": 0},
        differentiate=(),
        terms=lambda x: x.shape[0],
        ulps=2,
        name="many_rows",
    ),
]


def _apart(shape: tuple[int, ...]) -> Any:
    """Return a maker of different values, far apart: moving one a little does not change which is largest."""
    return lambda rng: (np.array(rng.permutation(int(np.prod(shape))).reshape(shape) / 4.0 - 1),)


def _few(rng: np.random.Generator) -> tuple[Array]:
    return (rng.choice([0.0, 0.0, -0.5, np.inf, np.nan], (4, 6, 5)),)


CASES += [
    Case(
        reference.__name__,
        _apart(shape),
        reference,
        options=options,
        ulps=0,
        errors=(
            *axis_errors(reference.__name__),
            ((np.ones((0, 3)), 0), ValueError, "no elements to reduce"),
        ),
        name=case_name(shape, options),
    )
    for reference in (np.max, np.min)
    for shape, options in AXES
]
CASES += [
    Case(
        reference.__name__,
        _few,
        reference,
        options=options,
        differentiate=(),
        errors=axis_errors(reference.__name__),
        name=case_name((), options),
    )
    for reference in (np.any, np.all)
    for options in (
        {},
        {"axis": 0},
        {"axis": -1},
        {"axis": (0, 2)},
        {"axis": 1, "keepdims": True},
        {"axis": ()},
    )
]
