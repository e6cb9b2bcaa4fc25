"""Copies and pickles of tensors and variables."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import fastnn
import numpy as np
import pytest
from layouts import LAYOUTS


def unpickle(x: Any) -> Any:
    return pickle.loads(pickle.dumps(x))


every_way = pytest.mark.parametrize("duplicate", [copy.deepcopy, unpickle])


@every_way
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("shape", [(2, 3), ()])
def test_new_memory(duplicate: Callable[[Any], Any], layout: Any, shape: tuple[int, ...]) -> None:
    x = fastnn.tensor(layout(np.ones(shape)), requires_grad=True)
    y = duplicate(x)
    assert type(y) is fastnn.Tensor
    assert y.requires_grad
    assert y.is_leaf
    assert y.dtype.newbyteorder("=") == x.dtype.newbyteorder("=")  # NumPy pickles some in its own order
    assert not np.shares_memory(x.numpy(), y.numpy())
    np.testing.assert_array_equal(x, y)
    (y * 2).sum().backward()
    assert x.grad is None
    assert (y.grad == 2).all()


@every_way
def test_gradients_are_kept(duplicate: Callable[[Any], Any]) -> None:
    x = fastnn.tensor([1.0, 2.0], requires_grad=True)
    (x * x).sum().backward()
    y = duplicate(x)
    np.testing.assert_array_equal(y.grad, [2, 4])
    y.grad.zero_()
    np.testing.assert_array_equal(x.grad, [2, 4])


@every_way
def test_shared_objects_stay_shared(duplicate: Callable[[Any], Any]) -> None:
    x = fastnn.tensor([1.0, 2.0])
    first, second, memory = duplicate([x, x, x.numpy()])
    assert first is second
    first[0] = 7.0
    assert memory[0] == 7


@every_way
def test_variables(duplicate: Callable[[Any], Any]) -> None:
    v = fastnn.Variable(np.ones((2, 2), np.float32), trainable=False, name="kernel")
    w = duplicate(v)
    assert type(w) is fastnn.Variable
    assert (w.name, w.trainable, w.dtype, w.shape) == ("kernel", False, np.float32, (2, 2))
    w.assign_add(np.ones((2, 2)))
    assert v.numpy().max() == 1


@every_way
def test_computed_tensors_refuse(duplicate: Callable[[Any], Any]) -> None:
    y = fastnn.tensor([1.0], requires_grad=True) * 2
    with pytest.raises(
        RuntimeError, match=r"computed on the tape cannot be pickled or deep-copied .* x.detach\(\)"
    ):
        duplicate(y)
    assert duplicate(y.detach()).item() == 2


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_protocol(protocol: int) -> None:
    x = pickle.loads(pickle.dumps(fastnn.tensor([1.0, 2.0], requires_grad=True), protocol))
    assert x.requires_grad
    assert x.tolist() == [1, 2]


def test_shallow_copies_share_memory_and_graph() -> None:
    x = fastnn.tensor([1.0, 2.0], requires_grad=True)
    assert copy.copy(x).numpy() is x.numpy()
    y = copy.copy(x * 3)
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, [3, 3])
    v = copy.copy(fastnn.Variable([1.0], name="v"))
    assert type(v) is fastnn.Variable
    assert v.name == "v"


def test_clones_have_memory_of_their_own() -> None:
    x = fastnn.tensor([1.0, 2.0], requires_grad=True)
    y = x.clone()
    assert not np.shares_memory(x.numpy(), y.numpy())
    (y * 3).sum().backward()
    np.testing.assert_array_equal(x.grad, [3, 3])
    z = x.detach().clone()
    z += 1.0
    assert x.tolist() == [1, 2]
