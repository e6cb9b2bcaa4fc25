"""Losses and metrics beside Keras: values, gradients, weights of samples, names and defaults."""

from __future__ import annotations

import inspect
import os
import warnings
from importlib.util import find_spec

import fastnn
import numpy as np
import pytest

if find_spec("keras") is None:
    pytest.skip("parity with Keras needs Keras and a backend", allow_module_level=True)
os.environ.setdefault("KERAS_BACKEND", "jax" if find_spec("jax") else "tensorflow")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import keras

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

RNG = np.random.default_rng(11)
SHAPE = (12, 5)
Y = RNG.normal(size=SHAPE).astype("float32")
GUESS = (Y + RNG.normal(size=SHAPE)).astype("float32")
P = RNG.dirichlet(np.ones(5), 12).astype("float32")
Q = RNG.dirichlet(np.ones(5), 12).astype("float32")
ONE_HOT = np.eye(5, dtype="float32")[RNG.integers(0, 5, 12)]
BITS = RNG.integers(0, 2, SHAPE).astype("float32")
COUNTS = RNG.poisson(2.0, SHAPE).astype("float32")
RATES = RNG.uniform(0.1, 4, SHAPE).astype("float32")
WEIGHT = np.linspace(0.1, 2, 12).astype("float32")

LOSSES = [
    ("MeanSquaredError", {}, Y, GUESS),
    ("MeanAbsoluteError", {}, Y, GUESS),
    ("MeanAbsolutePercentageError", {}, Y, GUESS),
    ("MeanSquaredLogarithmicError", {}, Y, GUESS),
    ("MeanSquaredLogarithmicError", {}, COUNTS, RATES),
    ("CosineSimilarity", {}, Y, GUESS),
    ("CosineSimilarity", {"axis": 0}, Y, GUESS),
    ("CosineSimilarity", {}, np.where(np.arange(12)[:, None] == 3, 0, Y), GUESS),
    ("Huber", {}, Y, GUESS),
    ("Huber", {"delta": 0.3}, Y, GUESS),
    ("LogCosh", {}, Y, 20 * GUESS),
    ("Hinge", {}, 2 * BITS - 1, GUESS),
    ("Hinge", {}, BITS, GUESS),
    ("Hinge", {}, COUNTS, GUESS),
    ("SquaredHinge", {}, BITS, GUESS),
    ("CategoricalHinge", {}, ONE_HOT, GUESS),
    ("KLDivergence", {}, P, Q),
    ("KLDivergence", {}, ONE_HOT, Q),
    ("Poisson", {}, COUNTS, RATES),
    ("BinaryCrossentropy", {"label_smoothing": 0.1}, BITS, Q),
    ("BinaryFocalCrossentropy", {}, BITS, Q),
    ("BinaryFocalCrossentropy", {"from_logits": True, "apply_class_balancing": True}, BITS, GUESS),
    ("BinaryFocalCrossentropy", {"gamma": 3.0, "label_smoothing": 0.2}, BITS, Q),
    ("CategoricalFocalCrossentropy", {}, ONE_HOT, Q),
    ("CategoricalFocalCrossentropy", {"from_logits": True, "alpha": 0.4}, ONE_HOT, GUESS),
    ("CategoricalFocalCrossentropy", {"label_smoothing": 0.2, "gamma": 1.5}, ONE_HOT, 3 * Q),
]


@pytest.mark.parametrize(("name", "options", "y_true", "y_pred"), LOSSES)
@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["plain", "weighted"])
def test_losses_and_their_gradients(name, options, y_true, y_pred, weight):
    theirs, ours = (getattr(library.losses, name)(**options) for library in (keras, fastnn))
    if options.get("axis") == 0 and weight is not None:
        weight = weight[:5]
    expected = theirs(y_true, y_pred, weight)
    np.testing.assert_allclose(ours(y_true, y_pred, weight), expected, rtol=2e-5)
    each = theirs.call(keras.ops.convert_to_tensor(y_true), keras.ops.convert_to_tensor(y_pred))
    np.testing.assert_allclose(ours.call(y_true, y_pred), each, rtol=1e-4, atol=1e-6)
    if keras.backend.backend() != "jax":
        return
    import jax

    gradient = jax.grad(lambda p: theirs(y_true, p, weight))(y_pred)
    tensor = fastnn.tensor(y_pred, requires_grad=True)
    ours(y_true, tensor, weight).backward()
    np.testing.assert_allclose(tensor.grad, gradient, rtol=2e-4, atol=2e-6)


@pytest.mark.parametrize(
    "reduction", ["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none"]
)
@pytest.mark.parametrize("weight", [None, WEIGHT, WEIGHT[:, None], np.zeros(12, "float32")])
def test_reductions(reduction, weight):
    theirs, ours = (
        library.losses.MeanAbsoluteError(reduction=reduction)(Y, GUESS, weight) for library in (keras, fastnn)
    )
    np.testing.assert_allclose(ours, np.reshape(theirs, np.shape(ours)), rtol=1e-5)


@pytest.mark.parametrize(
    "name", ["MeanSquaredError", "MeanAbsoluteError", "Huber", "BinaryCrossentropy", "Hinge"]
)
def test_labels_without_the_last_axis(name):
    theirs, ours = (getattr(library.losses, name)()(BITS[:, 0], Q[:, :1]) for library in (keras, fastnn))
    np.testing.assert_allclose(ours, theirs, rtol=1e-5)


def numbers_of_classes(k):
    return RNG.integers(0, 5, k)


LABELS = numbers_of_classes(12)
SCORES = np.where(RNG.random(SHAPE) < 0.2, 0.5, np.round(RNG.random(SHAPE), 1)).astype("float32")
SCORES[0] = [0.0, 1.0, 0.5, 0.5, 0.0]

METRICS = [
    ("MeanSquaredError", {}, Y, GUESS),
    ("RootMeanSquaredError", {}, Y, GUESS),
    ("MeanAbsoluteError", {}, Y, GUESS),
    ("MeanAbsolutePercentageError", {}, Y, GUESS),
    ("MeanSquaredLogarithmicError", {}, COUNTS, RATES),
    ("CosineSimilarity", {}, Y, GUESS),
    ("LogCoshError", {}, Y, GUESS),
    ("KLDivergence", {}, P, Q),
    ("Poisson", {}, COUNTS, RATES),
    ("Hinge", {}, BITS, GUESS),
    ("SquaredHinge", {}, BITS, GUESS),
    ("CategoricalHinge", {}, ONE_HOT, GUESS),
    ("Accuracy", {}, LABELS, numbers_of_classes(12)),
    ("BinaryAccuracy", {}, BITS, SCORES),
    ("TopKCategoricalAccuracy", {"k": 2}, ONE_HOT, SCORES),
    ("SparseTopKCategoricalAccuracy", {"k": 3}, LABELS, SCORES),
    ("SparseTopKCategoricalAccuracy", {}, LABELS[:, None], SCORES),
    *((name, {}, BITS, SCORES) for name in ("TruePositives", "FalsePositives", "TrueNegatives")),
    ("FalseNegatives", {"thresholds": [0.8, 0.2, 0.5]}, BITS, SCORES),
    ("Precision", {}, BITS, SCORES),
    ("Precision", {"thresholds": [0.0, 0.5, 1.0]}, BITS, SCORES),
    ("Precision", {"top_k": 2}, ONE_HOT, Q),
    ("Precision", {"class_id": 1, "thresholds": 0.3}, BITS, SCORES),
    ("Recall", {}, BITS, SCORES),
    ("Recall", {"top_k": 2, "class_id": 2}, ONE_HOT, Q),
    ("Recall", {"thresholds": 0.3}, BITS[:, 0], SCORES[:, :1]),
    ("AUC", {}, BITS, SCORES),
    ("AUC", {"num_thresholds": 7}, BITS, Q),
    ("AUC", {"curve": "PR"}, BITS, SCORES),
    ("AUC", {"curve": "PR", "summation_method": "majoring"}, BITS, SCORES),
    ("AUC", {"summation_method": "minoring", "thresholds": [0.7, 0.2, 0.3]}, BITS, SCORES),
    ("AUC", {"from_logits": True}, BITS, GUESS),
    ("AUC", {"multi_label": True}, BITS, Q),
    ("AUC", {"multi_label": True, "num_labels": 5, "label_weights": [1.0, 2, 0, 1, 3]}, BITS, Q),
    ("F1Score", {}, ONE_HOT, Q),
    ("F1Score", {"average": "macro"}, ONE_HOT, Q),
    ("F1Score", {"average": "micro", "threshold": 0.3}, BITS, SCORES),
    ("FBetaScore", {"average": "weighted", "beta": 2.0}, ONE_HOT, Q),
    ("R2Score", {}, Y, GUESS),
    ("R2Score", {"class_aggregation": None}, Y, GUESS),
    ("R2Score", {"class_aggregation": "variance_weighted_average", "num_regressors": 3}, Y, GUESS),
]


@pytest.mark.parametrize(("name", "options", "y_true", "y_pred"), METRICS)
@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["plain", "weighted"])
def test_metrics_over_batches(name, options, y_true, y_pred, weight):
    found = []
    for library in (keras, fastnn):
        metric = getattr(library.metrics, name)(**options)
        for part in (slice(5), slice(5, 12)):
            metric.update_state(y_true[part], y_pred[part], None if weight is None else weight[part])
        found.append(np.asarray(metric.result()))
        metric.reset_state()
        metric.update_state(y_true[:4], y_pred[:4])
        found.append(np.asarray(metric.result()))
    np.testing.assert_allclose(found[2], found[0], rtol=3e-5, atol=1e-6)
    np.testing.assert_allclose(found[3], found[1], rtol=3e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "y_true", "y_pred"),
    [
        ("binary_accuracy", BITS, SCORES),
        ("categorical_accuracy", ONE_HOT, Q),
        ("sparse_categorical_accuracy", LABELS, Q),
        ("top_k_categorical_accuracy", ONE_HOT, Q),
    ],
)
def test_accuracies_of_samples(name, y_true, y_pred):
    found, expected = (getattr(library.metrics, name)(y_true, y_pred) for library in (fastnn, keras))
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("kind", ["losses", "metrics"])
def test_names_and_arguments(kind):
    """Every argument that we have, Keras has, in the same order and with the same default."""
    ours, theirs = getattr(fastnn, kind), getattr(keras, kind)
    checked = 0
    for name in ours.__all__:
        if name in ("FunctionLoss", "Loss", "Metric", "get", "serialize", "deserialize", "accuracy"):
            continue
        mine, other = (dict(inspect.signature(getattr(module, name)).parameters) for module in (ours, theirs))
        assert list(mine) == [n for n in other if n in mine], name
        for argument, parameter in mine.items():
            if parameter.default is not inspect.Parameter.empty:
                assert parameter.default == other[argument].default, (name, argument)
        if inspect.isclass(getattr(ours, name)) and name != "MeanMetricWrapper":
            keras.utils.clear_session()
            fastnn.utils.clear_session()
            assert getattr(ours, name)().name == getattr(theirs, name)().name
        checked += 1
    assert checked > 30


ALIASES = ("mae", "MAE", "mape", "MAPE", "msle", "MSLE", "mse", "MSE", "kld", "KLD", "bce", "BCE")


@pytest.mark.parametrize("name", ALIASES)
def test_aliases(name):
    theirs = keras.losses.get(name)
    assert fastnn.losses.get(name).fn.__name__ == theirs.__name__


NAMES = [
    "mae",
    "MSE",
    "RootMeanSquaredError",
    "cosine_similarity",
    "mean_absolute_percentage_error",
    "r2_score",
]


@pytest.mark.parametrize("loss", ["mae", "mape", "huber", "log_cosh", "poisson", "msle", "hinge"])
def test_compile_and_fit(loss):
    x = RNG.normal(size=(96, 4)).astype("float32")
    y = np.abs(x @ np.float32([1, -2, 0.5, 0.1]))
    histories = []
    for library in (keras, fastnn):
        keras.utils.set_random_seed(1)
        model = library.Sequential(
            [library.Input((4,)), library.layers.Dense(6, "tanh"), library.layers.Dense(1, "softplus")]
        )
        if library is keras:
            weights = model.get_weights()
        model.set_weights(weights)
        model.compile("sgd", loss, metrics=NAMES, weighted_metrics=[library.metrics.MeanAbsoluteError()])
        histories.append(
            model.fit(
                x, y, epochs=3, shuffle=False, verbose=0, sample_weight=np.linspace(0, 2, 96),
                validation_data=(x[:40], y[:40]),
            ).history
        )  # fmt: skip
    assert list(histories[1]) == list(histories[0])
    for name, expected in histories[0].items():
        np.testing.assert_allclose(histories[1][name], expected, rtol=3e-4, err_msg=name)


def test_binary_classifier_with_precision_recall_and_auc():
    x = RNG.normal(size=(200, 4)).astype("float32")
    y = (x[:, 0] + 0.3 * x[:, 1] > 0.2).astype("int64")
    histories = []
    for library in (keras, fastnn):
        library.utils.clear_session()
        model = library.Sequential([library.Input((4,)), library.layers.Dense(1, "sigmoid")])
        model.set_weights([np.full((4, 1), 0.1, "float32"), np.zeros(1, "float32")])
        metrics = library.metrics
        model.compile(
            "sgd",
            "binary_crossentropy",
            metrics=["accuracy", metrics.Precision(), metrics.Recall(name="r"), metrics.AUC(), "AUC"],
        )
        histories.append(model.fit(x, y, epochs=3, shuffle=False, verbose=0).history)
    assert list(histories[1]) == list(histories[0])
    for name, expected in histories[0].items():
        np.testing.assert_allclose(histories[1][name], expected, rtol=1e-4, err_msg=name)
