"""GradientTape: TensorFlow's way to the same tape."""

from __future__ import annotations

from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import GradientTape, Variable, ops


def test_the_form_of_the_sources_is_the_form_of_the_gradients() -> None:
    x, y = Variable(2.0), Variable(3.0)
    with GradientTape(persistent=True) as tape:
        z = x * x * y
    dx, dy = 12.0, 4.0
    assert tape.gradient(z, x).item() == dx
    assert [g.item() for g in tape.gradient(z, [x, y])] == [dx, dy]
    nested = tape.gradient(z, {"a": (x, [y])})
    assert isinstance(nested["a"], tuple)
    assert (nested["a"][0].item(), nested["a"][1][0].item()) == (dx, dy)


def test_a_training_step_as_tutorials_write_it() -> None:
    w, b = Variable(np.zeros((2, 1))), Variable(np.zeros(1))
    x = np.array([[1.0, 2.0], [3.0, -1.0]])
    with GradientTape() as tape:
        loss = ops.mean(ops.square(x @ w + b - np.array([[1.0], [2.0]])))
    grads = tape.gradient(loss, [w, b])
    residual = np.array([[-1.0], [-2.0]])
    np.testing.assert_allclose(grads[0].numpy(), x.T @ residual)
    np.testing.assert_allclose(grads[1].numpy(), residual.sum(0))
    w.assign_sub(0.1 * grads[0])
    np.testing.assert_allclose(w.numpy(), -0.1 * x.T @ residual)


def test_constants_have_no_gradient_until_they_are_watched() -> None:
    x = fastnn.tensor(3.0)
    with GradientTape() as tape:
        y = x * x
    assert tape.gradient(y, x) is None
    with GradientTape() as tape:
        tape.watch(x)
        y = x * x
    assert not x.requires_grad  # as before
    assert tape.gradient(y, x).item() == 6.0


def test_unconnected_sources() -> None:
    x, other = Variable(3.0), Variable([1.0, 2.0])
    with GradientTape(persistent=True) as tape:
        y = x * x
    assert tape.gradient(y, [x, other])[1] is None
    zero = tape.gradient(y, other, unconnected_gradients="zero")
    np.testing.assert_array_equal(zero.numpy(), [0, 0])
    with pytest.raises(ValueError, match='must be "none" or "zero"; received \'nothing\''):
        tape.gradient(y, other, unconnected_gradients="nothing")


def test_intermediate_results_as_sources() -> None:
    x = Variable([1.0, 2.0])
    with GradientTape(persistent=True) as tape:
        y = x * x
        z = y * y
        total = ops.sum(z)
    np.testing.assert_array_equal(tape.gradient(total, y).numpy(), [2, 8])
    gx, gy, gz = tape.gradient(total, [x, y, z])
    np.testing.assert_array_equal(gx.numpy(), [4, 32])
    np.testing.assert_array_equal(gy.numpy(), [2, 8])
    np.testing.assert_array_equal(gz.numpy(), [1, 1])
    assert tape.gradient(y, z) is None  # z comes after y
    np.testing.assert_array_equal(tape.gradient(z, z).numpy(), [1, 1])


@pytest.mark.parametrize("sparse", [False, True])
def test_probabilities_before_a_cross_entropy_as_source(sparse: bool) -> None:
    """The loss goes past a softmax to its logits, but not where the softmax is asked for."""
    logits = Variable(np.array([[0.5, -1.0, 2.0]]))
    label: Any = np.array([1]) if sparse else np.array([[0.0, 1.0, 0.0]])
    loss_of = ops.sparse_categorical_crossentropy if sparse else ops.categorical_crossentropy
    with GradientTape(persistent=True) as tape:
        p = ops.softmax(logits)
        loss = loss_of(label, p)
    value = p.numpy()
    dp, dlogits = tape.gradient(loss, [p, logits])
    np.testing.assert_allclose(dp.numpy(), np.array([[1, 1 - 1 / value[0, 1], 1]]), rtol=1e-6)
    np.testing.assert_allclose(dlogits.numpy(), value - [[0, 1, 0]], rtol=1e-6)
    np.testing.assert_allclose(tape.gradient(loss, logits).numpy(), value - [[0, 1, 0]], rtol=1e-12)
    np.testing.assert_allclose(tape.gradient(loss, logits).numpy(), value - [[0, 1, 0]], rtol=1e-12)


def test_targets_of_many_elements_and_many_targets_are_summed() -> None:
    x = Variable([1.0, 2.0])
    with GradientTape(persistent=True) as tape:
        y, z = x * x, x * 3.0
    np.testing.assert_array_equal(tape.gradient(y, x).numpy(), [2, 4])
    np.testing.assert_array_equal(tape.gradient([y, z], x).numpy(), [5, 7])
    np.testing.assert_array_equal(tape.gradient(y, x, output_gradients=[1.0, 10.0]).numpy(), [2, 40])
    weights = [[1.0, 10.0], [1.0, 0.0]]
    np.testing.assert_array_equal(
        tape.gradient([y, z], x, output_gradients=[np.array(w) for w in weights]).numpy(), [5, 40]
    )


def test_a_tape_gives_its_gradients_once_unless_persistent() -> None:
    x = Variable(3.0)
    with GradientTape() as tape:
        y = x * x
    tape.gradient(y, x)
    with pytest.raises(RuntimeError, match="persistent=True to ask more than once"):
        tape.gradient(y, x)
    with GradientTape(persistent=True) as tape:
        y = x * x
    assert tape.gradient(y, x).item() == tape.gradient(y, x).item() == 6.0


def test_a_tape_frees_what_it_walked() -> None:
    x = Variable(3.0)
    with GradientTape() as tape:
        y = x * x
    tape.gradient(y, x)
    with pytest.raises(RuntimeError, match="memory freed"):
        y.backward()


def test_two_tapes_over_shared_work() -> None:
    """Both players of a generative adversarial network, as the tutorials train them."""
    g, d = Variable(2.0), Variable(3.0)
    with GradientTape() as tape_g, GradientTape() as tape_d:
        fake = g * 5.0
        verdict = fake * d
        loss_g, loss_d = -verdict, verdict + d
    assert tape_g.gradient(loss_g, g).item() == -15.0
    assert tape_d.gradient(loss_d, d).item() == 11.0


def test_watched_variables_and_only_those() -> None:
    x, y = Variable(2.0), Variable(3.0)
    with GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x)
        z = x * y
    assert tape.watched_variables() == (x,)
    gx, gy = tape.gradient(z, [x, y])
    assert gx.item() == 3.0
    assert gy is None


def test_stop_recording() -> None:
    x = Variable(2.0)
    with GradientTape() as tape:
        y = x * x
        with tape.stop_recording():
            assert not (x * y).requires_grad
        z = y * x
    assert tape.gradient(z, x).item() == 12.0


def test_reset() -> None:
    x = Variable(2.0)
    tape = GradientTape()
    for _ in range(2):
        with tape:
            y = x * x
        assert tape.gradient(y, x).item() == 4.0
        tape.reset()


def test_second_derivatives_by_nested_tapes() -> None:
    x = Variable(3.0)
    with GradientTape() as outer:
        with GradientTape() as inner:
            y = x * x * x
        first = inner.gradient(y, x)
    assert first.item() == 27.0
    assert outer.gradient(first, x).item() == 18.0


def test_second_derivatives_with_watched_constants() -> None:
    x = fastnn.tensor(3.0)
    with GradientTape() as outer:
        outer.watch(x)
        with GradientTape() as inner:
            inner.watch(x)
            y = x * x * x
        first = inner.gradient(y, x)
    assert outer.gradient(first, x).item() == 18.0


def test_jacobian() -> None:
    x = Variable(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
    w = Variable(np.array([1.0, -1.0, 0.5]))
    with GradientTape() as tape:
        y = x @ w
    by_x, by_w = tape.jacobian(y, [x, w])
    expected = np.zeros((2, 2, 3))
    expected[0, 0] = expected[1, 1] = w.numpy()
    np.testing.assert_array_equal(by_x.numpy(), expected)
    np.testing.assert_array_equal(by_w.numpy(), x.numpy())
    with GradientTape() as tape:
        y = x @ w
    assert tape.jacobian(y, Variable(1.0)) is None


def test_errors_teach() -> None:
    x = Variable(2.0)
    with GradientTape() as tape:
        y = x * x
    with pytest.raises(TypeError, match=r"target must be tensors; received ndarray: was it computed"):
        tape.gradient(y.numpy(), x)
    with pytest.raises(TypeError, match=r"target must be tensors; received ndarray: was it computed"):
        tape.jacobian(y.numpy(), x)
    with pytest.raises(TypeError, match="sources must be tensors; received float"):
        tape.gradient(y, 2.0)
    with pytest.raises(
        TypeError, match=r"watch takes tensors; received ndarray: make it one with fastnn.tensor"
    ):
        tape.watch(np.ones(2))
    with pytest.raises(TypeError, match="only floating-point tensors have gradients; received dtype int64"):
        tape.watch(fastnn.tensor([1, 2]))
    with pytest.raises(TypeError, match="only floating-point tensors have gradients; received dtype int64"):
        tape.gradient(y, fastnn.tensor([1, 2]))


def test_an_error_inside_leaves_no_tape_behind() -> None:
    x = fastnn.tensor(3.0)
    with pytest.raises(TypeError), GradientTape() as tape:
        tape.watch([x, "x"])
    assert not x.requires_grad
    with GradientTape() as tape:
        tape.watch(x)
        y = x * x
    assert tape.gradient(y, x)._node is None  # recorded by no outer tape
