"""Cases of the stem relu."""

from __future__ import annotations

import numpy as np

from op_cases.case import SHAPES, Array, Case


def leaky_relu(x: Array, negative_slope: float = 0.2) -> Array:
    return np.where(x < 0, negative_slope * x, x)


def elu(x: Array, alpha: float = 1.0) -> Array:
    return np.where(x < 0, alpha * np.expm1(np.minimum(x, 0)), x)


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
        ("relu", lambda x: np.maximum(x, 0), {}, 0),
        ("relu6", lambda x: np.clip(x, 0, 6), {}, 0),
        ("leaky_relu", leaky_relu, {}, 1),
        ("leaky_relu", leaky_relu, {"negative_slope": 0.3}, 1),
        ("elu", elu, {}, 2),
        ("elu", elu, {"alpha": 0.7}, 3),
        ("selu", lambda x: 1.0507009873554804934 * elu(x, 1.6732632423543772848), {}, 4),
    ]
    for name, shape in SHAPES
]
CASES += [
    Case(
        "celu",
        lambda rng, shape=shape: (np.array(rng.uniform(-2.5, 7.5, shape)),),
        lambda x, alpha=1.0: alpha * elu(x / alpha),
        options=options,
        ulps=4,
        name=f"{name}-{len(options)}",
    )
    for options in ({}, {"alpha": 0.7})
    for name, shape in SHAPES
]
