"""Constraints: values along every axis, names, errors."""

import fastnn
import numpy as np
import pytest
from fastnn import constraints

KERNEL = np.random.default_rng(0).normal(size=(3, 2, 4, 5))
AXES = [0, -1, (0, 1, 2), [0, 1]]


def norms(w, axis):
    return np.sqrt((w**2).sum(tuple(axis) if isinstance(axis, list) else axis, keepdims=True))


@pytest.mark.parametrize("axis", AXES, ids=str)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_norms(axis, dtype):
    w = KERNEL.astype(dtype)
    before = norms(w, axis)
    tolerance = {"rtol": 2e-6, "atol": 1e-6}

    def check(constraint, expected):
        got = constraint(fastnn.tensor(w)).numpy()
        assert got.dtype == dtype
        np.testing.assert_allclose(norms(got, axis), expected, **tolerance)
        np.testing.assert_allclose(got * before, w * norms(got, axis), **tolerance)  # the same direction
        twin = constraints.deserialize(constraints.serialize(constraint))
        np.testing.assert_array_equal(twin(w), got)

    check(constraints.MaxNorm(1.5, axis=axis), np.minimum(before, 1.5))
    check(constraints.UnitNorm(axis=axis), np.ones_like(before))
    check(constraints.MinMaxNorm(1.0, 1.5, axis=axis), np.clip(before, 1, 1.5))
    check(constraints.MinMaxNorm(1.0, 1.5, 0.25, axis), 0.25 * np.clip(before, 1, 1.5) + 0.75 * before)


def test_what_has_no_length_stays():
    zeros = np.zeros((3, 2))
    for name in ("max_norm", "unit_norm", "min_max_norm", "non_neg"):
        np.testing.assert_array_equal(constraints.get(name)(zeros), zeros)


def test_non_neg():
    np.testing.assert_array_equal(constraints.NonNeg()(KERNEL), np.maximum(KERNEL, 0))


@pytest.mark.parametrize(
    ("name", "config"),
    [
        ("max_norm", {"max_value": 2, "axis": 0}),
        ("MaxNorm", {"max_value": 2, "axis": 0}),
        ("unit_norm", {"axis": 0}),
        ("min_max_norm", {"min_value": 0.0, "max_value": 1.0, "rate": 1.0, "axis": 0}),
        ("non_neg", {}),
        (constraints.MaxNorm(3, axis=(0, 1)), {"max_value": 3, "axis": [0, 1]}),
    ],
)
def test_names(name, config):
    assert constraints.get(name).get_config() == config
    assert constraints.get(None) is None


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: constraints.MinMaxNorm(2, 1), "min_value must not be greater than max_value"),
        (lambda: constraints.get("maxnorm"), "unknown constraint 'maxnorm'. Did you mean 'MaxNorm'"),
        (lambda: constraints.get(2), "a constraint is a name"),
        (lambda: constraints.MaxNorm(axis=4)(KERNEL), r"axis must lie in \[-4, 4\); received 4"),
    ],
)
def test_errors(call, words):
    with pytest.raises(ValueError, match=words):
        call()
