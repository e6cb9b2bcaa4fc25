"""Metrics of regression, of rankings and of yes-or-no predictions against NumPy; their names and their saving."""

import warnings

import fastnn
import numpy as np
import pytest
from fastnn import losses, metrics

RNG = np.random.default_rng(4)
Y = RNG.normal(size=(10, 3))
GUESS = Y + RNG.normal(size=(10, 3))
WEIGHT = RNG.uniform(0.1, 2, 10)
BITS = RNG.integers(0, 2, (10, 3))
SCORES = RNG.uniform(size=(10, 3))
LABELS = RNG.integers(0, 3, 10)


def in_batches(metric, y_true, y_pred, weight=None):
    for part in (slice(3), slice(3, 10)):
        metric.update_state(y_true[part], y_pred[part], None if weight is None else weight[part])
    return metric.result()


@pytest.mark.parametrize(
    ("metric", "each"),
    [
        (metrics.MeanAbsoluteError(), np.abs(Y - GUESS).mean(1)),
        (metrics.MeanAbsolutePercentageError(), 100 * np.abs((Y - GUESS) / Y).mean(1)),
        (metrics.LogCoshError(), np.log(np.cosh(Y - GUESS)).mean(1)),
        (metrics.Hinge(), np.maximum(1 - Y * GUESS, 0).mean(1)),
        (metrics.MeanMetricWrapper(losses.huber, delta=100.0), (0.5 * (Y - GUESS) ** 2).mean(1)),
        (metrics.CosineSimilarity(),
         (Y * GUESS).sum(1) / np.linalg.norm(Y, axis=1) / np.linalg.norm(GUESS, axis=1)),
    ],
)  # fmt: skip
def test_means_of_losses(metric, each):
    assert in_batches(metric, Y, GUESS) == pytest.approx(each.mean(), rel=1e-9)
    metric.reset_state()
    weighted = (each * WEIGHT).sum() / WEIGHT.sum()
    assert in_batches(metric, Y, GUESS, WEIGHT) == pytest.approx(weighted, rel=1e-9)
    metric.reset_state()
    assert in_batches(metric, Y, GUESS, WEIGHT[:, None]) == pytest.approx(weighted, rel=1e-9)
    twin = metrics.deserialize(metrics.serialize(metric))
    assert twin.get_config() == metric.get_config()
    assert in_batches(twin, Y, GUESS, WEIGHT) == metric.result()


def test_root_of_the_mean():
    square = (Y - GUESS) ** 2
    assert in_batches(metrics.RootMeanSquaredError(), Y, GUESS) == pytest.approx(np.sqrt(square.mean()))
    expected = np.sqrt((square.mean(1) * WEIGHT).sum() / WEIGHT.sum())
    assert in_batches(metrics.RootMeanSquaredError(), Y, GUESS, WEIGHT) == pytest.approx(expected)


def test_sum_and_accuracy():
    total = metrics.Sum()
    total.update_state(Y)
    total.update_state(Y, WEIGHT)
    assert total.result() == pytest.approx(Y.sum() + (Y * WEIGHT[:, None]).sum())
    assert metrics.Accuracy()([[1], [2], [3]], [1, 5, 3], [1, 2, 1]) == pytest.approx(0.5)


@pytest.mark.parametrize("k", [1, 2, 3])
def test_top_k(k):
    ranked = np.argsort(-SCORES, 1)[:, :k]
    expected = (ranked == LABELS[:, None]).any(1).mean()
    assert in_batches(metrics.TopKCategoricalAccuracy(k), np.eye(3)[LABELS], SCORES) == pytest.approx(
        expected
    )
    assert in_batches(metrics.SparseTopKCategoricalAccuracy(k), LABELS, SCORES) == pytest.approx(expected)
    assert metrics.SparseTopKCategoricalAccuracy(1)([0], [[np.nan, 0.0, 0.0]]) == 0.0
    with pytest.raises(ValueError, match=r"labels must lie in \[0, 3\)"):
        metrics.SparseTopKCategoricalAccuracy()([3], SCORES[:1])


@pytest.mark.parametrize("threshold", [None, 0.2, [0.9, 0.1, 0.5]])
@pytest.mark.parametrize("weight", [None, WEIGHT])
def test_counts(threshold, weight):
    positive = np.reshape(0.5 if threshold is None else threshold, (-1, 1, 1)) < SCORES
    each = np.ones((10, 1)) if weight is None else weight[:, None]
    counts = {
        "TruePositives": positive & (BITS == 1),
        "FalsePositives": positive & (BITS == 0),
        "TrueNegatives": ~positive & (BITS == 0),
        "FalseNegatives": ~positive & (BITS == 1),
    }
    expected = {name: (found * each).sum((1, 2)) for name, found in counts.items()}
    tp = expected["TruePositives"]
    expected["Precision"] = tp / (tp + expected["FalsePositives"])
    expected["Recall"] = tp / (tp + expected["FalseNegatives"])
    for name, wanted in expected.items():
        metric = getattr(metrics, name)(threshold)
        found = in_batches(metric, BITS, SCORES, weight)
        np.testing.assert_allclose(found, wanted if isinstance(threshold, list) else wanted[0], rtol=1e-12)
        assert metrics.deserialize(metrics.serialize(metric)).get_config() == metric.get_config()


def test_area_is_the_share_of_pairs_in_the_right_order():
    y, p = BITS.ravel(), np.round(SCORES.ravel(), 2)
    pairs = np.sign(p[y == 1][:, None] - p[y == 0])
    metric = metrics.AUC(thresholds=np.arange(1, 100) / 100 + 0.005)  # one between any two scores
    assert in_batches(metric, BITS, np.round(SCORES, 2)) == pytest.approx((pairs + 1).mean() / 2, rel=1e-9)
    assert metrics.AUC()(y, y) == 1.0
    assert metrics.AUC()(y, 1 - y) == 0.0
    assert metrics.AUC().result() == 0.0


def test_f_scores_and_r2():
    chosen = SCORES > 0.4
    tp, predicted, labels = (chosen & (BITS == 1)).sum(0), chosen.sum(0), BITS.sum(0)
    each = 2 * tp / (predicted + labels)
    np.testing.assert_allclose(in_batches(metrics.F1Score(threshold=0.4), BITS, SCORES), each, rtol=1e-6)
    weighted = metrics.F1Score("weighted", 0.4)
    assert in_batches(weighted, BITS, SCORES) == pytest.approx((each * labels).sum() / labels.sum(), rel=1e-6)
    far = 1e8 + Y  # labels far from 0: sums of their squares would have no digits left
    expected = 1 - ((Y - GUESS) ** 2).sum(0) / ((Y - Y.mean(0)) ** 2).sum(0)
    found = in_batches(metrics.R2Score(None), far, 1e8 + GUESS)
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        metrics.R2Score(num_regressors=3)([[1.0], [2.0]], [[1.0], [2.5]])
    assert "needs more samples" in str(caught[0].message)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: metrics.Precision(1.5), r"thresholds must lie in \[0, 1\]; received thresholds=1.5"),
        (lambda: metrics.AUC(curve="RCO"), "curve must be one of"),
        (lambda: metrics.AUC(num_thresholds=1), "num_thresholds must be at least 2"),
        (lambda: metrics.F1Score("mean"), "average must be one of"),
        (lambda: metrics.R2Score("mean"), "class_aggregation must be one of"),
        (lambda: metrics.Precision(name="p")([1, 0], SCORES[:2]), r"\[p\] y_true.shape must be \(2, 3\)"),
        (lambda: metrics.F1Score()([1, 0], [1, 0]), r"\[f1_score\] .* shape \(n, classes\)"),
        (lambda: metrics.Mean()([1.0, 2.0], [1.0, 2.0, 3.0]), "sample_weight must have one number for each"),
        (
            lambda: metrics.deserialize({"class_name": "MeanMetricWrapper", "config": {"fn": 5}}),
            "fn must be a function; received fn=5",
        ),
        (lambda: metrics.get("recal"), "Did you mean 'recall'"),
        (lambda: metrics.get("mean_absolute_eror"), "Did you mean 'mean_absolute_error'"),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_accuracies_of_samples():
    y, best = np.eye(3)[LABELS], SCORES.argmax(1)
    np.testing.assert_array_equal(metrics.categorical_accuracy(y, SCORES), best == LABELS)
    np.testing.assert_array_equal(
        metrics.sparse_categorical_accuracy(LABELS[:, None], SCORES), best == LABELS
    )
    np.testing.assert_array_equal(metrics.binary_accuracy(BITS, SCORES, 0.3), (SCORES > 0.3) == BITS)
    made = metrics.get(metrics.binary_accuracy)
    twin = metrics.deserialize(metrics.serialize(made))
    assert twin.name == "binary_accuracy"
    assert in_batches(twin, BITS, SCORES) == pytest.approx(((SCORES > 0.5) == BITS).mean())


def small_model(compiled):
    model = fastnn.Sequential([fastnn.Input((3,)), fastnn.layers.Dense(2, "sigmoid")])
    model.compile("sgd", **compiled)
    return model


def test_saved_models_keep_losses_and_metrics(tmp_path):
    model = small_model(
        {
            "loss": losses.Huber(0.3),
            "metrics": [
                "mae",
                metrics.Precision(0.4, name="p"),
                metrics.AUC(curve="PR", name="area"),
                losses.poisson,
                metrics.MeanMetricWrapper(losses.huber, "h", delta=2.0),
                metrics.F1Score(threshold=0.3),
            ],
        }
    )
    model.fit(SCORES, BITS[:, :2], verbose=0)
    model.save(tmp_path / "model.safetensors")
    loaded = fastnn.models.load_model(tmp_path / "model.safetensors")
    before, after = (m.evaluate(SCORES, BITS[:, :2], verbose=0, return_dict=True) for m in (model, loaded))
    assert list(before) == ["area", "f1_score", "h", "loss", "mae", "p", "poisson"]
    assert list(after) == list(before)
    for name, value in before.items():
        np.testing.assert_array_equal(after[name], value)


def test_a_metric_of_ones_own_cannot_be_saved(tmp_path):
    model = small_model({"loss": "mae", "metrics": [lambda y_true, y_pred: y_pred[:, 0]]})
    model.fit(SCORES, BITS[:, :2], verbose=0)
    with pytest.raises(ValueError, match="is a function of your own and cannot be saved"):
        model.save(tmp_path / "model.safetensors")


def test_results_for_each_class_are_shown(capsys):
    model = small_model({"loss": "mae", "metrics": [metrics.F1Score()]})
    history = model.fit(SCORES, BITS[:, :2], verbose=2, epochs=2).history
    assert len(history["f1_score"]) == 2
    assert history["f1_score"][0].shape == (2,)
    assert "f1_score: [" in capsys.readouterr().out


class Agreement(metrics.Metric):
    """A metric as Keras's guide writes one."""

    def __init__(self, name="agreement"):
        super().__init__(name=name)
        self.both = self.add_weight(name="both", initializer="zeros")
        self.rows = self.add_variable(shape=(), initializer="zeros", name="rows")

    def update_state(self, y_true, y_pred, sample_weight=None):
        values = fastnn.ops.logical_and(fastnn.ops.equal(y_true, 1), fastnn.ops.greater(y_pred, 0.4))
        self.both.assign_add(fastnn.ops.sum(fastnn.ops.cast(values, "float32")))
        self.rows.assign_add(len(y_true))

    def result(self):
        return self.both

    def reset_state(self):
        self.both.assign(0)
        self.rows.assign(0)


def test_a_metric_of_ones_own_with_variables():
    metric = Agreement()
    expected = ((SCORES > 0.4) & (BITS == 1)).sum()
    assert float(in_batches(metric, BITS, SCORES)) == expected
    assert [v.name for v in metric.variables] == ["both", "rows"]
    metrics.Metric.reset_state(metric)
    assert [v.item() for v in metric.variables] == [0, 0]
    model = small_model({"loss": "mae", "metrics": [metric]})
    history = model.fit(SCORES, BITS[:, :2], batch_size=4, epochs=3, verbose=0).history["agreement"]
    assert all(type(value) is float for value in history)
    assert metric.rows.item() == 10
    own = ((model.predict(SCORES, verbose=0) > 0.4) & (BITS[:, :2] == 1)).sum()
    assert model.evaluate(SCORES, BITS[:, :2], verbose=0)[1] == own


def test_names_that_nobody_gave():
    class TwoThings(metrics.Metric):
        pass

    fastnn.utils.clear_session()
    made = [metrics.Recall(), metrics.Recall(), metrics.AUC(), TwoThings()]
    assert [metric.name for metric in made] == ["recall", "recall_1", "auc", "two_things"]
    small_model({"loss": "mae", "metrics": ["Recall"]})
    assert metrics.Recall().name == "recall_2"  # compiling has made none
