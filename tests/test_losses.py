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


Y = RNG.normal(size=(7, 4))
COUNTS = RNG.poisson(2.0, (7, 4)).astype(float)
RATES = RNG.uniform(0.2, 4, (7, 4))
ERROR = LOGITS - Y
SIGNS = 2 * BINARY - 1
SHORT = np.maximum(1 - SIGNS * LOGITS, 0)


def unit(x):
    return x / np.sqrt((x**2).sum(-1, keepdims=True))


# Probabilities away from 0, where differences tell little of a derivative.
R = 0.1 + 0.6 * P
S = 0.1 + 0.8 * Q

MORE = [
    (losses.MeanAbsoluteError(), Y, LOGITS, np.abs(ERROR).mean(1)),
    (losses.MeanAbsolutePercentageError(), Y, LOGITS, 100 * np.abs(ERROR / Y).mean(1)),
    (
        losses.MeanSquaredLogarithmicError(),
        COUNTS,
        RATES,
        ((np.log(1 + np.maximum(COUNTS, 1e-7)) - np.log(1 + RATES)) ** 2).mean(1),
    ),
    (losses.CosineSimilarity(), Y, LOGITS, -(unit(Y) * unit(LOGITS)).sum(1)),
    (losses.LogCosh(), Y, LOGITS, np.log(np.cosh(ERROR)).mean(1)),
    (
        losses.Huber(delta=0.7),
        Y,
        LOGITS,
        np.where(np.abs(ERROR) <= 0.7, ERROR**2 / 2, 0.7 * np.abs(ERROR) - 0.7**2 / 2).mean(1),
    ),
    (losses.Hinge(), SIGNS, LOGITS, SHORT.mean(1)),
    (losses.Hinge(), BINARY, LOGITS, SHORT.mean(1)),
    (losses.SquaredHinge(), BINARY, LOGITS, (SHORT**2).mean(1)),
    (
        losses.CategoricalHinge(),
        ONE_HOT,
        LOGITS,
        np.maximum(1 + ((1 - ONE_HOT) * LOGITS).max(1) - LOGITS[np.arange(7), LABELS], 0),
    ),
    (losses.KLDivergence(), P[::-1], R, (P[::-1] * np.log(P[::-1] / R)).sum(1)),
    (losses.Poisson(), COUNTS, RATES, (RATES - COUNTS * np.log(RATES + 1e-7)).mean(1)),
    (
        losses.BinaryFocalCrossentropy(gamma=3.0),
        BINARY,
        S,
        -(BINARY * (1 - S) ** 3 * np.log(S) + (1 - BINARY) * S**3 * np.log(1 - S)).mean(1),
    ),
    (
        losses.BinaryFocalCrossentropy(True, 0.3, from_logits=True),
        BINARY,
        LOGITS,
        -(0.3 * BINARY * (1 - Q) ** 2 * np.log(Q) + 0.7 * (1 - BINARY) * Q**2 * np.log(1 - Q)).mean(1),
    ),
    (
        losses.CategoricalFocalCrossentropy(),
        ONE_HOT,
        P,
        -(0.25 * ONE_HOT * (1 - P) ** 2 * np.log(P)).sum(1),
    ),
    (
        losses.CategoricalFocalCrossentropy(0.5, from_logits=True),
        ONE_HOT,
        LOGITS,
        -(0.5 * ONE_HOT * (1 - P) ** 2 * np.log(P)).sum(1),
    ),
]


@pytest.mark.parametrize(("loss", "y_true", "y_pred", "expected"), MORE)
def test_composed_losses(loss, y_true, y_pred, expected):
    """The formula, the gradient of it, and the gradient of that."""
    np.testing.assert_allclose(loss.call(y_true, y_pred), expected, rtol=2e-6)
    weight = np.arange(7.0)
    made = losses.deserialize(losses.serialize(loss))
    assert made.get_config() == loss.get_config()
    np.testing.assert_allclose(made(y_true, y_pred, weight), (expected * weight).mean(), rtol=2e-6)
    np.testing.assert_allclose(
        loss(y_true.astype("float32"), y_pred.astype("float32")), expected.mean(), rtol=2e-5
    )
    fastnn.check_gradients(lambda p: loss(y_true, p, weight), y_pred)
    fastnn.check_gradients(fastnn.grad(lambda p: loss(y_true, p, weight)), y_pred)


@pytest.mark.parametrize(
    "function", [losses.cosine_similarity, losses.kl_divergence, losses.mean_absolute_error]
)
def test_labels_can_be_learnt_too(function):
    fastnn.check_gradients(lambda t, p: ops.sum(function(t, p)), R[::-1].copy(), R)


def test_gradients_stay_finite_where_formulas_are_not():
    for function, y_true, y_pred in (
        (losses.cosine_similarity, [[0.0, 0.0]], [[0.0, 0.0]]),
        (losses.kl_divergence, [[0.0, 1.0]], [[0.0, 1.0]]),
        (losses.poisson, [[2.0]], [[0.0]]),
        (losses.log_cosh, [[0.0, 0.0]], [[1e4, -1e4]]),
        (losses.mean_absolute_percentage_error, [[0.0]], [[1.0]]),
        (losses.mean_squared_logarithmic_error, [[0.0]], [[-3.0]]),
    ):
        p = fastnn.tensor(np.float32(y_pred), requires_grad=True)
        loss = ops.sum(function(y_true, p))
        loss.backward()
        assert np.isfinite(loss.numpy()).all(), function
        assert np.isfinite(p.grad.numpy()).all(), function


def test_labels_without_the_last_axis_do_not_broadcast():
    expected = losses.mean_absolute_error(Y[:, :1], LOGITS[:, :1])
    np.testing.assert_array_equal(losses.mean_absolute_error(Y[:, 0], LOGITS[:, :1]), expected)
    np.testing.assert_array_equal(losses.mean_absolute_error(Y[:, :1], LOGITS[:, 0]), expected)
    for loss, y in ((losses.MeanSquaredError(), Y), (losses.BinaryCrossentropy(from_logits=True), BINARY)):
        expected = loss(y[:, :1], LOGITS[:, :1])
        assert loss(y[:, 0], fastnn.tensor(LOGITS[:, :1])).item() == expected
        assert loss(y[:, 0].tolist(), LOGITS[:, :1]) == expected
        with pytest.raises(ValueError, match="shape"):
            loss(y[:, 0], LOGITS)
    with pytest.raises(ValueError, match=r"\[huber\] y_true.shape must be \(7, 4\); received \(7,\)"):
        losses.huber(Y[:, 0], LOGITS)
    with pytest.raises(ValueError, match=r"\[poisson\] .* at least one dimension"):
        losses.poisson(1.0, 2.0)


@pytest.mark.parametrize(
    ("name", "cls"),
    [
        ("mae", losses.MeanAbsoluteError),
        ("MAE", losses.MeanAbsoluteError),
        ("mean_absolute_error", losses.MeanAbsoluteError),
        ("MeanAbsoluteError", losses.MeanAbsoluteError),
        ("mape", losses.MeanAbsolutePercentageError),
        ("msle", losses.MeanSquaredLogarithmicError),
        ("kld", losses.KLDivergence),
        ("kl_divergence", losses.KLDivergence),
        ("logcosh", losses.LogCosh),
        ("log_cosh", losses.LogCosh),
        ("huber", losses.Huber),
        ("bce", losses.BinaryCrossentropy),
        (losses.poisson, losses.Poisson),
        (losses.SquaredHinge, losses.SquaredHinge),
    ],
)
def test_aliases(name, cls):
    assert type(losses.get(name)) is cls


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("mean_abs_error", "mean_absolute_error"),
        ("kl_divergance", "kl_divergence"),
        ("squared_hing", "squared_hinge"),
    ],
)
def test_unknown_names_give_the_nearest(name, nearest):
    with pytest.raises(ValueError, match=f"unknown loss '{name}'. Did you mean '{nearest}'"):
        losses.get(name)
