"""Dropout and its kin: statistics (fixed seeds, so nothing here is left to chance), seeds, threads, modes."""

import fastnn
import numpy as np
import pytest
from fastnn import random


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
