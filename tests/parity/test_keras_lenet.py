"""LeNet-5 trained side by side with Keras: the same weights and batches give the same losses and the same weights."""

from __future__ import annotations

import os
import warnings
from importlib.util import find_spec

import numpy as np
import pytest
from fastnn import datasets, optimizers
from fastnn.examples._images import enlarged
from fastnn.examples.lenet5 import lenet5

if find_spec("keras") is None:
    pytest.skip("parity with Keras needs Keras and a backend", allow_module_level=True)
os.environ.setdefault("KERAS_BACKEND", "jax" if find_spec("jax") else "tensorflow")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import keras

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def keras_lenet5():
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Input((32, 32, 1)),
            layers.Conv2D(6, 5, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(16, 5, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(120, activation="relu"),
            layers.Dense(84, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


@pytest.mark.parametrize("name", ["Adam", "SGD"])
def test_twenty_steps(name):
    (x, y), _ = datasets.digits.load_data()
    x = enlarged(x.astype("float32")[..., np.newaxis] / 16, 32)
    y = y.astype("int64")
    theirs, ours = keras_lenet5(), lenet5()
    ours.set_weights(theirs.get_weights())
    for net, module in ((theirs, keras.optimizers), (ours, optimizers)):
        net.compile(getattr(module, name)(0.01), "sparse_categorical_crossentropy")
    losses = []
    for step in range(20):
        batch = slice(32 * step, 32 * step + 32)
        losses.append([np.ravel(net.train_on_batch(x[batch], y[batch]))[0] for net in (theirs, ours)])
        for net in (theirs, ours):  # Keras's is the mean so far
            net.reset_metrics()
    wanted, found = np.array(losses).T
    np.testing.assert_allclose(found, wanted, rtol=1e-4)
    for ours_now, theirs_now in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(ours_now, theirs_now, rtol=1e-3, atol=1e-4)
