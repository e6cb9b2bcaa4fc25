"""Optimizers as objects: arguments, clipping, state. The arithmetic is tested in test_optimizer_updates.py."""

import numpy as np
import pytest
from fastnn import Variable, optimizers

G = np.array([3.0, -4.0])


def step(optimizer, grad=G):
    w = Variable([1.0, 2.0])
    optimizer.apply_gradients([(grad, w)])
    return w.numpy()


def test_first_steps_by_hand():
    np.testing.assert_allclose(step(optimizers.SGD(0.1)), [0.7, 2.4])
    np.testing.assert_allclose(step(optimizers.SGD(0.1, momentum=0.9, nesterov=True)), [1 - 0.57, 2 + 0.76])
    np.testing.assert_allclose(
        step(optimizers.RMSprop(0.1)), [1 - 0.1 / 0.1**0.5, 2 + 0.1 / 0.1**0.5], rtol=1e-6
    )
    np.testing.assert_allclose(step(optimizers.Adam(0.1)), [0.9, 2.1], rtol=1e-6)
    np.testing.assert_allclose(
        step(optimizers.AdamW(0.1, weight_decay=0.5)), [0.95 - 0.1, 1.9 + 0.1], rtol=1e-6
    )
    np.testing.assert_allclose(step(optimizers.SGD(0.1, weight_decay=0.5)), [0.95 - 0.3, 1.9 + 0.4])


def test_clipping():
    np.testing.assert_allclose(step(optimizers.SGD(1.0, clipvalue=1.0)), [0.0, 3.0])
    np.testing.assert_allclose(step(optimizers.SGD(1.0, clipnorm=1.0)), [0.4, 2.8])
    np.testing.assert_allclose(step(optimizers.SGD(1.0, clipnorm=50.0)), [-2.0, 6.0])
    a, b = Variable([1.0]), Variable([2.0])
    optimizers.SGD(1.0, global_clipnorm=1.0).apply([np.array([3.0]), np.array([-4.0])], [a, b])
    np.testing.assert_allclose([a.item(), b.item()], [0.4, 2.8])
    with pytest.raises(ValueError, match="only one of"):
        optimizers.SGD(clipnorm=1.0, clipvalue=1.0)


def test_schedule_is_asked_at_every_step():
    asked = []
    optimizer = optimizers.SGD(lambda i: asked.append(i) or 1.0 / (i + 1))
    w = Variable([1.0])
    for _ in range(3):
        optimizer.apply([np.array([1.0])], [w])
    assert asked == [0, 1, 2]
    assert w.item() == pytest.approx(1 - 1 - 1 / 2 - 1 / 3)


def test_missing_gradients_leave_their_variable_alone():
    a, b = Variable([1.0]), Variable([2.0])
    optimizer = optimizers.Adam(0.1)
    optimizer.apply([None, np.array([1.0])], [a, b])
    assert a.item() == 1.0
    assert b.item() == pytest.approx(1.9)
    with pytest.raises(ValueError, match="no variable has a gradient"):
        optimizer.apply([None, None])
    with pytest.raises(ValueError, match="2 variables; received 1"):
        optimizer.apply([G])


def test_another_model_needs_another_optimizer():
    optimizer = optimizers.Adam()
    step(optimizer)
    with pytest.raises(ValueError, match="built for 1 other variables"):
        step(optimizer)


@pytest.mark.parametrize(
    "optimizer",
    [optimizers.SGD(0.1, 0.9), optimizers.RMSprop(0.1, momentum=0.5, centered=True), optimizers.Adam(0.1)],
)
def test_state_and_configuration_continue_the_run(optimizer):
    w = Variable([1.0, 2.0])
    for _ in range(3):
        optimizer.apply([G], [w])
    twin = optimizers.deserialize(optimizers.serialize(optimizer))
    assert twin.get_config() == optimizer.get_config()
    v = Variable(w.numpy())
    twin.load_state({k: a.copy() for k, a in optimizer.state.items()}, [v])
    optimizer.apply([G / 2], [w])
    twin.apply([G / 2], [v])
    np.testing.assert_array_equal(v.numpy(), w.numpy())
    bad = {**optimizer.state}
    bad.pop("iterations")
    with pytest.raises(ValueError, match="no number of iterations"):
        twin.load_state(bad, [v])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: optimizers.SGD(-0.1), "learning_rate must not be negative"),
        (lambda: optimizers.SGD(momentum=1.5), "momentum must lie in"),
        (lambda: optimizers.get("adagard2"), "unknown optimizer"),
        (lambda: optimizers.get(3), "an optimizer is a name"),
        (lambda: optimizers.SGD(lambda i: 0.1).get_config(), "cannot be saved"),
    ],
)
def test_errors(make, words):
    with pytest.raises(ValueError, match=words):
        make()
