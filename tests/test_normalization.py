"""Normalisation: precision, moving statistics, masks, modes, errors; the op and layer tables test the rest."""

from __future__ import annotations

import fastnn
import numpy as np
import pytest
from fastnn import layers, models, ops, optimizers
from fastnn.data import Dataset
from fastnn.tensor import Tensor


@pytest.mark.parametrize("offset", [0.0, 1e3, 1e5])
@pytest.mark.parametrize("shape", [(400, 3), (20, 9, 7, 17), (3000, 1), (40, 200)])
def test_statistics_are_precise_where_the_mean_is_large(offset, shape):
    x = (np.random.default_rng(0).standard_normal(shape) + offset).astype(np.float32)
    wide = x.astype(np.float64)
    others = tuple(range(len(shape) - 1))
    layer = layers.BatchNormalization(momentum=0.0, epsilon=0.0)
    y = layer(x, training=True).numpy()
    np.testing.assert_allclose(layer.moving_mean.numpy(), wide.mean(others), rtol=2e-7, atol=1.2e-7)
    np.testing.assert_allclose(layer.moving_variance.numpy(), wide.var(others), rtol=1e-5)
    normal = (wide - wide.mean(others)) / wide.std(others)
    np.testing.assert_allclose(y, normal, rtol=0, atol=3e-6 + offset * 1e-7)
    y = ops.layer_normalization(x, epsilon=1e-12) if shape[-1] > 1 else None
    if y is not None:
        spread = wide.std(-1, keepdims=True)
        normal = (wide - wide.mean(-1, keepdims=True)) / spread
        bound = (3e-6 + offset * 1e-7) * np.maximum(1, np.abs(normal)) / np.minimum(spread, 1)
        assert (np.abs(y - normal) <= bound).all()


@pytest.mark.parametrize("channels_first", [False, True])
def test_same_bits_on_any_number_of_threads(channels_first):
    x = np.random.default_rng(0).standard_normal((64, 33, 40) if channels_first else (64, 40, 33))
    x = x.astype(np.float32)
    found = []
    for threads in (1, 2, 4):
        fastnn.set_num_threads(threads)
        bits = b""
        for layer in (
            layers.BatchNormalization(axis=1 if channels_first else -1),
            layers.LayerNormalization(),
        ):
            t = Tensor(x, requires_grad=True)
            y = layer(t, training=True)
            y.backward(np.cos(x))
            parts = [y.numpy(), t.grad.numpy(), *(w.grad.numpy() for w in layer.trainable_weights)]
            bits += b"".join(part.tobytes() for part in [*parts, *layer.get_weights()])
        found.append(bits)
    assert found[0] == found[1] == found[2]


def test_moving_statistics_over_steps():
    rng = np.random.default_rng(1)
    layer = layers.BatchNormalization(momentum=0.9)
    mean, variance = np.zeros(3), np.ones(3)
    for _ in range(5):
        x = rng.normal(2.0, 3.0, (8, 4, 3)).astype(np.float32)
        layer(x, training=True)
        mean = 0.9 * mean + 0.1 * x.mean((0, 1))
        variance = 0.9 * variance + 0.1 * x.var((0, 1))
    np.testing.assert_allclose(layer.moving_mean.numpy(), mean, rtol=1e-5)
    np.testing.assert_allclose(layer.moving_variance.numpy(), variance, rtol=1e-5)
    before = [w.copy() for w in layer.get_weights()]
    y = np.asarray(layer(x))
    np.testing.assert_allclose(y, (x - mean) / np.sqrt(variance + 1e-3), rtol=1e-4, atol=1e-5)
    for w, kept in zip(layer.get_weights(), before, strict=True):
        np.testing.assert_array_equal(w, kept)


def test_frozen_is_inference():
    layer = layers.BatchNormalization()
    x = np.random.default_rng(2).normal(5.0, 2.0, (6, 3)).astype(np.float32)
    layer(x, training=True)
    layer.trainable = False
    kept = layer.get_weights()
    np.testing.assert_array_equal(np.asarray(layer(x, training=True)), np.asarray(layer(x)))
    for w, before in zip(layer.get_weights(), kept, strict=True):
        np.testing.assert_array_equal(w, before)
    assert layer.trainable_weights == []


def test_masked_steps_change_nothing():
    rng = np.random.default_rng(3)
    x = rng.standard_normal((2, 4, 3)).astype(np.float32)
    mask = np.array([[True, True, True, False], [True, False, False, False]])
    spoiled = np.where(mask[:, :, None], x, np.float32(1e3))
    found = []
    for values in (x, spoiled):
        layer = layers.BatchNormalization(momentum=0.5)
        y = np.asarray(layer(Tensor(values), training=True, mask=mask))
        found.append((y[mask], *layer.get_weights()))
    for a, b in zip(*found, strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_allclose(found[0][3], 0.5 * x[mask].mean(0), rtol=1e-5)


def test_empty_batch_moves_nothing():
    layer = layers.BatchNormalization()
    y = layer(np.zeros((0, 4, 3), np.float32), training=True)
    assert y.shape == (0, 4, 3)
    assert layer.moving_mean.numpy().tolist() == [0, 0, 0]
    assert layers.LayerNormalization()(np.zeros((0, 3), np.float32)).shape == (0, 3)
    assert layers.GroupNormalization(3)(np.zeros((0, 4, 3), np.float32)).shape == (0, 4, 3)


def test_trains_in_a_model():
    rng = np.random.default_rng(4)
    x = rng.normal(50.0, 10.0, (128, 8)).astype(np.float32)
    y = (x[:, :1] > 50).astype(np.float32)
    fastnn.utils.set_random_seed(0)
    model = models.Sequential(
        [layers.BatchNormalization(momentum=0.8), layers.Dense(1, activation="sigmoid")]
    )
    model.compile(optimizers.Adam(0.05), "binary_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=20, batch_size=32, verbose=0)
    assert model.evaluate(x, y, verbose=0)[1] > 0.9
    np.testing.assert_allclose(model.layers[0].moving_mean.numpy(), x.mean(0), rtol=0.05)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: layers.BatchNormalization(axis=2)(np.ones((2, 3))),
            r"axis must lie in \[-2, 2\).*received 2",
        ),
        (lambda: layers.BatchNormalization(synchronized=True), "synchronized must be False"),
        (
            lambda: layers.BatchNormalization(name="norm")(np.ones((2, 3, 4)), mask=np.ones(2, bool)),
            r"layer 'norm' \(BatchNormalization\).*one dimension less than the inputs; received mask \(2,\)",
        ),
        (
            lambda: layers.GroupNormalization(0),
            "GroupNormalization: groups must be positive, or -1.*groups=0",
        ),
        (lambda: layers.GroupNormalization(3)(np.ones((2, 4))), "groups must divide the number of channels"),
        (lambda: layers.LayerNormalization(axis=[1, 5])(np.ones((2, 3))), r"received \[1, 5\]"),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_axis_must_be_integers():
    with pytest.raises(TypeError, match=r"LayerNormalization: axis must be an integer.*axis='last'"):
        layers.LayerNormalization(axis="last")


def test_rms_scaling_divides_by_the_deviation():
    x = np.random.default_rng(5).normal(3.0, 2.0, (4, 6)).astype(np.float32)
    y = np.asarray(layers.LayerNormalization(rms_scaling=True)(x))
    np.testing.assert_allclose(y, x / np.sqrt(x.var(-1, keepdims=True) + 1e-3), rtol=1e-5)


@pytest.mark.parametrize("axis", [-1, None, (1, 2), 1])
def test_adapt_finds_the_statistics(axis):
    x = np.random.default_rng(6).normal(1e4, 3.0, (30, 4, 5)).astype(np.float32)
    layer = layers.Normalization(axis=axis, dtype="float64")
    layer.adapt(x)
    others = {-1: (0, 1), None: (0, 1, 2), (1, 2): (0,), 1: (0, 2)}[axis]
    np.testing.assert_allclose(layer.mean.numpy(), x.astype(np.float64).mean(others), rtol=1e-12)
    np.testing.assert_allclose(layer.variance.numpy(), x.astype(np.float64).var(others), rtol=1e-9)


def test_adapt_takes_datasets_and_batches():
    x = np.random.default_rng(7).normal(3.0, 2.0, (50, 4)).astype(np.float32)
    labels = np.zeros(50)
    found = []
    for data in (
        x,
        Tensor(x),
        [x[:7], x[7:]],
        (x[i : i + 9] for i in range(0, 50, 9)),
        Dataset.from_tensor_slices((x, labels)).batch(16),
        Dataset.from_tensor_slices(x),
    ):
        layer = layers.Normalization()
        layer.adapt(data)
        found.append(np.asarray(layer(x)))
    for y in found:
        np.testing.assert_allclose(y, (x - x.mean(0)) / x.std(0), rtol=1e-4, atol=1e-5)
    inverse = layers.Normalization(mean=x.mean(0), variance=x.var(0), invert=True)
    np.testing.assert_allclose(np.asarray(inverse(found[0])), x, rtol=1e-4, atol=1e-4)


def test_adapt_refuses():
    layer = layers.Normalization(name="norm")
    with pytest.raises(ValueError, match=r"'norm' \(Normalization\) cannot adapt to no data"):
        layer.adapt([])
    layer.adapt(np.ones((3, 4)))
    with pytest.raises(ValueError, match=r"received data of shape \(3, 5\)"):
        layer.adapt(np.ones((3, 5)))
    with pytest.raises(ValueError, match="was given its mean and variance"):
        layers.Normalization(mean=0.0, variance=1.0).adapt(np.ones((3, 4)))
    with pytest.raises(ValueError, match=r"must be given together; received mean=0\.0, variance=None"):
        layers.Normalization(mean=0.0)
    with pytest.raises(ValueError, match=r"received shapes \(2,\) and \(3,\)"):
        layers.Normalization(mean=np.ones(2), variance=np.ones(3))
