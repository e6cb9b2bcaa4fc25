"""Regularizers: values, gradients, names, errors."""

import fastnn
import numpy as np
import pytest
from fastnn import constraints, layers, ops, regularizers

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


def test_a_dense_layer_trains_with_penalties_and_constraints():
    """One step by hand: gradients of the mean squared error and of all penalties, then the constraints."""
    rng = np.random.default_rng(0)
    x, y = rng.integers(-9, 9, (8, 3)) / 8, rng.integers(-9, 9, (8, 2)) / 8  # float32 holds them
    layer = layers.Dense(
        2,
        bias_initializer="ones",
        kernel_regularizer=regularizers.L1L2(0.1, 0.2),
        bias_regularizer="l2",
        activity_regularizer=regularizers.L2(0.3),
        kernel_constraint=constraints.MaxNorm(0.5),
        bias_constraint="non_neg",
        dtype="float64",
        input_shape=(3,),
    )
    model = fastnn.Sequential([layer])
    w, b = model.get_weights()
    model.compile(fastnn.optimizers.SGD(0.8), "mse")
    p = x @ w + b
    penalty = 0.1 * abs(w).sum() + 0.2 * (w**2).sum() + 0.01 * (b**2).sum() + 0.3 * (p**2).sum() / 8
    assert model.train_on_batch(x, y) == pytest.approx(((p - y) ** 2).mean() + penalty, rel=1e-6)
    dp = 2 * (p - y) / y.size + 0.6 * p / 8
    w -= 0.8 * (x.T @ dp + 0.1 * np.sign(w) + 0.4 * w)
    b -= 0.8 * (dp.sum(0) + 0.02 * b)
    norms = np.linalg.norm(w, axis=0)
    assert (norms > 0.5).any()
    np.testing.assert_allclose(layer.kernel, w * np.minimum(norms, 0.5) / (norms + 1e-7), rtol=1e-12)
    np.testing.assert_allclose(layer.bias, np.maximum(b, 0), rtol=1e-12)


def test_a_dense_layer_is_saved_with_penalties_and_constraints(tmp_path):
    options = {
        "kernel_regularizer": "l1",
        "bias_regularizer": regularizers.L2(0.5),
        "activity_regularizer": "l1_l2",
        "kernel_constraint": "unit_norm",
        "bias_constraint": constraints.MinMaxNorm(0.1, axis=0),
    }
    model = fastnn.Sequential([layers.Dense(2, input_shape=(3,), **options)])
    model.save(tmp_path / "model")
    loaded = fastnn.models.load_model(tmp_path / "model")
    assert loaded.get_config() == model.get_config()
    config = loaded.layers[0].get_config()
    for name in options:
        assert config[name] is not None
        assert type(getattr(loaded.layers[0], name)) is type(getattr(model.layers[0], name))
    x = np.ones((4, 3), "float32")
    for each in (model, loaded):
        each(x)
    assert [float(loss) for loss in loaded.losses] == [float(loss) for loss in model.losses]
    assert len(model.losses) == 3
