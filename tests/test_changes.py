"""Changes in place: a gradient never reads what was changed after it was used."""

from __future__ import annotations

import gc

import fastnn
import numpy as np
import pytest
from fastnn import GradientTape, Variable, ops
from fastnn.autograd import changes


def refused() -> pytest.RaisesExc[RuntimeError]:
    return pytest.raises(RuntimeError, match="a value that its gradient needs was changed in place")


def test_a_changed_input_is_refused_and_the_op_named() -> None:
    x, w = fastnn.tensor([1.0, 2.0], requires_grad=True), Variable([3.0, 4.0])
    y = ops.sum(x * w)
    w.assign([5.0, 6.0])
    with pytest.raises(RuntimeError, match=r"^\[multiply\] a value"):
        y.backward()


def test_a_change_that_no_rule_needs_is_fine() -> None:
    x, w = fastnn.tensor([1.0, 2.0], requires_grad=True), Variable([3.0, 4.0])
    y = ops.sum(x + w)
    w.assign([5.0, 6.0])
    y.backward()
    np.testing.assert_array_equal(np.asarray(x.grad), [1, 1])


def test_a_change_before_the_use_is_fine() -> None:
    w = Variable([3.0, 4.0])
    for _ in range(3):
        w.assign_sub([1.0, 1.0])
        y = ops.sum(w * w)
        y.backward()
    np.testing.assert_array_equal(np.asarray(w.grad), 2 * np.array([2 + 1 + 0, 3 + 2 + 1]))


def test_views_share_their_changes() -> None:
    base = np.arange(6.0)
    whole, part = Variable(base), fastnn.tensor(base[:3])
    x = fastnn.tensor(np.ones(3), requires_grad=True)
    y = ops.sum(x * part)
    whole.assign(base)  # a variable copies its values: other memory
    y.backward(retain_graph=True)
    changes.note_change(base[3:])  # what overlaps is not looked into: memory counts as a whole
    with refused():
        y.backward()


def test_results_count_as_well() -> None:
    x = fastnn.tensor([1.0, 2.0], requires_grad=True)
    y = ops.exp(x)
    z = ops.sum(y)
    changes.note_change(y.numpy())
    with pytest.raises(RuntimeError, match=r"^\[exp\]"):
        z.backward()


def test_tapes_see_changes() -> None:
    w = Variable(2.0)
    with GradientTape() as tape:
        y = w * w * w
        w.assign(3.0)
    with refused():
        tape.gradient(y, w)


@pytest.mark.parametrize("name", ["SGD", "Adam", "RMSprop"])
def test_optimizers_change_in_place(name: str) -> None:
    w = Variable(np.array([2.0, 1.0], np.float32))
    optimizer = getattr(fastnn.optimizers, name)()
    with GradientTape(persistent=True) as tape:
        y = ops.sum(w * w)
    optimizer.apply_gradients([(tape.gradient(y, w), w)])
    with refused():
        tape.gradient(y, w)
    with GradientTape() as tape:
        y = ops.sum(w * w)
    np.testing.assert_array_equal(tape.gradient(y, w).numpy(), 2 * w.numpy())


def test_what_is_gone_is_forgotten() -> None:
    before = len(changes._memories)
    x = Variable(np.ones(3))
    x.assign_add(np.ones(3))
    assert len(changes._memories) == before + 1
    del x
    gc.collect()
    assert len(changes._memories) == before
