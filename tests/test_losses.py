"""Losses against formulas in NumPy, their reductions and their names."""

import fastnn
import numpy as np
import pytest
from fastnn import losses, ops

RNG = np.random.default_rng(0)
LOGITS = RNG.normal(size=(7, 4)) * 3
P = np.exp(LOGITS) / np.exp(LOGITS).sum(1, keepdims=True)
LABELS = RNG.integers(0, 4, 7)
ONE_HOT = np.eye(4)[LABELS]
BINARY = RNG.integers(0, 2, (7, 4)).astype(float)
Q = 1 / (1 + np.exp(-LOGITS))


def smooth(y, s, n):
    return y * (1 - s) + s / n


@pytest.mark.parametrize(
    ("loss", "y_true", "y_pred", "expected"),
    [
        (losses.CategoricalCrossentropy(), ONE_HOT, P, -(ONE_HOT * np.log(P)).sum(1)),
        (losses.CategoricalCrossentropy(), ONE_HOT, 5 * P, -(ONE_HOT * np.log(P)).sum(1)),
        (losses.CategoricalCrossentropy(from_logits=True), ONE_HOT, LOGITS, -(ONE_HOT * np.log(P)).sum(1)),
        (
            losses.CategoricalCrossentropy(label_smoothing=0.2),
            ONE_HOT,
            P,
            -(smooth(ONE_HOT, 0.2, 4) * np.log(P)).sum(1),
        ),
        (losses.SparseCategoricalCrossentropy(), LABELS, P, -np.log(P[np.arange(7), LABELS])),
        (losses.SparseCategoricalCrossentropy(from_logits=True), LABELS[:, None], LOGITS,
         -np.log(P[np.arange(7), LABELS])),
        (losses.BinaryCrossentropy(), BINARY, Q, -(BINARY * np.log(Q) + (1 - BINARY) * np.log(1 - Q)).mean(1)),
        (losses.BinaryCrossentropy(from_logits=True), BINARY, LOGITS,
         -(BINARY * np.log(Q) + (1 - BINARY) * np.log(1 - Q)).mean(1)),
        (losses.MeanSquaredError(), BINARY, LOGITS, ((BINARY - LOGITS) ** 2).mean(1)),
    ],
)  # fmt: skip
def test_loss_is_the_formula(loss, y_true, y_pred, expected):
    np.testing.assert_allclose(loss.call(y_true, y_pred), expected, rtol=1e-6)
    weight = np.arange(7.0)
    for reduction, plain, weighted in (
        ("sum_over_batch_size", expected.mean(), (expected * weight).mean()),
        ("mean", expected.mean(), (expected * weight).mean()),
        ("mean_with_sample_weight", expected.mean(), (expected * weight).sum() / weight.sum()),
        ("sum", expected.sum(), (expected * weight).sum()),
        (None, expected, expected * weight),
    ):
        made = losses.deserialize(losses.serialize(loss))
        made.reduction = reduction
        np.testing.assert_allclose(made(y_true, y_pred), plain, rtol=1e-6)
        np.testing.assert_allclose(made(y_true, y_pred, weight), weighted, rtol=1e-6)


def test_softmax_before_the_loss_sends_the_gradient_to_the_logits():
    """Where probabilities round to 0 the plain formula has no gradient left; the fused one does."""
    logits = fastnn.tensor([[200.0, 0.0, -50.0]], requires_grad=True)
    loss = losses.CategoricalCrossentropy()([[0.0, 1.0, 0.0]], ops.softmax(logits))
    assert loss.item() == pytest.approx(-np.log(1e-7), rel=1e-6)  # the reported loss is Keras's, clipped
    loss.backward()
    np.testing.assert_allclose(logits.grad, [[1.0, -1.0, 0.0]], atol=1e-12)
    sparse = fastnn.tensor(LOGITS, requires_grad=True)
    loss = losses.SparseCategoricalCrossentropy()(LABELS, ops.softmax(sparse))
    assert loss.item() == pytest.approx(-np.log(P[np.arange(7), LABELS]).mean(), rel=1e-12)
    loss.backward()
    np.testing.assert_allclose(sparse.grad, (P - ONE_HOT) / 7, rtol=1e-9, atol=1e-12)


def test_names():
    assert isinstance(losses.get("mse"), losses.MeanSquaredError)
    assert isinstance(losses.get("CategoricalCrossentropy"), losses.CategoricalCrossentropy)
    assert isinstance(losses.get(losses.binary_crossentropy), losses.BinaryCrossentropy)
    own = losses.get(lambda y_true, y_pred: ops.mean(ops.multiply(y_pred, y_true), -1))
    assert own(ONE_HOT, P) == pytest.approx((ONE_HOT * P).mean())
    with pytest.raises(
        ValueError, match=r"unknown loss 'mean_square_error'\. Did you mean 'mean_squared_error'"
    ):
        losses.get("mean_square_error")
    with pytest.raises(ValueError, match="reduction must be one of"):
        losses.MeanSquaredError(reduction="average")
    with pytest.raises(ValueError, match="a loss is a name"):
        losses.get(3)
