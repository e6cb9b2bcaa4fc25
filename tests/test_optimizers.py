"""Optimizers as objects: arguments, clipping, state. The arithmetic is tested in test_optimizer_updates.py."""

import numpy as np
import pytest
from fastnn import GradientTape, Variable, layers, models, optimizers, tensor
from fastnn.autograd import note_change
from fastnn.optimizers import schedules

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
    [
        optimizers.SGD(0.1, 0.9),
        optimizers.RMSprop(0.1, momentum=0.5, centered=True),
        optimizers.Adam(0.1),
        optimizers.Adam(0.1, amsgrad=True),
        optimizers.Adagrad(0.1, initial_accumulator_value=0.5),
        optimizers.AdamW(optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)),
    ],
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
        (lambda: optimizers.SGD(Halving()).get_config(), "cannot be saved"),
        (
            lambda: optimizers.Adagrad(initial_accumulator_value=-1),
            "initial_accumulator_value must not be negative",
        ),
        (
            lambda: optimizers.SGD(models.Sequential([layers.Dense(2)]).weights, lr=0.1),
            "no parameters. A model has",
        ),
        (lambda: optimizers.SGD([Variable(1.0)], lr=-0.1), "learning_rate must not be negative"),
        (lambda: schedules.ExponentialDecay(0.1, 0, 0.9), "decay_steps must be positive"),
        (lambda: schedules.PiecewiseConstantDecay([1], [0.1]), "one value more than boundaries"),
        (lambda: schedules.PiecewiseConstantDecay([2, 1], [1, 2, 3]), "boundaries must increase"),
        (lambda: schedules.deserialize({"class_name": "CosinDecay"}), "Did you mean 'CosineDecay'"),
    ],
)
def test_errors(make, words):
    with pytest.raises(ValueError, match=words):
        make()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: optimizers.SGD("fast"), "learning_rate must be a number or a function of the step"),
        (lambda: optimizers.SGD([np.ones(3)], lr=0.1), "SGD optimizes tensors; received ndarray"),
        (lambda: optimizers.SGD([Variable(1.0)], 0.1, lr=0.1), "two names of one argument"),
        (lambda: optimizers.SGD(models.Sequential(), lr=0.1), r"SGD\(model.trainable_variables, lr=0.01\)"),
    ],
)
def test_type_errors(make, words):
    with pytest.raises(TypeError, match=words):
        make()


class Halving(schedules.LearningRateSchedule):
    def __call__(self, step):
        return 0.5**step


@pytest.mark.parametrize(
    "make",
    [
        lambda v: optimizers.Adam(v, lr=0.1),
        lambda v: optimizers.Adam(iter(v), 0.1),
        lambda v: optimizers.Adam(v, learning_rate=0.1),
        lambda v: optimizers.AdamW(v, lr=0.1, weight_decay=0.0),
    ],
)
def test_pytorchs_habit(make):
    """The parameters first, then zero_grad, backward, step: the steps are those of Keras's habit."""
    a, b = tensor([1.0, 2.0], requires_grad=True), tensor([0.5], requires_grad=True)
    v, w = Variable(a.numpy()), Variable(b.numpy())
    ours, theirs = make([a, b]), optimizers.Adam(0.1)
    for _ in range(3):
        ours.zero_grad()
        assert a.grad is None
        (a * a * b).sum().backward()
        ours.step()
        with GradientTape() as tape:
            loss = (v * v * w).sum()
        theirs.apply_gradients(zip(tape.gradient(loss, [v, w]), [v, w], strict=True))
        np.testing.assert_array_equal(a.numpy(), v.numpy())
        np.testing.assert_array_equal(b.numpy(), w.numpy())
    assert ours.iterations == 3


def test_zero_grad_and_step_without_parameters_or_gradients():
    a, b = Variable([1.0]), Variable([2.0])
    optimizer = optimizers.SGD(0.1)
    for call in (optimizer.step, optimizer.zero_grad):
        with pytest.raises(RuntimeError, match=r"not given its parameters: make it with them, SGD\(\[w, b\]"):
            call()
    optimizer.build([a, b])
    with pytest.raises(RuntimeError, match="no parameter has a gradient"):
        optimizer.step()
    (3.0 * a).sum().backward()
    optimizer.step()  # b has none
    assert a.item() == pytest.approx(0.7)
    assert b.item() == 2.0
    optimizer.zero_grad(set_to_none=False)
    assert a.grad.item() == 0.0
    assert b.grad is None


def test_learning_rate_can_be_set():
    w = Variable([1.0])
    optimizer = optimizers.SGD(0.5)
    optimizer.apply([np.array([1.0])], [w])
    optimizer.learning_rate = 0.25
    optimizer.apply([np.array([1.0])], [w])
    assert w.item() == 0.25
    assert optimizer.get_config()["learning_rate"] == 0.25
    with pytest.raises(ValueError, match="must not be negative"):
        optimizer.learning_rate = -1.0


def test_learning_rate_follows_its_schedule():
    w = Variable([1.0])
    optimizer = optimizers.SGD(Halving())
    rates = []
    for _ in range(3):
        rates.append(optimizer.learning_rate)
        optimizer.apply([np.array([1.0])], [w])
    assert rates == [1.0, 0.5, 0.25]
    assert w.item() == -0.75
    with pytest.raises(TypeError, match="follows Halving and cannot be set to a number"):
        optimizer.learning_rate = 0.1
    optimizer.learning_rate = schedules.PiecewiseConstantDecay([2], [1.0, 0.125])
    assert optimizer.learning_rate == 0.125


def test_the_tape_knows_of_steps():
    w = tensor([1.0, 2.0], requires_grad=True)
    optimizer = optimizers.SGD([w], lr=0.1)
    loss = (w * w).sum()
    loss.backward(retain_graph=True)
    optimizer.step()
    with pytest.raises(RuntimeError, match="changed in place"):
        loss.backward()
    (w * w).sum().backward()


def test_the_tape_tells_steps_of_two_optimizers_from_assignments():
    a, b = Variable([1.0]), Variable([2.0])
    first, second = (optimizers.SGD([a, b], lr=0.1) for _ in range(2))
    for optimizer in (first, second):
        loss = (a * a).sum()
        optimizer.apply([np.ones(1), np.ones(1)])
        with pytest.raises(RuntimeError, match="changed in place"):
            loss.backward()
    loss = (a * a).sum()
    note_change(b.numpy())
    loss.backward()
    assert a.grad is not None
