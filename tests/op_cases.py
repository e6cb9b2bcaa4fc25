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
    return lambda rng: tuple(np.array(rng.standard_normal(shape)) for shape in shapes)


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

# softmax


def _softmax(x: Array, axis: int = -1) -> Array:
    e = np.exp(x - x.max(axis, keepdims=True, initial=-np.inf))
    return e / e.sum(axis, keepdims=True)


CASES += [
    Case(
        "softmax",
        _normal(shape),
        _softmax,
        options={"axis": axis},
        terms=lambda x, axis=axis: x.shape[axis],
        name=f"{'x'.join(map(str, shape))}_axis_{axis}",
    )
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
        "softmax",
        _normal((2, 3)),
        _softmax,
        terms=_terms,
        errors=(
            ((np.ones((2, 3)), 2), ValueError, r"\[softmax\] axis must lie in \[-2, 2\); received 2"),
            ((np.ones(()),), ValueError, r"axis must lie in \[0, 0\); received -1"),
            ((np.array(["a"]),), TypeError, "must hold real numbers"),
        ),
    )
]

# cross_entropy, binary_cross_entropy


def _log_softmax(x: Array) -> Array:
    x = x - x.max(-1, keepdims=True, initial=-np.inf)
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


def _categorical(target: Array, output: Array, from_logits: bool = False) -> Array:
    if from_logits:
        return -(target * _log_softmax(output)).sum(-1)
    p = np.clip(output / output.sum(-1, keepdims=True), 1e-7, 1 - 1e-7)
    return -(target * np.log(p)).sum(-1)


def _sparse(target: Array, output: Array, from_logits: bool = False) -> Array:
    return _categorical(np.eye(output.shape[-1])[target.reshape(output.shape[:-1])], output, from_logits)


def _binary(target: Array, output: Array, from_logits: bool = False) -> Array:
    if from_logits:
        return (target * np.logaddexp(0, -output) + (1 - target) * np.logaddexp(0, output)).mean(-1)
    p = np.clip(output, 1e-7, 1 - 1e-7)
    return -(target * np.log(p) + (1 - target) * np.log(1 - p)).mean(-1)


def _one_hot(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    return np.eye(shape[-1])[rng.integers(0, shape[-1], shape[:-1])]


def _soft(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    return rng.random(shape)


def _predicted(
    shape: tuple[int, ...], target: Callable[..., Array], from_logits: bool
) -> Callable[[np.random.Generator], tuple[Array, ...]]:
    """Return a maker of a target and a prediction of this shape; probabilities need not sum to 1."""

    def make(rng: np.random.Generator) -> tuple[Array, ...]:
        output = rng.standard_normal(shape) if from_logits else rng.uniform(0.1, 0.9, shape)
        return target(shape, rng), output

    return make


def _labels(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    return rng.integers(0, shape[-1], shape[:-1])


def _label_column(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    return _labels(shape, rng)[..., None]


CASES += [
    Case(
        op,
        _predicted(shape, target, from_logits),
        reference,
        options={"from_logits": from_logits},
        differentiate=(1,),
        terms=lambda target, output: output.shape[-1],
        ulps=16,
        name=f"{target.__name__[1:]}_{'x'.join(map(str, shape))}_{'logits' if from_logits else 'probabilities'}",
    )
    for op, reference, targets in [
        ("categorical_crossentropy", _categorical, (_one_hot, _soft)),
        ("sparse_categorical_crossentropy", _sparse, (_labels, _label_column)),
        ("binary_crossentropy", _binary, (_one_hot, _soft)),
    ]
    for target in targets
    for from_logits in (False, True)
    for shape in [(5,), (6, 10), (2, 3, 4), (3, 40), (0, 4)]
]
_WRONG_SHAPES = (
    ((np.ones((2, 3)), np.ones((2, 4))), ValueError, r"target.shape must be \(2, 4\); received \(2, 3\)"),
    ((np.ones(()), np.ones(())), ValueError, "at least one dimension"),
)
CASES += [
    Case(
        op,
        _predicted((4, 3), _soft, False),
        reference,
        differentiate=(1,),
        terms=lambda target, output: output.shape[-1],
        ulps=16,
        errors=_WRONG_SHAPES,
        name="errors",
    )
    for op, reference in [("categorical_crossentropy", _categorical), ("binary_crossentropy", _binary)]
]
CASES += [
    Case(
        "sparse_categorical_crossentropy",
        _predicted((4, 3), _labels, False),
        _sparse,
        differentiate=(1,),
        terms=lambda target, output: output.shape[-1],
        ulps=16,
        errors=(
            (
                (np.array([0, 3]), np.ones((2, 3))),
                ValueError,
                r"labels must lie in \[0, 3\) for output of 3 classes; received 3 at position 1",
            ),
            ((np.array([-1, 0]), np.ones((2, 3))), ValueError, "received -1 at position 0"),
            (
                (np.array([0, 1, 2]), np.ones((2, 3))),
                ValueError,
                r"labels.shape must be output.shape\[:-1\], \(2,\); received \(3,\)",
            ),
            ((np.array([0.5, 1.0]), np.ones((2, 3))), TypeError, "labels must hold integers"),
        ),
        name="errors",
    )
]

# mean_squared_error

CASES += [
    Case(
        "mean_squared_error",
        _normal(shape, shape),
        lambda y_true, y_pred: ((y_true - y_pred) ** 2).mean(-1),
        differentiate=(1,),
        terms=lambda y_true, y_pred: y_pred.shape[-1],
        errors=(
            (
                (np.ones((2, 3)), np.ones((2, 4))),
                ValueError,
                r"\[mean_squared_error\] y_true.shape must be \(2, 4\); received \(2, 3\)",
            ),
            ((np.ones(()), np.ones(())), ValueError, "at least one dimension"),
        ),
        name="x".join(map(str, shape)),
    )
    for shape in [(5,), (4, 3), (2, 3, 70), (6, 1), (0, 3)]
]

# arithmetic

_BROADCAST = [
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


def _away_from_zero(*shapes: tuple[int, ...]) -> Callable[[np.random.Generator], tuple[Array, ...]]:
    """Return a maker of arrays whose values lie in [0.5, 2] and [-2, -0.5]."""

    def make(rng: np.random.Generator) -> tuple[Array, ...]:
        return tuple(
            np.array(rng.uniform(0.5, 2, shape) * rng.choice([-1.0, 1.0], shape)) for shape in shapes
        )

    return make


CASES += [
    Case(
        reference.__name__,
        _away_from_zero(a, b),
        reference,
        differentiate=(0, 1),
        ulps=0.5,
        errors=(
            (
                (np.ones((2, 3)), np.ones((2, 4))),
                ValueError,
                rf"\[{reference.__name__}\] shapes must broadcast; received \(2, 3\) and \(2, 4\)",
            ),
        ),
        name=name,
    )
    for reference in (np.add, np.subtract, np.multiply, np.divide)
    for name, a, b in _BROADCAST
]
CASES += [
    Case("negative", _normal(shape), np.negative, ulps=0, name=name)
    for name, shape in [("3d", (2, 3, 4)), ("odd", (37,)), ("no_dimensions", ()), ("empty", (0, 4))]
]

# activation


def _sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


CASES += [
    Case(
        op,
        lambda rng, shape=shape: (np.array(3 * rng.standard_normal(shape)),),
        reference,
        ulps=ulps,
        errors=(((np.array(["a"]),), TypeError, rf"\[{op}\] x must hold real numbers"),),
        name=name,
    )
    for op, reference, ulps in [
        ("relu", lambda x: np.maximum(x, 0), 0),
        ("sigmoid", _sigmoid, 3),
        ("tanh", np.tanh, 3),
    ]
    for name, shape in [("3d", (2, 3, 4)), ("odd", (37,)), ("no_dimensions", ()), ("empty", (0, 4))]
]

# reduction


def _summed(x: Array, axis: Any = None, keepdims: bool = False) -> int:
    axes = range(x.ndim) if axis is None else np.atleast_1d(axis)
    return int(np.prod([x.shape[a] for a in axes]))


CASES += [
    Case(
        reference.__name__,
        _normal(shape),
        reference,
        options=options,
        terms=lambda x, options=options: _summed(x, **options),
        ulps=2,
        errors=(
            (
                (np.ones((2, 3)), 2),
                ValueError,
                rf"\[{reference.__name__}\] axis must lie in \[-2, 2\); received 2",
            ),
            ((np.ones((2, 3)), (0, -2)), ValueError, "axis must not repeat a dimension"),
        ),
        name=f"{'x'.join(map(str, shape))}_{'_'.join(f'{k}_{v}' for k, v in options.items())}",
    )
    for reference in (np.sum, np.mean)
    for shape, options in [
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
]
CASES += [
    Case("sum", _normal((0, 4)), np.sum, options={"axis": 0}, name="nothing"),
    Case(
        "sum",
        _normal((3, 700, 5)),
        np.sum,
        differentiate=(),
        terms=lambda x: x.size,
        ulps=2,
        name="many_terms",
    ),
    Case(
        "mean",
        _normal((300, 70)),
        np.mean,
        options={"axis": 0},
        differentiate=(),
        terms=lambda x: x.shape[0],
        ulps=2,
        name="many_rows",
    ),
]

# shape

CASES += [
    Case(
        "reshape",
        _normal(shape),
        np.reshape,
        options={"shape": to},
        ulps=0,
        errors=(((np.ones((2, 3)), (4, -1)), ValueError, "cannot reshape"),),
        name=name,
    )
    for name, shape, to in [
        ("flat", (2, 3, 4), (-1,)),
        ("rows", (12,), (3, 4)),
        ("more", (1,), (1, 1, 1)),
        ("empty", (0, 4), (2, 0)),
        ("no_dimensions", (1, 1), ()),
    ]
]
CASES += [
    Case(
        "transpose",
        _normal(shape),
        np.transpose,
        options={"axes": axes},
        ulps=0,
        errors=(((np.ones((2, 3)), (0, 0)), ValueError, "repeated axis"),),
        name=name,
    )
    for name, shape, axes in [
        ("matrix", (2, 3), None),
        ("3d", (2, 3, 4), (2, 0, 1)),
        ("negative_axes", (2, 3, 4), (0, -1, 1)),
        ("vector", (3,), None),
        ("no_dimensions", (), None),
    ]
]
