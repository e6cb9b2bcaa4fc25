"""Recurrent layers in models: outputs, states and training steps equal to Keras's, from the same weights."""

from __future__ import annotations

import os
import warnings
from importlib.util import find_spec
from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn.autograd import gradients
from fastnn.tensor import Tensor

if find_spec("keras") is None or find_spec("jax") is None:
    pytest.skip("parity with Keras's recurrent layers needs Keras and JAX", allow_module_level=True)
os.environ.setdefault("KERAS_BACKEND", "jax")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import jax
    import keras
if keras.backend.backend() != "jax":
    pytest.skip("Keras runs on another backend than JAX", allow_module_level=True)

# Keras's tanh gives float32 whatever it is given, and recurrent layers do not run on states of two types.
keras.src.backend.numpy.tanh = jax.numpy.tanh

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def _sequences(classes: int = 3) -> tuple[Any, Any]:
    rng = np.random.default_rng(2)
    x = rng.standard_normal((24, 7, 4)).astype("float32")
    x[:8, 5:] = 0  # shorter ones
    return x, np.eye(classes, dtype="float32")[rng.integers(0, classes, 24)]


def _model(library: Any) -> Any:
    layers = library.layers
    return library.Sequential(
        [
            library.Input((7, 4)),
            layers.Masking(),
            layers.Bidirectional(layers.LSTM(6, return_sequences=True)),
            layers.GRU(5),
            layers.Dense(3, activation="softmax"),
        ]
    )


def test_twenty_training_steps_of_a_bidirectional_lstm() -> None:
    """With masks, every loss of twenty Adam steps to 1e-4, and the weights after them."""
    x, y = _sequences()
    theirs, ours = _model(keras), _model(fastnn)
    ours.set_weights(theirs.get_weights())
    losses = []
    for library, model in ((keras, theirs), (fastnn, ours)):
        model.compile(library.optimizers.Adam(0.01), "categorical_crossentropy")
        losses.append([float(model.train_on_batch(x, y)) for _ in range(20)])
    np.testing.assert_allclose(losses[1], losses[0], rtol=1e-4)
    assert losses[1][-1] < 0.8 * losses[1][0]
    for found, want in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(found, want, rtol=0, atol=1e-4 * max(1, np.abs(want).max()))


@pytest.mark.parametrize("layer", ["SimpleRNN", "LSTM", "GRU"])
def test_initial_states_in_float64(layer: str) -> None:
    """An encoder's states for a decoder: outputs and gradients to 1e-10."""
    rng = np.random.default_rng(3)
    x, h = rng.standard_normal((5, 6, 3)), 2 if layer == "LSTM" else 1
    states = [rng.standard_normal((5, 4)) for _ in range(h)]
    with jax.enable_x64(True):
        theirs = getattr(keras.layers, layer)(4, return_sequences=True, return_state=True, dtype="float64")
        theirs.build((5, 6, 3))
        weights = theirs.get_weights()
        fixed = [v.value for v in theirs.non_trainable_variables]

        def run(trained: Any, x: Any, states: Any) -> Any:
            y, *last = theirs.stateless_call(trained, fixed, x, initial_state=states)[0]
            return jax.numpy.sum(jax.numpy.sin(y)) + sum(jax.numpy.sum(s * s) for s in last)

        arguments = ([v.value for v in theirs.trainable_variables], jax.numpy.asarray(x), states)
        want, slopes = jax.value_and_grad(run, (0, 1, 2))(*arguments)
        want, slopes = float(want), [np.asarray(s) for s in jax.tree_util.tree_leaves(slopes)]
    ours = getattr(fastnn.layers, layer)(4, return_sequences=True, return_state=True, dtype="float64")
    ours(x)
    ours.set_weights(weights)
    tensors = [Tensor(a, requires_grad=True) for a in (x, *states)]
    y, *last = ours(tensors[0], initial_state=tensors[1:])
    total: Any = fastnn.ops.sum(fastnn.ops.sin(y))
    for state in last:
        total = total + fastnn.ops.sum(fastnn.ops.square(state))
    assert abs(float(total) - want) <= 1e-10 * max(1.0, abs(want))
    for found, slope in zip(gradients(total, [*ours.weights, *tensors]), slopes, strict=True):
        np.testing.assert_allclose(found, slope, rtol=0, atol=1e-10 * max(1.0, np.abs(slope).max()))


def test_stateful() -> None:
    x = np.random.default_rng(4).standard_normal((2, 6, 3)).astype("float32")
    theirs = keras.layers.GRU(4, stateful=True)
    ours = fastnn.layers.GRU(4, stateful=True)
    theirs(x[:, :3]), ours(x[:, :3])
    ours.set_weights(theirs.get_weights())
    for reset in (True, False, False, True):
        if reset:
            theirs.reset_states(), ours.reset_states()
        np.testing.assert_allclose(ours(x[:, :3]), theirs(x[:, :3]), rtol=0, atol=1e-6)


@pytest.mark.parametrize("layer", ["SimpleRNN", "LSTM", "GRU", "Bidirectional", "StackedRNNCells"])
def test_weights_begin_alike(layer: str) -> None:
    """Shapes and order; biases exactly; recurrent kernels orthogonal."""
    made = []
    for library in (keras, fastnn):
        layers = library.layers
        if layer == "Bidirectional":
            one = layers.Bidirectional(layers.LSTM(3))
        elif layer == "StackedRNNCells":
            one = layers.RNN(layers.StackedRNNCells([layers.LSTMCell(3), layers.GRUCell(2)]))
        else:
            one = getattr(layers, layer)(3)
        one.build((None, 5, 4))
        made.append(one.get_weights())
    assert [w.shape for w in made[1]] == [w.shape for w in made[0]]
    for i in range(0, len(made[0]), 3):
        np.testing.assert_array_equal(made[1][i + 2], made[0][i + 2])
        recurrent = made[1][i + 1]
        np.testing.assert_allclose(recurrent @ recurrent.T, np.eye(len(recurrent)), atol=1e-5)
