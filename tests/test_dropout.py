"""Dropout and its kin: statistics (fixed seeds, so nothing here is left to chance), seeds, threads, modes."""

import fastnn
import numpy as np
import pytest
from fastnn import layers, random


@pytest.mark.parametrize("rate", [0.1, 0.5, 1 / 3, 0.999])
def test_rate(rate):
    n = 200_000
    y = random.dropout(np.ones(n, np.float32), rate, seed=5)
    dropped = y == 0
    deviation = np.sqrt(rate * (1 - rate) / n)
    assert abs(dropped.mean() - rate) < 4 * deviation
    assert (y[~dropped] == np.float32(1 / (1 - rate))).all()
    assert abs(y.mean(dtype="float64") - 1) < 4 * deviation / (1 - rate)
    for lag in (1, 2, 4, 64):  # neighbours know nothing of each other
        both = (dropped[:-lag] & dropped[lag:]).mean()
        assert abs(both - rate**2) < 4 * rate * np.sqrt((1 - rate**2) / n)


def test_same_elements_at_any_number_of_threads_in_any_type_and_length():
    before = fastnn.get_num_threads()
    x = np.ones((300, 211))
    try:
        found = []
        for threads in (1, 2, 4):
            fastnn.set_num_threads(threads)
            found.append(random.dropout(x, 0.3, seed=8))
    finally:
        fastnn.set_num_threads(before)
    np.testing.assert_array_equal(found[0], found[1])
    np.testing.assert_array_equal(found[0], found[2])
    np.testing.assert_array_equal(random.dropout(x.astype("float32"), 0.3, seed=8) != 0, found[0] != 0)
    np.testing.assert_array_equal(random.dropout(x.ravel()[:77], 0.3, seed=8), found[0].ravel()[:77])


def test_backward_drops_what_forward_dropped():
    x = fastnn.tensor(np.ones((100, 33)), requires_grad=True)
    y = random.dropout(x, 0.4)
    y.backward(np.full(y.shape, 3.0))
    np.testing.assert_array_equal(x.grad.numpy(), 3 * y.numpy())


def test_calls_differ_and_a_seed_repeats_them():
    x = np.ones(100)
    random.set_seed(1)
    first, second = random.dropout(x, 0.5), random.dropout(x, 0.5)
    assert (first != second).any()
    random.set_seed(1)
    np.testing.assert_array_equal(random.dropout(x, 0.5), first)
    seeds = random.SeedGenerator(2)
    assert (random.dropout(x, 0.5, seed=seeds) != random.dropout(x, 0.5, seed=seeds)).any()


def test_what_is_dropped_is_zero_whatever_it_was():
    x = np.array([np.nan, np.inf, -np.inf, 1.0] * 20)
    for noise_shape in (None, (1,)):
        assert (random.dropout(x, 1.0, noise_shape) == 0).all()
    np.testing.assert_array_equal(random.dropout(x, 0.0), x)


def in_training(layer, shape, value=1.0):
    return np.asarray(layer(np.full(shape, value, "float32"), training=True))


@pytest.mark.parametrize(
    ("make", "shape", "varies"),
    [
        (lambda seed: layers.Dropout(0.5, seed=seed), (4, 5, 6), (0, 1, 2)),
        (lambda seed: layers.Dropout(0.5, (None, 1, None), seed), (4, 5, 6), (0, 2)),
        (lambda seed: layers.SpatialDropout1D(0.5, seed), (4, 5, 6), (0, 2)),
        (lambda seed: layers.SpatialDropout2D(0.5, seed=seed), (4, 3, 5, 6), (0, 3)),
        (lambda seed: layers.SpatialDropout2D(0.5, "channels_first", seed), (4, 6, 3, 5), (0, 1)),
        (lambda seed: layers.SpatialDropout3D(0.5, seed=seed), (4, 3, 2, 5, 6), (0, 4)),
        (lambda seed: layers.GaussianNoise(0.5, seed), (4, 6), (0, 1)),
        (lambda seed: layers.GaussianDropout(0.5, seed), (4, 6), (0, 1)),
        (lambda seed: layers.AlphaDropout(0.5, seed=seed), (4, 6), (0, 1)),
        (lambda seed: layers.AlphaDropout(0.5, (None, 1), seed), (4, 6), (0,)),
    ],
)
def test_layers(make, shape, varies):
    """What varies along which axes, modes and seeds."""
    layer = make(7)
    first, second = in_training(layer, shape), in_training(layer, shape)
    assert first.dtype == np.float32
    for axis in range(len(shape)):
        assert (np.ptp(first, axis) != 0).any() == (axis in varies)
    assert (first != second).any(), "a seed begins a sequence"
    again = layers.deserialize(layers.serialize(layer))
    np.testing.assert_array_equal(in_training(again, shape), first)
    x = np.full(shape, 3.0, "float32")
    np.testing.assert_array_equal(layer(x), x)
    np.testing.assert_array_equal(layer(x, training=False), x)
    random.set_seed(3)
    free = make(None)
    drawn = in_training(free, shape)
    random.set_seed(3)
    np.testing.assert_array_equal(in_training(free, shape), drawn)
    seeds = random.SeedGenerator(5)
    assert (in_training(make(seeds), shape) != in_training(make(seeds), shape)).any()


def test_noise_has_the_moments_that_it_should():
    n = 100_000
    noise = in_training(layers.GaussianNoise(0.3, seed=1), n, 2.0)
    assert abs(noise.mean(dtype="float64") - 2) < 4 * 0.3 / np.sqrt(n)
    assert noise.std(dtype="float64") == pytest.approx(0.3, rel=0.01)
    factors = in_training(layers.GaussianDropout(0.2, seed=1), n, 2.0)
    assert abs(factors.mean(dtype="float64") - 2) < 4 * 1.0 / np.sqrt(n)
    assert factors.std(dtype="float64") == pytest.approx(2 * np.sqrt(0.2 / 0.8), rel=0.01)
    x = random.normal(n, seed=4)
    y = layers.AlphaDropout(0.3, seed=1)(x, training=True)
    assert abs(y.mean(dtype="float64")) < 4 / np.sqrt(n)
    assert y.std(dtype="float64") == pytest.approx(1, rel=0.01)
    limit = -1.6732632423543772 * 1.0507009873554805
    scale = (0.7 * (1 + 0.3 * limit**2)) ** -0.5
    dropped = np.isclose(y, scale * limit * 0.7, rtol=1e-6)
    assert abs(dropped.mean() - 0.3) < 4 * np.sqrt(0.21 / n)
    np.testing.assert_allclose(y[~dropped], scale * (x[~dropped] - limit * 0.3), rtol=1e-5, atol=1e-6)


def test_gradients_go_through_what_was_kept():
    x = fastnn.tensor(np.ones((50, 8), "float32"), requires_grad=True)
    for layer in (layers.Dropout(0.5), layers.SpatialDropout1D(0.5), layers.GaussianDropout(0.5)):
        given = x[:, np.newaxis] if isinstance(layer, layers.SpatialDropout1D) else x
        y = layer(given, training=True)
        x.grad = None
        y.sum().backward()
        np.testing.assert_array_equal(x.grad.numpy(), y.numpy().reshape(x.shape))


def test_a_model_with_dropout_repeats_with_the_seed():
    def trained():
        fastnn.utils.set_random_seed(3)
        model = fastnn.Sequential(
            [layers.Dense(8, "relu", input_shape=(4,)), layers.Dropout(0.5), layers.Dense(1)]
        )
        model.compile("sgd", "mse")
        x = np.random.default_rng(0).normal(size=(64, 4)).astype("float32")
        history = model.fit(x, x[:, :1], epochs=2, batch_size=16, verbose=0).history
        return history["loss"], model.predict(x, verbose=0)

    (first, values), (second, again) = trained(), trained()
    assert first == second
    np.testing.assert_array_equal(values, again)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: layers.Dropout(1.5), r"Dropout: rate must lie in \[0, 1\]; received rate=1.5"),
        (lambda: layers.Dropout(-0.1), "rate must lie in"),
        (lambda: layers.Dropout("a"), "rate must lie in"),
        (lambda: layers.Dropout(0.5, noise_shape=(0, 2)), "Dropout: noise_shape must hold positive integers"),
        (lambda: layers.Dropout(0.5, noise_shape="ab"), "noise_shape must hold"),
        (
            lambda: in_training(layers.Dropout(0.5, (2, 3)), (4, 3)),
            "noise_shape must have a size for each axis",
        ),
        (lambda: layers.AlphaDropout(1.0), r"AlphaDropout: rate must lie in \[0, 1\)"),
        (lambda: layers.GaussianDropout(1.0), r"GaussianDropout: rate must lie in \[0, 1\)"),
        (lambda: layers.GaussianNoise(-1), "GaussianNoise: stddev must not be negative; received stddev=-1"),
        (lambda: layers.SpatialDropout2D(0.5, "last"), "SpatialDropout2D: data_format must be"),
        (lambda: in_training(layers.SpatialDropout1D(0.5), (2, 3)), "spatial_dropout1d"),
        (lambda: layers.Dropout(0.5, seed=-1), "a seed must be"),
    ],
)
def test_errors(call, words):
    with pytest.raises(ValueError, match=words):
        call()
