"""What normalisation layers of Keras keep: moving statistics over steps, with masks, and what `adapt` finds."""

from __future__ import annotations

import os
import warnings
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
from fastnn import layers
from fastnn.tensor import Tensor

if find_spec("keras") is None or find_spec("jax") is None:
    pytest.skip("parity with Keras's layers needs Keras and JAX", allow_module_level=True)
os.environ.setdefault("KERAS_BACKEND", "jax")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import keras

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.mark.parametrize("masked", [False, True], ids=["plain", "masked"])
def test_moving_statistics_over_steps(masked: bool) -> None:
    rng = np.random.default_rng(0)
    ours, theirs = layers.BatchNormalization(momentum=0.8), keras.layers.BatchNormalization(momentum=0.8)
    for _ in range(6):
        x = rng.normal(1.0, 3.0, (5, 4, 3)).astype(np.float32)
        mask: Any = rng.random((5, 4)) < 0.6 if masked else None
        y = np.asarray(ours(Tensor(x), training=True, mask=mask))
        np.testing.assert_allclose(y, np.asarray(theirs(x, training=True, mask=mask)), rtol=1e-4, atol=1e-5)
    for w, want in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(w, want, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("axis", [-1, (1, 2), None])
@pytest.mark.parametrize("invert", [False, True])
def test_adapt(axis: Any, invert: bool) -> None:
    x = np.random.default_rng(1).normal(5.0, 2.0, (20, 3, 4)).astype(np.float32)
    ours, theirs = (
        made(axis=axis, invert=invert) for made in (layers.Normalization, keras.layers.Normalization)
    )
    for layer in (ours, theirs):
        layer.adapt(x)
    np.testing.assert_allclose(np.asarray(ours(x)), np.asarray(theirs(x)), rtol=1e-5, atol=1e-5)
    assert [w.shape for w in ours.weights] == [w.shape for w in theirs.weights]
