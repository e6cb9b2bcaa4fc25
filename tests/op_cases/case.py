"""A row of the op table, and the makers of inputs that stems share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Case:
    """One way to call an op."""

    op: str  # registered name, found as fastnn.ops.<op>
    inputs: Callable[
        [np.random.Generator], tuple[Any, ...]
    ]  # arrays in float64; tests cast and re-lay them out
    reference: Callable[..., Array]  # NumPy, in float64: reference(*inputs, **options)
    options: dict[str, Any] = field(default_factory=dict)
    differentiate: tuple[int, ...] = (0,)  # inputs whose gradient is checked; () for none
    terms: Callable[..., int] = lambda *inputs: 1  # length of the longest sum: scales the tolerance
    ulps: float = 8.0  # tolerance in units of the last place of the result, times sqrt(terms)
    errors: tuple[
        tuple[tuple[Any, ...], type[Exception], str], ...
    ] = ()  # (args, exception, regex of message)
    # How the op is called, where its inputs are not simply its first arguments: call(op, *inputs, **options).
    call: Callable[..., Any] = lambda op, *inputs, **options: op(*inputs, **options)
    name: str = ""  # tells cases of one op apart

    @property
    def id(self) -> str:
        return f"{self.op}-{self.name}" if self.name else self.op


def normal(*shapes: tuple[int, ...]) -> Callable[[np.random.Generator], tuple[Array, ...]]:
    """Return a maker of arrays of these shapes."""
    return lambda rng: tuple(np.array(rng.standard_normal(shape)) for shape in shapes)


def terms_of_last_axis(x: Array, *rest: Array) -> int:
    return int(x.shape[-1])


def away_from_zero(*shapes: tuple[int, ...]) -> Callable[[np.random.Generator], tuple[Array, ...]]:
    """Return a maker of arrays whose values lie in [0.5, 2] and [-2, -0.5]."""

    def make(rng: np.random.Generator) -> tuple[Array, ...]:
        return tuple(
            np.array(rng.uniform(0.5, 2, shape) * rng.choice([-1.0, 1.0], shape)) for shape in shapes
        )

    return make


BROADCAST = [
    ("same", (3, 4), (3, 4)),
    ("row", (3, 4), (4,)),
    ("column", (3, 4), (3, 1)),
    ("outer", (3, 1), (1, 4)),
    ("middle", (2, 3, 4), (2, 1, 4)),
    ("first_smaller", (4,), (2, 3, 4)),
    ("scalar", (3, 4), ()),
    ("no_dimensions", (), ()),
    ("empty", (0, 4), (1, 4)),
    ("odd", (37,), (37,)),
]

SHAPES = [("3d", (2, 3, 4)), ("odd", (37,)), ("no_dimensions", ()), ("empty", (0, 4))]


def positive(*shapes: tuple[int, ...]) -> Callable[[np.random.Generator], tuple[Array, ...]]:
    """Return a maker of arrays whose values lie in [0.5, 2]."""
    return lambda rng: tuple(np.array(rng.uniform(0.5, 2, shape)) for shape in shapes)
