"""Integers, classes and the distributions that NumPy draws (fixed seeds, so nothing here is left to chance)."""

import numpy as np
import pytest
from fastnn import random
from scipy import stats

N = 20_000


@pytest.mark.parametrize(
    ("draw", "distribution"),
    [
        (lambda seed: random.gamma(N, 0.7, "float64", seed), stats.gamma(0.7)),
        (lambda seed: random.gamma(N, 5.0, "float32", seed), stats.gamma(5.0)),
        (lambda seed: random.beta(N, 0.5, 2.0, "float64", seed), stats.beta(0.5, 2.0)),
    ],
)
def test_continuous(draw, distribution):
    assert stats.kstest(draw(3), distribution.cdf).pvalue > 1e-3
    np.testing.assert_array_equal(draw(3), draw(3))
    assert (draw(None) != draw(None)).any()


@pytest.mark.parametrize(
    ("draw", "probabilities"),
    [
        (lambda: random.randint(N, -2, 3, seed=1) + 2, [0.2] * 5),
        (lambda: random.binomial(N, 3, 0.3, "int64", seed=1), stats.binom(3, 0.3).pmf(range(4))),
        (
            lambda: random.categorical(np.log([[1, 2, 3, 4]]) + 700, N, seed=1)[0],
            [0.1, 0.2, 0.3, 0.4],
        ),
    ],
)
def test_discrete(draw, probabilities):
    counts = np.bincount(draw(), minlength=len(probabilities))
    assert stats.chisquare(counts, N * np.asarray(probabilities)).pvalue > 1e-3


def test_classes_without_probability_are_never_drawn():
    logits = np.where([[1, 0, 1, 0, 0], [0, 0, 0, 0, 1]], 0.0, -np.inf)
    drawn = random.categorical(logits, 500, "int64", seed=2)
    assert drawn.dtype == np.int64
    assert set(drawn[0].tolist()) == {0, 2}
    assert set(drawn[1].tolist()) == {4}


def test_types_and_shapes():
    assert random.randint((2, 3), 0, 200, "uint8").dtype == np.uint8
    assert random.gamma((2, 3), np.ones(3)).shape == (2, 3)
    assert random.gamma((2, 3), 1.0).dtype == np.float32
    assert random.binomial((2, 3), 5, [0.1, 0.2, 0.3]).dtype == np.float32
    assert random.categorical(np.zeros((4, 2)), 0).shape == (4, 0)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: random.randint(3, 2, 2), "minval must be less than maxval"),
        (lambda: random.randint(3, 0, 300, "uint8"), "uint8 must hold what lies between"),
        (lambda: random.randint(3, 0, 3, "float32"), "dtype must be an integer type; received float32"),
        (
            lambda: random.categorical(np.zeros(3), 1),
            r"must have shape \(batch, classes\); received shape \(3,\)",
        ),
        (lambda: random.categorical([[np.nan, 0.0]], 1), "logits must give probabilities"),
        (lambda: random.categorical(np.zeros((2, 0)), 1), "logits must give probabilities"),
        (lambda: random.gamma(3, -1.0), "shape < 0"),
        (lambda: random.binomial(3, 2, 1.5), "p > 1"),
    ],
)
def test_errors(call, words):
    with pytest.raises(ValueError, match=words):
        call()
