"""Cases of normalisation: by given statistics, by a sample's own, and by a group's."""

from __future__ import annotations

from typing import Any

import numpy as np

from op_cases.case import Array, Case, normal

CASES: list[Case] = []


def _line(v: Array | None, x: Array, axis: int, otherwise: float) -> Any:
    return otherwise if v is None else v.reshape([-1 if d == axis % x.ndim else 1 for d in range(x.ndim)])


def _batch(
    x: Array,
    mean: Array,
    variance: Array,
    axis: int,
    offset: Any = None,
    scale: Any = None,
    epsilon: float = 1e-3,
) -> Array:
    inverse = 1 / np.sqrt(_line(variance, x, axis, 1) + epsilon)
    return (x - _line(mean, x, axis, 0)) * inverse * _line(scale, x, axis, 1) + _line(offset, x, axis, 0)


def _statistics(shape: tuple[int, ...], channels: int) -> Any:
    """Return a maker of x, mean, a positive variance, offset and scale."""
    return lambda rng: (
        rng.standard_normal(shape),
        rng.standard_normal(channels),
        rng.uniform(0.5, 2, channels),
        rng.standard_normal(channels),
        rng.standard_normal(channels),
    )


def _call_batch(op: Any, x: Any, mean: Any, variance: Any, *more: Any, axis: int) -> Any:
    return op(x, mean, variance, axis, *more)


def _batch_reference(x: Array, mean: Array, variance: Array, *more: Array, axis: int) -> Array:
    return _batch(x, mean, variance, axis, *more)


def _layer(x: Array, gamma: Any = None, beta: Any = None, axis: Any = -1, epsilon: float = 1e-7) -> Array:
    axes = tuple(sorted(a % x.ndim for a in (axis if isinstance(axis, tuple) else (axis,))))
    shape = [n if d in axes else 1 for d, n in enumerate(x.shape)]
    y = (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + epsilon)
    return y * (1 if gamma is None else gamma.reshape(shape)) + (0 if beta is None else beta.reshape(shape))


def _rms(x: Array, scale: Any = None, axis: Any = -1, epsilon: float = 1e-7) -> Array:
    axes = tuple(sorted(a % x.ndim for a in (axis if isinstance(axis, tuple) else (axis,))))
    shape = [n if d in axes else 1 for d, n in enumerate(x.shape)]
    y = x / np.sqrt(np.square(x).mean(axes, keepdims=True) + epsilon)
    return y * (1 if scale is None else scale.reshape(shape))


def _group(x: Array, scale: Any, offset: Any, groups: int, axis: int) -> Array:
    moved = np.moveaxis(x, axis, 1)
    parts = moved.reshape(len(x), groups, -1)
    y = (parts - parts.mean(-1, keepdims=True)) / np.sqrt(parts.var(-1, keepdims=True) + 1e-3)
    y = np.moveaxis(y.reshape(moved.shape), 1, axis)
    return y * _line(scale, x, axis, 1) + _line(offset, x, axis, 0)


def _call_group(op: Any, x: Any, scale: Any, offset: Any, groups: int, axis: int) -> Any:
    return op(x, groups, axis, scale, offset)


CASES += [
    Case(
        "batch_normalization",
        _statistics(shape, channels),
        _batch_reference,
        options={"axis": axis},
        call=_call_batch,
        differentiate=(0, 1, 2, 3, 4),
        terms=lambda x, *_, **__: 4,
        name=name,
    )
    for name, shape, channels, axis in (
        ("last", (4, 3, 5), 5, -1),
        ("first", (2, 3, 4), 3, 1),
        ("one_row", (1, 3), 3, 1),
        ("empty", (0, 3), 3, -1),
    )
]
_X = np.ones((4, 3))
_V = np.ones(3)
CASES += [
    Case(
        "batch_normalization",
        lambda rng: (rng.standard_normal((4, 3)), rng.standard_normal(3), rng.uniform(0.5, 2, 3)),
        _batch_reference,
        options={"axis": -1},
        call=_call_batch,
        differentiate=(0, 1, 2),
        terms=lambda x, *_, **__: 4,
        errors=(
            ((_X, _V, _V, 2), ValueError, r"\[batch_normalization\] axis must lie in \[-2, 2\); received 2"),
            ((_X, np.ones(4), _V, 1), ValueError, r"mean.*\(4,\)"),
            ((_X, _V, np.ones(1), 1), ValueError, r"variance.*\(1,\)"),
            ((_X, _V, _V, 1, np.ones(4)), ValueError, r"offset.*\(4,\)"),
            ((_X, _V, _V, 1, None, np.ones((3, 1))), ValueError, r"scale.*\(3, 1\)"),
        ),
        name="plain",
    ),
    *(
        Case(
            "layer_normalization",
            normal(shape, line, line),
            _layer,
            options={"axis": axis, "epsilon": 1e-3},
            differentiate=(0, 1, 2),
            terms=lambda x, *_, **__: x.size,
            ulps=16,
            name=name,
        )
        for name, shape, line, axis in (
            ("last", (3, 5), (5,), -1),
            ("two", (2, 3, 4), (3, 4), (1, 2)),
            ("middle", (2, 4, 3), (4,), 1),
            ("apart", (3, 2, 2), (3, 2), (0, 2)),
            ("wide", (2, 37), (37,), -1),
            ("empty", (0, 4), (4,), -1),
        )
    ),
    Case(
        "layer_normalization",
        normal((3, 5)),
        _layer,
        terms=lambda x, *_, **__: x.size,
        ulps=16,
        errors=(
            (
                (_X, None, None, 2),
                ValueError,
                r"\[layer_normalization\] axis must lie in \[-2, 2\); received 2",
            ),
            ((_X, None, None, (0, -2)), ValueError, "axis must not name a dimension twice"),
            ((_X, np.ones(4)), ValueError, r"scale.*\(4,\)"),
            ((_X, None, np.ones((1, 3))), ValueError, r"offset.*\(1, 3\)"),
        ),
        name="plain",
    ),
    *(
        Case(
            "rms_normalization",
            normal(shape, line),
            _rms,
            options={"axis": axis},
            differentiate=(0, 1),
            terms=lambda x, *_, **__: x.size,
            errors=(((_X, np.ones(4)), ValueError, r"\[rms_normalization\] scale.*\(4,\)"),),
            name=name,
        )
        for name, shape, line, axis in (("last", (3, 5), (5,), -1), ("middle", (2, 4, 3), (4,), 1))
    ),
    *(
        Case(
            "group_normalization",
            normal(shape, (channels,), (channels,)),
            _group,
            options={"groups": groups, "axis": axis},
            call=_call_group,
            differentiate=(0, 1, 2),
            terms=lambda x, *_, **__: x.size,
            ulps=16,
            errors=(
                ((_X, 2), ValueError, "groups must divide the number of channels; received groups=2, x"),
                ((_X, 0), ValueError, "groups must be a positive integer; received 0"),
                ((_X, 1, 0), ValueError, "axis must not be that of the samples"),
            ),
            name=name,
        )
        for name, shape, channels, groups, axis in (
            ("last", (2, 3, 4), 4, 2, -1),
            ("first", (2, 4, 3), 4, 2, 1),
            ("instance", (2, 5, 3), 3, 3, 2),
            ("one", (2, 2, 3, 2), 2, 1, -1),
        )
    ),
    *(
        Case(
            "moments",
            normal((3, 4, 2)),
            lambda x, axes, which=which: (np.mean, np.var)[which](x, axes),
            options={"axes": axes},
            call=lambda op, x, axes, which=which: op(x, axes)[which],
            terms=lambda x, **_: x.size,
            name=f"{which}_{axes}",
        )
        for which in (0, 1)
        for axes in (1, (0, 2))
    ),
]
