"""Regularizers, constraints and initializers that draw nothing give what Keras's do."""

from __future__ import annotations

import warnings

import fastnn
import numpy as np
import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    keras = pytest.importorskip("keras")

W = np.random.default_rng(0).normal(size=(6, 4)).astype("float32")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("L1", {}),
        ("L2", {"l2": 0.2}),
        ("L1L2", {"l1": 0.3, "l2": 0.2}),
        ("OrthogonalRegularizer", {}),
        ("OrthogonalRegularizer", {"factor": 0.5, "mode": "columns"}),
    ],
)
def test_regularizers(name, options):
    ours, theirs = getattr(fastnn.regularizers, name)(**options), getattr(keras.regularizers, name)(**options)
    assert float(ours(W)) == pytest.approx(float(theirs(keras.ops.convert_to_tensor(W))), rel=1e-6)
    assert list(ours.get_config()) == list(theirs.get_config())


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("MaxNorm", {}),
        ("MaxNorm", {"max_value": 1, "axis": [0, 1]}),
        ("UnitNorm", {"axis": 1}),
        ("NonNeg", {}),
        ("MinMaxNorm", {"min_value": 0.5, "max_value": 1.5, "rate": 0.3, "axis": -1}),
    ],
)
def test_constraints(name, options):
    ours, theirs = getattr(fastnn.constraints, name)(**options), getattr(keras.constraints, name)(**options)
    np.testing.assert_allclose(ours(W), np.asarray(theirs(W)), rtol=2e-6, atol=1e-7)
    assert ours.get_config() == theirs.get_config()


@pytest.mark.parametrize(
    ("name", "options", "shape"),
    [
        ("Identity", {"gain": 2.0}, (3, 4)),
        ("Constant", {"value": 0.5}, (3, 4)),
        ("STFT", {}, (16, 1, 9)),
        ("STFT", {"side": "imag", "window": "hamming", "scaling": "spectrum", "periodic": True}, (12, 1, 9)),
        ("STFT", {"window": None, "scaling": None}, (8, 1, 5)),
        ("STFT", {"window": np.arange(8.0), "scaling": "density"}, (8, 1, 5)),
    ],
)
def test_initializers(name, options, shape):
    ours, theirs = getattr(fastnn.initializers, name)(**options), getattr(keras.initializers, name)(**options)
    np.testing.assert_allclose(ours(shape), np.asarray(theirs(shape)), rtol=2e-5, atol=3e-6)


def test_names_of_initializers():
    for name in keras.src.initializers.ALL_OBJECTS_DICT:
        if name.lower() != "initializer":
            assert fastnn.initializers.get(name) is not None
