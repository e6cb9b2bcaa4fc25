"""Regularizers: values, gradients, names, errors."""

import fastnn
import numpy as np
import pytest
from fastnn import ops, regularizers

W = np.random.default_rng(0).normal(size=(5, 4))


def cosines(w):
    units = w / np.linalg.norm(w, axis=1, keepdims=True)
    n = len(w)
    return abs(units @ units.T)[~np.eye(n, dtype=bool)].mean()


CASES = [
    (regularizers.L1(0.3), lambda w: 0.3 * abs(w).sum()),
    (regularizers.L2(0.3), lambda w: 0.3 * (w**2).sum()),
    (regularizers.L1L2(0.3, 0.2), lambda w: 0.3 * abs(w).sum() + 0.2 * (w**2).sum()),
    (regularizers.L1L2(l2=0.2), lambda w: 0.2 * (w**2).sum()),
    (regularizers.L1L2(), lambda w: 0.0),
    (regularizers.OrthogonalRegularizer(0.3), lambda w: 0.3 * cosines(w)),
    (regularizers.OrthogonalRegularizer(0.3, "columns"), lambda w: 0.3 * cosines(w.T)),
]


@pytest.mark.parametrize(("regularizer", "formula"), CASES)
def test_values_and_gradients(regularizer, formula):
    assert float(regularizer(W)) == pytest.approx(formula(W), rel=1e-12)
    narrow = regularizer(fastnn.tensor(W.astype("float32")))
    assert float(narrow) == pytest.approx(formula(W), rel=1e-5)
    if formula(W):
        assert narrow.dtype == np.float32
        fastnn.check_gradients(regularizer, W)
    twin = regularizers.deserialize(regularizers.serialize(regularizer))
    assert float(twin(W)) == float(regularizer(W))


@pytest.mark.parametrize(
    ("name", "config"),
    [
        ("l1", {"l1": 0.01}),
        ("L1", {"l1": 0.01}),
        ("l2", {"l2": 0.01}),
        ("l1_l2", {"l1": 0.01, "l2": 0.01}),
        (regularizers.L1L2, {"l1": 0.0, "l2": 0.0}),
        ("orthogonal_regularizer", {"factor": 0.01, "mode": "rows"}),
    ],
)
def test_names(name, config):
    assert regularizers.get(name).get_config() == config


def test_functions():
    def fourth(w):
        return ops.sum(w**4)

    assert regularizers.get(None) is None
    assert regularizers.get(fourth) is fourth


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: regularizers.L1(-0.1), "L1: l1 must be a number that is not negative; received l1=-0.1"),
        (lambda: regularizers.L2(float("nan")), "L2: l2 must be"),
        (lambda: regularizers.L1L2(l2="a"), "L1L2: l2 must be"),
        (lambda: regularizers.OrthogonalRegularizer(mode="row"), "mode must be 'rows' or 'columns'"),
        (lambda: regularizers.OrthogonalRegularizer()(np.ones(3)), "only matrices have rows"),
        (lambda: regularizers.get("l3"), "unknown regularizer 'l3'. Did you mean"),
        (lambda: regularizers.get(0.1), "a regularizer is a name"),
    ],
)
def test_errors(call, words):
    with pytest.raises(ValueError, match=words):
        call()
