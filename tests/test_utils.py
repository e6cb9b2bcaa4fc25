"""to_categorical and set_random_seed."""

import random as python_random

import fastnn
import numpy as np
import pytest
from fastnn.utils import set_random_seed, to_categorical


def test_to_categorical():
    np.testing.assert_array_equal(to_categorical([0, 2, 1]), np.eye(3)[[0, 2, 1]])
    np.testing.assert_array_equal(to_categorical(np.array([[0], [1]], "uint8"), 4), np.eye(4)[[0, 1]])
    assert to_categorical(np.zeros((2, 3), int), 5).shape == (2, 3, 5)
    assert to_categorical([], 3).shape == (0, 3)
    assert to_categorical([1.0, 0.0]).dtype == np.float64


@pytest.mark.parametrize(("x", "n", "words"), [([0, 3], 3, r"\[0, 3\); received 0 to 3"), ([-1], 3, "received -1"),
                                              ([0.5], 3, "whole numbers")])  # fmt: skip
def test_to_categorical_errors(x, n, words):
    with pytest.raises(ValueError, match=words):
        to_categorical(x, n)


def test_one_seed_for_all():
    def draw():
        return fastnn.random.normal((3,)).tolist(), np.random.rand(), python_random.random()

    set_random_seed(11)
    first = draw()
    second = draw()
    set_random_seed(11)
    assert draw() == first
    assert draw() == second != first
    for bad in (-1, 2**32, 1.5):
        with pytest.raises(ValueError, match="the seed must be"):
            set_random_seed(bad)
