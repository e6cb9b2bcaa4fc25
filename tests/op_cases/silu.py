"""Cases of the stem silu."""

from __future__ import annotations

import math

import numpy as np

from op_cases.case import SHAPES, Array, Case, normal


def gelu(x: Array, approximate: bool = True) -> Array:
    if approximate:
        return x / (1 + np.exp(-2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    return np.array([v * 0.5 * math.erfc(-v / math.sqrt(2)) for v in x.flat], x.dtype).reshape(x.shape)


def sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)))


CASES = [
    Case(
        op,
        lambda rng, shape=shape: (np.array(rng.uniform(-2.5, 7.5, shape)),),
        reference,
        options=options,
        ulps=ulps,
        errors=(((np.array(["a"]),), TypeError, rf"\[{op}.*\] x1? must hold real numbers"),),
        name=name + "".join(f"-{k}-{v}" for k, v in options.items()),
    )
    for op, reference, options, ulps in [
        ("silu", lambda x: x / (1 + np.exp(-x)), {}, 4),
        ("hard_silu", lambda x: x * (np.clip(x + 3, 0, 6) / 6), {}, 3),
        ("mish", lambda x: x * np.tanh(np.log1p(np.exp(x))), {}, 6),
        ("gelu", gelu, {}, 8),
        ("gelu", gelu, {"approximate": True}, 8),
    ]
    for name, shape in SHAPES
]
CASES += [
    Case(
        "gelu",
        lambda rng, shape=shape: (np.array(rng.uniform(-0.5, 4, shape)),),  # test_activations.py goes below
        gelu,
        options={"approximate": False},
        ulps=4,
        name=f"{name}-erf",
    )
    for name, shape in SHAPES
]
CASES += [
    Case(
        "glu",
        normal(shape),
        lambda x, axis: np.multiply(
            *[f(a) for f, a in zip((np.array, sigmoid), np.split(x, 2, axis), strict=True)]
        ),
        options={"axis": axis},
        ulps=8,
        errors=(((np.ones(3), 0), ValueError, "split"),),
        name=name,
    )
    for name, shape, axis in [("last", (3, 4), -1), ("first", (4, 3, 2), 0)]
]
