"""Variables: named tensors that are assigned to in place."""

from __future__ import annotations

from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import Variable


def test_assignment_keeps_the_memory() -> None:
    v = Variable(np.zeros((2, 2), np.float32))
    memory = v.numpy()
    assert v.assign(np.ones((2, 2))) is v  # float64 into float32, as Keras does
    assert v.assign_add(fastnn.tensor(np.ones((2, 2), np.float32))) is v
    assert v.assign_sub(0.5) is v
    assert v.assign_add([1.0, 2.0]) is v
    assert v.numpy() is memory
    assert memory.dtype == np.float32
    assert memory.tolist() == [[2.5, 3.5]] * 2


def test_the_initial_value_is_copied() -> None:
    for initial in (np.ones(2), fastnn.tensor(np.ones(2)), Variable(np.ones(2))):
        v = Variable(initial)
        v.assign_add(1.0)
        assert np.asarray(initial).tolist() == [1, 1]
    assert Variable([1, 2], dtype="float32").dtype == np.float32


@pytest.mark.parametrize("method", ["assign", "assign_add", "assign_sub"])
def test_shapes_must_fit(method: str) -> None:
    v = Variable([1.0, 2.0], name="bias")
    with pytest.raises(
        ValueError, match=r"variable 'bias' has shape \(2,\); received a value of shape \(3, 2\)"
    ):
        getattr(v, method)(np.ones((3, 2)))
    assert v.tolist() == [1, 2]


def test_assign_does_not_broadcast() -> None:
    with pytest.raises(
        ValueError, match=r"variable 'variable' has shape \(2,\); received a value of shape \(\)"
    ):
        Variable([1.0, 2.0]).assign(0.0)


@pytest.mark.parametrize("method", ["assign", "assign_add", "assign_sub"])
def test_integers_take_no_floats(method: str) -> None:
    v = Variable([1, 2], name="steps")
    with pytest.raises(TypeError, match="variable 'steps': a tensor of int64 cannot hold values of float64"):
        getattr(v, method)([0.5, 0.5])
    assert v.assign_add([1, 1]).tolist() == [2, 3]


def test_assignment_is_allowed_while_the_tape_records(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr(fastnn.autograd, "note_change", told.append)
    v = Variable([1.0, 2.0])
    v.assign([3.0, 4.0]).assign_add(v * 2.0).assign_sub([1.0, 1.0])
    assert v.tolist() == [8, 11]
    assert v.is_leaf
    assert len(told) == 3
    assert all(array is v.numpy() for array in told)


def test_operators_in_place_follow_the_rule_of_tensors() -> None:
    v = Variable([1.0, 2.0])
    with pytest.raises(RuntimeError, match=r"requires a gradient, which the tape does not record: .*no_grad"):
        v += 1.0
    with fastnn.no_grad():
        v += 1.0
    assert type(v) is Variable
    constant = Variable([1.0], trainable=False)
    constant *= 3.0
    assert constant.item() == 3


def test_variables_are_tensors_in_operators() -> None:
    v = Variable([[1.0, 2.0], [3.0, 4.0]])
    y = (v @ np.eye(2) + v[0] * 2.0 - np.ones(2)).sum()
    assert type(y) is fastnn.Tensor
    y.backward()
    np.testing.assert_array_equal(v.grad, [[5, 5], [1, 1]])


def test_reading() -> None:
    v = Variable([1.0, 2.0], name="w")
    before = v.read_value()
    assert v.value is v
    v.assign([3.0, 4.0])
    assert before.tolist() == [1, 2]
    assert v.value.tolist() == [3, 4]
    (v.read_value() * 2.0).sum().backward()
    np.testing.assert_array_equal(v.grad, [2, 2])
    assert repr(v) == "Variable(name='w', shape=(2,), dtype=float64, values=array([3., 4.]))"


def test_trainable() -> None:
    v = Variable([1.0])
    assert v.trainable
    v.trainable = False
    assert not (v * 2).requires_grad
    v.trainable = True
    assert (v * 2).requires_grad
    step = Variable(0)
    assert not step.trainable, "integers have no gradients"
    assert step.assign_add(1).item() == 1
    with pytest.raises(
        TypeError, match="only floating-point tensors can require gradients; received dtype int64"
    ):
        step.trainable = True
