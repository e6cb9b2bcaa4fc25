"""CategoryEncoding and Discretization: what the layer table cannot say."""

import numpy as np
import pytest
from fastnn import layers


def test_counts():
    x = np.array([[0, 1, 1], [3, 3, 3]])
    layer = layers.CategoryEncoding(4, "count")
    assert layer(x).tolist() == [[1, 2, 0, 0], [0, 0, 0, 3]]
    weights = np.array([[0.5, 1, 2], [1, 1, 0]])
    assert layer(x, count_weights=weights).tolist() == [[0.5, 3, 0, 0], [0, 0, 0, 2]]


def test_intervals_begin_at_their_boundary():
    layer = layers.Discretization([0.0, 1.0])
    assert layer(np.array([-0.1, 0.0, 0.9, 1.0, np.inf])).tolist() == [0, 1, 1, 2, 2]


def test_adapted_intervals_hold_as_many_values_each_and_are_saved():
    values = np.random.default_rng(0).exponential(size=(1000, 1))
    layer = layers.Discretization(num_bins=5)
    with pytest.raises(ValueError, match="no boundaries yet: call adapt"):
        layer(values)
    layer.adapt(values)
    assert np.bincount(np.asarray(layer(values)).ravel()).tolist() == [200] * 5
    batches = layers.Discretization(num_bins=5)
    batches.adapt(iter(np.split(values, 10)))
    assert batches.bin_boundaries == layer.bin_boundaries
    again = layers.deserialize(layers.serialize(layer))
    np.testing.assert_array_equal(again(values), layer(values))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: layers.CategoryEncoding(),
            "num_tokens must be a positive integer; received num_tokens=None",
        ),
        (lambda: layers.CategoryEncoding(3, "binary"), "output_mode must be"),
        (lambda: layers.CategoryEncoding(3)(np.array([[3]])), r"whole numbers in \[0, 3\); received 3"),
        (lambda: layers.CategoryEncoding(3)(np.array([[-1]])), "received -1"),
        (lambda: layers.CategoryEncoding(3)(np.array([[0.5]])), "received 0.5"),
        (
            lambda: layers.CategoryEncoding(3)(np.array([[0]]), count_weights=[[1]]),
            "count_weights have a meaning",
        ),
        (lambda: layers.Discretization(), "give bin_boundaries, or a positive num_bins"),
        (lambda: layers.Discretization([1, 0]), "bin_boundaries must ascend"),
        (lambda: layers.Discretization([0], output_mode="x"), "output_mode must be one of"),
        (lambda: layers.Discretization([0]).adapt(np.ones(3)), "was given its bin_boundaries"),
    ],
)
def test_errors(call, words):
    with pytest.raises(ValueError, match=words):
        call()
