"""Pooling: where the gradient goes, special values, masks, errors; the op and layer tables test the rest."""

from __future__ import annotations

import fastnn
import numpy as np
import pytest
from fastnn import layers, ops
from fastnn.tensor import Tensor

NAN, INF = np.nan, np.inf


def _max_and_gradient(x, *args):
    x = Tensor(np.array(x, np.float32).reshape(1, -1, 1), requires_grad=True)
    y = ops.max_pool(x, *args)
    y.backward(np.arange(1, y.size + 1, dtype=np.float32).reshape(y.shape))
    return y.numpy()[0, :, 0].tolist(), x.grad.numpy()[0, :, 0].tolist()


def test_gradient_goes_to_the_first_of_equals():
    assert _max_and_gradient([1, 1, 0, 2, 2, 2], 3) == ([1, 2], [1, 0, 0, 2, 0, 0])
    assert _max_and_gradient([3, 3, 3], 2, 1) == ([3, 3], [1, 2, 0])
    assert _max_and_gradient([-INF, -INF, -INF], 2, None, "same") == ([-INF, -INF], [1, 0, 2])


def test_nan_is_the_largest_and_the_first_takes_the_gradient():
    y, slope = _max_and_gradient([1, NAN, INF, NAN, 5, 6, INF, -0.0, 0.0], 3)
    np.testing.assert_array_equal(y, [NAN, NAN, INF])
    assert slope == [0, 1, 0, 2, 0, 0, 3, 0, 0]


@pytest.mark.parametrize("channels", [1, 2, 3, 5, 16, 17, 33, 40])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_whole_numbers_are_exact(channels, padding):
    """Gradients of sums of windows are counts; every rest of a vector is visited."""
    rng = np.random.default_rng(0)
    x = Tensor(rng.integers(-50, 50, (3, 7, 6, channels)).astype(np.float32), requires_grad=True)
    y = ops.max_pool(x, (3, 2), (2, 1), padding)
    y.backward(np.ones(y.shape, np.float32))
    assert x.grad.numpy().sum() == y.size
    taken = np.zeros(x.shape, np.float32)
    padded = np.full((3, 9, 7, channels), -INF, np.float32)
    before = (1, 0) if padding == "same" else (0, 0)
    padded[:, before[0] : before[0] + 7, before[1] : before[1] + 6] = x.numpy()
    for i, j in np.ndindex(y.shape[1:3]):
        window = padded[:, 2 * i : 2 * i + 3, j : j + 2].reshape(3, 6, channels)
        np.testing.assert_array_equal(y.numpy()[:, i, j], window.max(1))
        row, column = np.unravel_index(window.argmax(1), (3, 2))
        n, c = np.indices(row.shape)
        taken[n, 2 * i - before[0] + row, j - before[1] + column, c] += 1
    np.testing.assert_array_equal(x.grad.numpy(), taken)


def test_same_bits_on_any_number_of_threads():
    x = np.random.default_rng(0).standard_normal((40, 9, 8, 33)).astype(np.float32)
    found = []
    for threads in (1, 2, 4):
        fastnn.set_num_threads(threads)
        for op in (ops.max_pool, ops.average_pool):
            t = Tensor(x, requires_grad=True)
            y = op(t, 3, 2, "same")
            y.backward(y.numpy())
            found.append(y.numpy().tobytes() + t.grad.numpy().tobytes())
    assert found[:2] == found[2:4] == found[4:]


def test_mask_of_a_global_average_ends_there():
    x = np.array([[[1.0], [3.0], [50.0]], [[5.0], [50.0], [50.0]]], np.float32)
    layer = layers.GlobalAveragePooling1D()
    y = layer(Tensor(x), mask=np.array([[True, True, False], [True, False, False]]))
    assert y.numpy()[:, 0].tolist() == [2.0, 5.0]
    assert getattr(y, "_keras_mask", None) is None


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: layers.MaxPooling2D(0), "MaxPooling2D: pool_size must be a positive integer.*pool_size=0"),
        (lambda: layers.AveragePooling1D(2, strides=0), "AveragePooling1D: strides must be.*strides=0"),
        (lambda: layers.MaxPooling3D((2, 2)), r"or a tuple of 3; received pool_size=\(2, 2\)"),
        (lambda: layers.MaxPooling2D(2.5), "received pool_size=2.5"),
        (lambda: layers.MaxPooling2D(padding="full"), "padding must be 'valid' or 'same'.*padding='full'"),
        (lambda: layers.GlobalMaxPooling2D("last"), "data_format must be.*data_format='last'"),
        (
            lambda: layers.MaxPooling2D(name="small")(np.ones((2, 1, 5, 3))),
            r"layer 'small' \(MaxPooling2D\).*pool_size must not be larger.*received pool_size=\(2, 2\)",
        ),
        (
            lambda: layers.MaxPooling2D()(np.ones((2, 28, 28))),
            r"inputs must have shape \(batch, height, width, channels\); received \(2, 28, 28\)",
        ),
        (
            lambda: layers.GlobalAveragePooling1D("channels_first")(np.ones((2, 28))),
            r"inputs must have shape \(batch, channels, steps\); received \(2, 28\)",
        ),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_aliases():
    assert layers.MaxPool2D is layers.MaxPooling2D
    assert layers.AvgPool1D is layers.AveragePooling1D
    assert layers.GlobalAvgPool3D is layers.GlobalAveragePooling3D
    layer = layers.deserialize(
        {"class_name": "MaxPool2D", "config": {"pool_size": [3, 2], "padding": "SAME"}}
    )
    assert (layer.pool_size, layer.strides, layer.padding) == ((3, 2), (3, 2), "same")
