"""Metrics over batches, with and without weights."""

import numpy as np
import pytest
from fastnn import losses, metrics

RNG = np.random.default_rng(0)
P = RNG.uniform(size=(10, 3))
LABELS = RNG.integers(0, 3, 10)
HITS = P.argmax(1) == LABELS


@pytest.mark.parametrize(
    ("metric", "y_true", "y_pred", "each"),
    [
        (metrics.CategoricalAccuracy(), np.eye(3)[LABELS], P, HITS),
        (metrics.SparseCategoricalAccuracy(), LABELS, P, HITS),
        (metrics.SparseCategoricalAccuracy(), LABELS[:, None].astype("float32"), P, HITS),
        (metrics.BinaryAccuracy(), LABELS[:, None] > 0, P[:, :1], (P[:, 0] > 0.5) == (LABELS > 0)),
        (
            metrics.BinaryAccuracy(threshold=0.2),
            LABELS[:, None] > 0,
            P[:, :1],
            (P[:, 0] > 0.2) == (LABELS > 0),
        ),
        (metrics.MeanSquaredError(), np.eye(3)[LABELS], P, ((P - np.eye(3)[LABELS]) ** 2).mean(1)),
    ],
)
def test_metric_over_batches(metric, y_true, y_pred, each):
    for part in (slice(4), slice(4, 10)):
        metric.update_state(y_true[part], y_pred[part])
    assert metric.result() == pytest.approx(each.mean(), rel=1e-12)
    metric.reset_state()
    assert metric.result() == 0.0
    weight = np.arange(10.0)
    for part in (slice(4), slice(4, 10)):
        metric.update_state(y_true[part], y_pred[part], weight[part])
    assert metric.result() == pytest.approx((each * weight).sum() / weight.sum(), rel=1e-12)
    twin = metrics.deserialize(metrics.serialize(metric))
    assert twin.get_config() == metric.get_config()


@pytest.mark.parametrize(
    ("y_shape", "output_shape", "cls"),
    [
        ((9, 3), (None, 3), metrics.CategoricalAccuracy),
        ((9,), (None, 3), metrics.SparseCategoricalAccuracy),
        ((9, 1), (None, 3), metrics.SparseCategoricalAccuracy),
        ((9, 1), (None, 1), metrics.BinaryAccuracy),
        ((9,), (None, 1), metrics.BinaryAccuracy),
    ],
)
def test_which_accuracy(y_shape, output_shape, cls):
    metric = metrics.get("accuracy", y_shape, output_shape)
    assert type(metric) is cls
    assert metric.name == "accuracy"
    assert (
        type(metrics.get("Accuracy", y_shape, output_shape)) is cls
    )  # not the class of this name, as in Keras


def test_unknown_metric():
    with pytest.raises(ValueError, match="Did you mean 'binary_accuracy'"):
        metrics.get("binary_acuracy")
    with pytest.raises(ValueError, match="a metric is a name"):
        metrics.get(4)


def test_losses_as_metrics_keep_their_names():
    assert metrics.get(losses.MeanAbsoluteError()).name == "mean_absolute_error"
    assert metrics.get(losses.poisson).name == "poisson"
    assert metrics.get("mae").name == "mae"
