"""Cases of the stem creation. Types are given: the table's tests want results of the type of their inputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from op_cases.case import SHAPES, Case, normal


def _new(op: str, name: str, reference: Any = None, **options: Any) -> Case:
    return Case(
        op, lambda rng: (), reference or getattr(np, op), options=options, differentiate=(), name=name
    )


CASES = [_new(op, name, shape=shape, dtype="int64") for op in ("zeros", "ones") for name, shape in SHAPES]
CASES += [_new("full", name, shape=shape, fill_value=7, dtype="int64") for name, shape in SHAPES]
CASES += [
    _new("eye", "square", N=3, dtype="int64"),
    _new("eye", "above", N=2, M=4, k=1, dtype="bool"),
    _new("eye", "below", N=2, M=1, k=-1, dtype="int32"),
    _new("linspace", "to_the_end", start=0, stop=8, num=5, dtype="int64"),
    _new("linspace", "without_the_end", start=0, stop=8, num=4, endpoint=False, dtype="int64"),
    _new("arange", "to", reference=lambda start: np.arange(start), start=4),
    _new("arange", "from_to", reference=lambda start, stop: np.arange(start, stop), start=2, stop=5),
    _new(
        "arange",
        "down",
        reference=lambda start, stop, step: np.arange(start, stop, step),
        start=5,
        stop=0,
        step=-2,
    ),
    _new(
        "arange", "none", reference=lambda start, dtype: np.arange(start, dtype=dtype), start=0, dtype="int32"
    ),
]
CASES += [
    Case(
        op, normal(shape), getattr(np, op), options={**options, **given}, differentiate=(), name=name + typed
    )
    for op, options in [("zeros_like", {}), ("ones_like", {}), ("full_like", {"fill_value": 3})]
    for typed, given in [("", {}), ("-int64", {"dtype": "int64"})]
    for name, shape in SHAPES
]
