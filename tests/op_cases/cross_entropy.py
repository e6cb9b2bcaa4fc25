"""Cases of the stem cross_entropy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from op_cases.case import Array, Case

CASES: list[Case] = []


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
