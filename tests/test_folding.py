"""At inference batch normalizations, and activations behind them, ride on the layers before them."""

from __future__ import annotations

from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import layers
from fastnn.models.folding import folded

Make = Any
BLOCKS: dict[str, tuple[tuple[int, ...], Make]] = {
    "conv": ((6, 7, 3), lambda: [layers.Conv2D(5, 3), layers.BatchNormalization()]),
    "conv_relu": ((6, 3), lambda: [layers.Conv1D(5, 3), layers.BatchNormalization(), layers.ReLU()]),
    "no_bias_no_scale": (
        (6, 7, 4),
        lambda: [
            layers.Conv2D(6, 3, groups=2, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(center=False, scale=False),
            layers.Activation("tanh"),
        ],
    ),
    "channels_first": (
        (3, 6, 7),
        lambda: [layers.Conv2D(5, 3, data_format="channels_first"), layers.BatchNormalization(axis=1)],
    ),
    "dense": ((4,), lambda: [layers.Dense(5), layers.BatchNormalization(), layers.Activation("relu")]),
}
OTHERS: dict[str, tuple[tuple[int, ...], Make]] = {
    "other_axis": ((6, 5, 3), lambda: [layers.Conv2D(5, 3), layers.BatchNormalization(axis=1)]),
    "activation_between": ((4,), lambda: [layers.Dense(5, "relu"), layers.BatchNormalization()]),
    "penalty": ((4,), lambda: [layers.Dense(5, activity_regularizer="l2"), layers.BatchNormalization()]),
}


def _model(kind: str, shape: tuple[int, ...], parts: list[Any]) -> Any:
    if kind == "stack":
        model = fastnn.Sequential([fastnn.Input(shape), *parts, layers.Flatten()])
    else:
        x = inputs = fastnn.Input(shape)
        for part in parts:
            x = part(x)
        model = fastnn.Model(inputs, layers.Flatten()(x))
    rng = np.random.default_rng(1)
    model.set_weights([rng.uniform(0.5, 1.5, w.shape) for w in model.get_weights()])
    return model


@pytest.mark.parametrize("kind", ["stack", "graph"])
@pytest.mark.parametrize("block", BLOCKS)
def test_predictions_are_the_same_in_fewer_steps(kind: str, block: str) -> None:
    shape, make = BLOCKS[block]
    model = _model(kind, shape, make())
    x = np.random.default_rng(2).standard_normal((4, *shape)).astype("float32")
    separate = model(x, training=False)  # recorded, so each layer by itself
    steps = model if kind == "stack" else model._graph
    assert len(steps._folded) == 2
    np.testing.assert_allclose(model.predict(x, verbose=0), separate, rtol=1e-5, atol=1e-5)
    # the weights of now are used, not those of the first call
    model.set_weights([w * 1.5 for w in model.get_weights()])
    np.testing.assert_allclose(model.predict(x, verbose=0), model(x, training=False), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("kind", ["stack", "graph"])
def test_training_keeps_them_apart(kind: str) -> None:
    shape, make = BLOCKS["dense"]
    model = _model(kind, shape, make())
    x = np.random.default_rng(2).standard_normal((8, *shape)).astype("float32")
    before = model.get_weights()
    with fastnn.no_grad():
        y = model(x, training=True)
    assert np.abs(np.asarray(y).mean(0)).max() < 3
    assert not np.array_equal(model.get_weights()[4], before[4])  # the moving mean


@pytest.mark.parametrize("block", OTHERS)
def test_what_cannot_be_folded_is_not(block: str) -> None:
    shape, make = OTHERS[block]
    parts = make()
    model = _model("stack", shape, parts)
    model.predict(np.zeros((2, *shape), "float32"), verbose=0)
    assert folded(parts) is None


def test_results_inside_a_graph_are_still_given() -> None:
    inputs = fastnn.Input((4,))
    hidden = layers.Dense(3)(inputs)
    model = fastnn.Model(inputs, [hidden, layers.BatchNormalization()(hidden)])
    assert model._graph._folded is None
    first, second = model.predict(np.ones((2, 4)), verbose=0)
    assert not np.array_equal(first, second)
