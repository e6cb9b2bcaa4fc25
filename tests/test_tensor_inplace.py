"""Changes in place: what is refused while the tape records, and what shape and type allow."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

import fastnn
import numpy as np
import pytest
from layouts import LAYOUTS

Array = np.ndarray[Any, Any]
OPERATORS = [
    operator.iadd,
    operator.isub,
    operator.imul,
    operator.itruediv,
    operator.ifloordiv,
    operator.imod,
    operator.ipow,
]
CHANGES: list[Callable[[Any], Any]] = [
    *(lambda x, f=f: f(x, 2.0) for f in OPERATORS),
    lambda x: operator.imatmul(x, 2 * np.eye(2)),
    lambda x: x.__setitem__(0, 5.0),
    lambda x: x.zero_(),
    lambda x: x.fill_(2.0),
    lambda x: x.copy_(np.ones(2)),
    lambda x: x.add_(1.0),
    lambda x: x.sub_(1.0, alpha=2),
    lambda x: x.mul_(2.0),
    lambda x: x.div_(2.0),
    lambda x: np.add(x, 1.0, out=x),
    lambda x: np.add.at(x, [0], 1.0),
    lambda x: np.copyto(x, 3.0),
    lambda x: np.cumsum(x.detach(), out=x),
]
every_change = pytest.mark.parametrize("change", CHANGES, ids=range(len(CHANGES)))


@every_change
def test_a_leaf_that_requires_a_gradient_refuses(change: Any) -> None:
    x = fastnn.tensor(np.array([3.0, 4.0]), requires_grad=True)
    with pytest.raises(
        RuntimeError, match=r"requires a gradient, which the tape does not record: .*no_grad\(\)"
    ):
        change(x)
    assert x.tolist() == [3, 4]


@every_change
def test_a_computed_tensor_refuses(change: Any) -> None:
    x = fastnn.tensor(np.array([3.0, 4.0]), requires_grad=True) * 1.0
    with pytest.raises(RuntimeError, match=r"computed on the tape: make a new one, as in x = x \+ y"):
        change(x)
    assert x.tolist() == [3, 4]


@every_change
def test_allowed_off_the_tape(change: Any) -> None:
    array = np.array([3.0, 4.0])
    change(fastnn.tensor(array))
    changed = array.tolist()
    assert changed != [3, 4]
    array[...] = [3.0, 4.0]
    x = fastnn.tensor(array, requires_grad=True)
    with fastnn.no_grad():
        change(x)
    assert array.tolist() == changed
    assert x.numpy() is array
    assert x.requires_grad
    assert x.is_leaf


@every_change
def test_the_tape_is_told(change: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Array] = []
    monkeypatch.setattr(fastnn.autograd, "note_change", told.append)
    x = fastnn.tensor(np.array([3.0, 4.0]))
    change(x)
    assert told
    assert all(array is x.numpy() for array in told)


@pytest.mark.parametrize("f", OPERATORS)
@pytest.mark.parametrize(
    "layout", [f for name, f in LAYOUTS.items() if name not in ("repeated", "read_only")]
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_values_are_those_of_new_tensors(f: Any, layout: Any, dtype: Any) -> None:
    values = np.array([[1.5, 2.0, 3.0], [0.5, 4.0, 1.0]], dtype)
    other = np.array([2.0, 1.5, 0.5], dtype)
    for operand in (other, layout(other), fastnn.tensor(layout(other)), 2, 1.5, dtype(1.25)):
        array = layout(values)
        x = fastnn.tensor(array)
        want = getattr(operator, f.__name__[1:] if f.__name__ != "iadd" else "add")(
            fastnn.tensor(values), operand
        )
        assert f(x, operand) is x
        assert x.numpy() is array
        np.testing.assert_allclose(array, want, rtol=1e-6 if dtype is np.float32 else 1e-14)


def test_overlapping_operands() -> None:
    array = np.arange(4.0)
    x = fastnn.tensor(array)
    x[1:] = x[:-1]
    assert array.tolist() == [0, 0, 1, 2]
    x += x[::-1]
    assert array.tolist() == [2, 1, 1, 2]


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64])
def test_shapes_are_kept(dtype: Any) -> None:
    x = fastnn.tensor(np.ones(3, dtype))
    for shape in ((2, 3), (2,), (0,), (1, 1)):
        message = rf"x \+= y must keep the shape of x, \(3,\); received y of shape {re.escape(str(shape))}"
        with pytest.raises(ValueError, match=message):
            x += np.ones(shape, dtype)
    x += np.ones(1, dtype)
    assert x.tolist() == [2, 2, 2]
    with pytest.raises(ValueError, match="could not broadcast"):
        x[:2] = np.ones(3, dtype)
    square = fastnn.tensor(np.ones((2, 2)))
    with pytest.raises(
        ValueError, match=r"x @= y must keep shape .* \(2, 2\) and float64; the product has shape"
    ):
        square @= np.ones((2, 3))


@pytest.mark.parametrize(
    ("dtype", "other"),
    [
        (np.float32, np.ones(2)),
        pytest.param(
            np.float32,
            np.float64(1),
            marks=pytest.mark.skipif(
                np.__version__ < "2", reason="NumPy 1 takes its scalars as it takes Python's"
            ),
        ),
        (np.float32, fastnn.tensor([1, 2])),
        (np.int64, 0.5),
        (np.int64, np.ones(2)),
        (np.float64, 1j),
        (bool, 1),
    ],
)
def test_arithmetic_keeps_the_type_without_loss(dtype: Any, other: Any) -> None:
    x = fastnn.tensor(np.ones(2, dtype))
    with pytest.raises(TypeError, match=rf"x \+= y must keep the type of x, {np.dtype(dtype)}, without loss"):
        x += other
    assert x.tolist() == [1, 1]


def test_wider_operands_that_lose_nothing() -> None:
    x = fastnn.tensor(np.array([1, 2]))
    x += np.array([True, False])
    x *= 3
    x //= np.array([2, 2], np.int32)
    assert x.tolist() == [3, 3]
    y = fastnn.tensor(np.ones(2))
    y += np.ones(2, np.float32)
    y += np.array([1, 2])
    assert y.tolist() == [3, 4]
    mask = fastnn.tensor(np.array([True, False]))
    mask |= np.array([False, True])
    mask &= True
    mask ^= np.array([True, False])
    assert mask.tolist() == [False, True]
    matrix = fastnn.tensor(np.array([[0.0, 1.0], [1.0, 0.0]]))
    matrix @= np.array([[1.0, 2.0], [3.0, 4.0]])
    assert matrix.tolist() == [[3, 4], [1, 2]]


def test_assignment_takes_other_types_of_the_kind() -> None:
    x = fastnn.tensor(np.zeros(3, np.float32))
    x[0] = np.float64(0.5)
    x[1:] = np.array([1, 2])
    assert x.tolist() == [0.5, 1, 2]
    x[:] = [3.0, 4, True]
    assert x.tolist() == [3, 4, 1]
    assert fastnn.tensor(np.zeros(2)).copy_(np.ones(2, np.float32)).tolist() == [1, 1]
    counts = fastnn.tensor(np.array([1, 2]))
    for wrong in (0.5, np.array([1.0, 2.0]), [1.0, 2.0], fastnn.tensor(2.0)):
        with pytest.raises(TypeError, match="a tensor of int64 cannot hold values of float64; convert them"):
            counts[...] = wrong
    assert counts.tolist() == [1, 2]


@pytest.mark.parametrize(
    "change",
    [
        lambda x, y: operator.iadd(x, y),
        lambda x, y: x.__setitem__(0, y[0]),
        lambda x, y: x.copy_(y),
        lambda x, y: x.add_(y, alpha=2),
        lambda x, y: operator.imatmul(x, y),
        lambda x, y: np.copyto(x, y),
        lambda x, y: np.put(x, [0], y),
    ],
)
def test_gradients_are_not_lost_quietly(change: Any) -> None:
    """A constant cannot take up what requires a gradient; PyTorch would record it."""
    x, y = fastnn.tensor(np.zeros((2, 2))), fastnn.tensor(np.ones((2, 2)), requires_grad=True)
    with pytest.raises(RuntimeError, match=r"would lose the gradient .* make a new tensor"):
        change(x, y)
    assert not x.numpy().any()
    with fastnn.no_grad():
        change(x, y)
    assert not x.requires_grad


@every_change
def test_what_a_gradient_needs_is_guarded(change: Any) -> None:
    """A constant may change, but then the backward pass that needs its value refuses."""
    x, c = fastnn.tensor(np.array([3.0, 4.0]), requires_grad=True), fastnn.tensor(np.array([3.0, 4.0]))
    y = (x * c).sum()
    change(c)
    with pytest.raises(
        RuntimeError, match=r"\[multiply\] a value that its gradient needs was changed in place"
    ):
        y.backward()
    z = (x + c).sum()
    change(c)
    z.backward()  # a sum does not need its arguments
    np.testing.assert_array_equal(x.grad, [1, 1])


def test_descent_by_hand() -> None:
    w = fastnn.tensor(np.array([4.0]), requires_grad=True)
    for _ in range(100):
        loss = ((w - 3.0) ** 2).sum()
        loss.backward()
        with fastnn.no_grad():
            w -= 0.1 * w.grad
            w.grad.zero_()
    assert abs(w.item() - 3) < 1e-8
    assert loss.item() < 1e-8
