"""What layers add to the loss, and constraints on weights."""

from __future__ import annotations

from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import layers, ops


class Penalised(layers.Layer):
    """Adds the mean of its input to the loss."""

    def call(self, x: Any) -> Any:
        self.add_loss(ops.mean(x))
        return x


class Weighted(layers.Layer):
    """Multiplies by a weight with a penalty and a constraint."""

    def build(self, input_shape: Any) -> None:
        self.scale = self.add_weight(
            input_shape[-1:],
            "ones",
            regularizer=lambda w: 0.5 * ops.sum(ops.square(w)),
            constraint=lambda w: np.clip(w, 0.9, 1.1),
        )

    def call(self, x: Any) -> Any:
        return x * self.scale


def test_losses_are_those_of_the_last_pass() -> None:
    layer = Penalised()
    for value in (1.0, 3.0):
        layer(np.full((2, 2), value))
        assert [float(loss) for loss in layer.losses] == [value]


def test_a_shared_layer_adds_once_for_each_call() -> None:
    layer, inputs = Penalised(), fastnn.Input((2,))
    model = fastnn.Model(inputs, layer(layer(inputs) * 2.0))
    for _ in range(2):
        model(np.ones((3, 2)))
        assert [float(loss) for loss in model.losses] == [1.0, 2.0]


@pytest.mark.parametrize("make", ["stack", "graph", "own"])
def test_fit_learns_from_added_losses(make: str) -> None:
    class Own(fastnn.Model):
        def __init__(self) -> None:
            super().__init__()
            self.parts = [Weighted(), Penalised()]

        def call(self, x: Any) -> Any:
            return self.parts[1](self.parts[0](x))

    inputs = fastnn.Input((2,))
    models = {
        "stack": lambda: fastnn.Sequential([inputs, Weighted(), Penalised()]),
        "graph": lambda: fastnn.Model(inputs, Penalised()(Weighted()(inputs))),
        "own": Own,
    }
    model = models[make]()
    model.compile(fastnn.optimizers.SGD(0.01), "mse")
    x = np.ones((4, 2), "float32")
    loss = model.train_on_batch(x, x)
    assert loss == pytest.approx(0.0 + 1.0 + 0.5 * 2)
    # d/dw of mean((w - 1)^2) is 0, of mean(w) a half, of the penalty w
    np.testing.assert_allclose(model.get_weights()[0], 1 - 0.01 * (0.5 + 1), rtol=1e-6)
    assert model.test_on_batch(x, x) == pytest.approx(0.015**2 + 0.985 + 0.985**2, rel=1e-5)


def test_constraints_correct_updates() -> None:
    model = fastnn.Sequential([fastnn.Input((2,)), Weighted()])
    model.compile(fastnn.optimizers.SGD(10.0), "mse")
    model.train_on_batch(np.ones((4, 2)), np.zeros((4, 2)))
    np.testing.assert_allclose(model.get_weights()[0], 0.9)


def test_a_model_may_have_added_losses_alone() -> None:
    model = fastnn.Sequential([fastnn.Input((2,)), layers.Dense(1), Penalised()])
    model.compile("sgd")
    history = model.fit(np.ones((4, 2)), epochs=3, verbose=0).history["loss"]
    assert history[2] < history[0]
    plain = fastnn.Sequential([fastnn.Input((2,)), layers.Dense(1)])
    plain.compile("sgd")
    with pytest.raises(RuntimeError, match="call compile first"):
        plain.fit(np.ones((4, 2)), verbose=0)


def test_penalties_on_outputs_are_means_over_samples() -> None:
    layer = layers.Dense(
        2, kernel_initializer="ones", activity_regularizer=lambda y: ops.sum(ops.square(y)), name="dense"
    )
    layer(np.ones((4, 3)))
    assert [float(loss) for loss in layer.losses] == [9.0 * 2]


def test_frozen_weights_are_not_penalised() -> None:
    layer = Weighted()
    layer(np.ones((1, 2)))
    assert len(layer.losses) == 1
    layer.trainable = False
    assert layer.losses == []
