"""Activations as Keras has them: names, defaults, values and gradients."""

from __future__ import annotations

import inspect
import os
import warnings
from importlib.util import find_spec

import fastnn
import numpy as np
import pytest

if find_spec("keras") is None or find_spec("jax") is None:
    pytest.skip("parity of activations needs Keras and JAX", allow_module_level=True)
os.environ.setdefault("KERAS_BACKEND", "jax")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import jax
    import keras
if keras.backend.backend() != "jax":
    pytest.skip("gradients are compared with Keras on JAX", allow_module_level=True)

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

OPS = [  # keras.ops.tanh makes float32 of float64; test_activations_by_name and test_torch.py have it
    ("relu", {}),
    ("relu6", {}),
    ("leaky_relu", {}),
    ("leaky_relu", {"negative_slope": 0.3}),
    ("elu", {}),
    ("elu", {"alpha": 0.5}),
    ("selu", {}),
    ("sigmoid", {}),
    ("hard_sigmoid", {}),
    ("softsign", {}),
    ("softplus", {}),
    ("log_sigmoid", {}),
    ("silu", {}),
    ("hard_silu", {}),
    ("gelu", {}),
    ("gelu", {"approximate": False}),
    ("celu", {}),
    ("celu", {"alpha": 0.7}),
    ("hard_tanh", {}),
    ("hard_shrink", {}),
    ("soft_shrink", {"threshold": 0.3}),
    ("tanh_shrink", {}),
    ("threshold", {"threshold": 0.4, "default_value": -1.0}),
    ("squareplus", {}),
    ("sparse_plus", {}),
    ("sparse_sigmoid", {}),
    ("log_softmax", {}),
]
ACTIVATIONS = ["elu", "exponential", "gelu", "hard_sigmoid", "hard_silu", "hard_swish", "leaky_relu"]
ACTIVATIONS += ["linear", "log_sigmoid", "mish", "relu", "relu6", "selu", "sigmoid", "silu", "softmax"]
ACTIVATIONS += ["softplus", "softsign", "swish", "tanh", "celu", "hard_tanh", "hard_shrink", "log_softmax"]
ACTIVATIONS += ["soft_shrink", "tanh_shrink", "squareplus", "sparse_plus", "sparse_sigmoid"]


def inputs():
    rng = np.random.default_rng(4)
    return np.concatenate([4 * rng.standard_normal(500), [-30, -1e-3, 1e-3, 30]]).astype(np.float32)


@pytest.mark.parametrize(("name", "options"), OPS)
def test_ops(name, options):
    """In float64: in float32, Keras's own values of the far left are mostly rounding."""
    x = inputs().astype(np.float64)
    dy = np.random.default_rng(5).standard_normal(x.shape)
    tensor = fastnn.tensor(x, requires_grad=True)
    y = getattr(fastnn.ops, name)(tensor, **options)
    y.backward(dy)
    with jax.enable_x64(True):
        expected, rule = jax.vjp(lambda v: getattr(keras.ops, name)(v, **options), jax.numpy.asarray(x))
        slopes = rule(jax.numpy.asarray(dy))[0]
        assert y.dtype == expected.dtype
    np.testing.assert_allclose(y.numpy(), np.asarray(expected), rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(tensor.grad, np.asarray(slopes), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("name", sorted({name for name, _ in OPS}))
def test_signatures_of_ops(name):
    ours, theirs = (inspect.signature(getattr(library.ops, name)) for library in (fastnn, keras))
    expected = [(p.name, p.default) for p in theirs.parameters.values()]
    assert [(p.name, p.default) for p in ours.parameters.values() if p.name != "ctx"] == expected


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_by_name(name):
    x = inputs().reshape(-1, 7)
    got = fastnn.activations.get(name)(x)
    np.testing.assert_allclose(got, np.asarray(keras.activations.get(name)(x)), rtol=3e-6, atol=1e-6)
