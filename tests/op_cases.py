"""The op table: one row per case of an op, from which test_ops.py makes forward, gradient, layout and error tests.

A registered op without a row here fails the suite.
"""

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
    name: str = ""  # tells cases of one op apart

    @property
    def id(self) -> str:
        return f"{self.op}-{self.name}" if self.name else self.op


CASES: list[Case] = []
