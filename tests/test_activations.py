"""Activations far out, and by name; tests/op_cases has their formulas."""

from __future__ import annotations

import math
from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import activations, layers, ops

every_dtype = pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=lambda d: d.__name__)
# The limits of each function, and of its slope, to the left; to the right.
LIMITS: dict[str, tuple[float, float, float, float]] = {
    "relu": (0, 0, np.inf, 1),
    "relu6": (0, 0, 6, 0),
    "leaky_relu": (-np.inf, 0.2, np.inf, 1),
    "elu": (-1, 0, np.inf, 1),
    "selu": (-1.7580993408473766, 0, np.inf, 1.0507009873554805),
    "sigmoid": (0, 0, 1, 0),
    "tanh": (-1, 0, 1, 0),
    "hard_sigmoid": (0, 0, 1, 0),
    "softsign": (-1, 0, 1, 0),
    "softplus": (0, 0, np.inf, 1),
    "log_sigmoid": (-np.inf, 1, 0, 0),
    "silu": (0, 0, np.inf, 1),
    "hard_silu": (0, 0, np.inf, 1),
    "mish": (0, 0, np.inf, 1),
    "gelu": (0, 0, np.inf, 1),
}


@every_dtype
@pytest.mark.parametrize("far", [1e3, 1e30])
@pytest.mark.parametrize("name", LIMITS)
def test_far_out_it_is_the_limit(name: str, far: float, dtype: Any) -> None:
    left, left_slope, right, right_slope = LIMITS[name]
    x = fastnn.tensor(np.array([-far, far], dtype), requires_grad=True)
    y = getattr(ops, name)(x)
    y.backward(np.ones(2, dtype))
    values = [
        left if np.isfinite(left) else -far * left_slope,
        right if np.isfinite(right) else far * right_slope,
    ]
    np.testing.assert_allclose(y.numpy(), values, rtol=1e-3 if name == "softsign" else 1e-6, atol=1e-12)
    np.testing.assert_allclose(x.grad, [left_slope, right_slope], rtol=1e-6, atol=2e-6)


@every_dtype
@pytest.mark.parametrize("name", LIMITS)
def test_nan_stays_nan(name: str, dtype: Any) -> None:
    got = getattr(ops, name)(np.array([np.nan, 1.0], dtype))
    np.testing.assert_array_equal(np.isnan(got), [True, False])


@every_dtype
def test_gelu_by_the_error_function(dtype: Any) -> None:
    """Where x is negative, 1 + erf cancels: precise to units of the last place of x."""
    x = np.linspace(-10, 10, 2001).astype(dtype)
    want = np.array([v * 0.5 * math.erfc(-v / math.sqrt(2)) for v in x.astype(np.float64)])
    error = np.abs(ops.gelu(x, approximate=False).astype(np.float64) - want)
    assert np.all(error <= 1.5 * np.finfo(dtype).eps * np.abs(x))


@pytest.mark.parametrize("name", [*LIMITS, "exponential", "linear", "softmax", "swish", "hard_swish"])
def test_by_name(name: str) -> None:
    x = np.random.default_rng(0).standard_normal((4, 5)).astype(np.float32)
    function = activations.get(name)
    assert activations.get(activations.serialize(function)) is function
    np.testing.assert_array_equal(layers.Activation(name)(x), function(x))
    dense = layers.Dense(3, activation=name)
    got = dense(x)
    kernel, bias = dense.get_weights()
    np.testing.assert_array_equal(got, function(ops.dense(x, kernel, bias)))


def test_gelu_has_kerass_defaults() -> None:
    x = np.array([0.5, 1.0])
    np.testing.assert_array_equal(ops.gelu(x), ops.gelu(x, approximate=True))
    np.testing.assert_array_equal(activations.gelu(x), ops.gelu(x, approximate=False))
    assert np.all(activations.gelu(x) != ops.gelu(x))
