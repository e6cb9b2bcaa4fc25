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

# matmul


def _normal(*shapes: tuple[int, ...]) -> Callable[[np.random.Generator], tuple[Array, ...]]:
    """Return a maker of arrays of these shapes."""
    return lambda rng: tuple(rng.standard_normal(shape) for shape in shapes)


def _terms(x: Array, *rest: Array) -> int:
    return int(x.shape[-1])


CASES += [
    Case("matmul", _normal(a, b), np.matmul, differentiate=(0, 1), terms=_terms, name=name)
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
        _normal((40, 70), (70, 50)),
        np.matmul,
        differentiate=(),
        terms=_terms,
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

# dense


def _dense(x: Array, kernel: Array, bias: Array | None = None, activation: str = "linear") -> Array:
    z = x @ kernel + (0 if bias is None else bias)
    functions: dict[str, Callable[[Array], Array]] = {
        "linear": lambda z: z,
        "relu": lambda z: np.maximum(z, 0),
        "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
        "tanh": np.tanh,
    }
    return functions[activation](z)


CASES += [
    Case(
        "dense",
        _normal((3, 5), (5, 4), (4,)),
        _dense,
        options={"activation": activation},
        differentiate=(0, 1, 2),
        terms=_terms,
        ulps=16,
        name=activation,
    )
    for activation in ("linear", "relu", "sigmoid", "tanh")
]
CASES += [
    Case(
        "dense", _normal((2, 3, 5), (5, 4), (4,)), _dense, differentiate=(0, 1, 2), terms=_terms, name="stack"
    ),
    Case("dense", _normal((5,), (5, 4), (4,)), _dense, differentiate=(0, 1, 2), terms=_terms, name="one_row"),
    Case("dense", _normal((3, 5), (5, 4)), _dense, differentiate=(0, 1), terms=_terms, name="no_bias"),
    Case(
        "dense", _normal((0, 5), (5, 4), (4,)), _dense, differentiate=(0, 1, 2), terms=_terms, name="no_rows"
    ),
    Case(
        "dense",
        _normal((3, 0), (0, 4), (4,)),
        _dense,
        options={"activation": "tanh"},
        differentiate=(0, 1, 2),
        name="no_terms",
    ),
    Case(
        "dense",
        _normal((300, 20), (20, 40), (40,)),
        _dense,
        options={"activation": "relu"},
        differentiate=(),
        terms=_terms,
        errors=(
            ((np.ones((2, 3)), np.ones((2, 3))), ValueError, r"x.shape\[-1\] must equal kernel.shape\[0\]"),
            ((np.ones(3), np.ones(3)), ValueError, "kernel must have two dimensions"),
            ((np.ones(()), np.ones((2, 3))), ValueError, "x must have at least one dimension"),
            ((np.ones((2, 3)), np.ones((3, 4)), np.ones(3)), ValueError, "bias.shape must be"),
            (
                (np.ones((2, 3)), np.ones((3, 4)), None, "relo"),
                ValueError,
                r"must be one of 'linear', 'relu', 'sigmoid', 'tanh'; received 'relo'",
            ),
        ),
        name="tiles",
    ),
]
