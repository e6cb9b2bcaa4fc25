"""segment_sum, and the gradients that are added by it: NumPy's add.at is the oracle, to the bit."""

from __future__ import annotations

from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import ops
from fastnn._core import native


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(5000, 64), (300, 7, 100), (200_000,), (64, 4096), (3, 100_000)])
def test_large_sums_at_any_thread_count(dtype: Any, shape: tuple[int, ...]) -> None:
    """What is added to one sum is added in order, wherever its block begins."""
    rng = np.random.default_rng(1)
    data = rng.standard_normal(shape).astype(dtype)
    ids = rng.integers(0, 37, shape[0])
    want = np.zeros((40, *shape[1:]), dtype)
    np.add.at(want, ids, data)
    for threads in (1, 2, 4):
        native.set_num_threads(threads)
        np.testing.assert_array_equal(ops.segment_sum(data, ids, 40), want)


def test_numbers_of_any_integer_type() -> None:
    for dtype in ("int8", "uint16", "int64", ">i4"):
        sums = ops.segment_sum(np.array([1.0, 2.0, 4.0]), np.array([1, 0, 1], dtype))
        np.testing.assert_array_equal(sums, [2, 5])


@pytest.mark.parametrize(
    "pick",
    [
        lambda x, i: ops.take(x, i, 0),
        lambda x, i: ops.take(x, i, 1),
        lambda x, i: ops.take(x, i),
        lambda x, i: ops.get_item(x, i),
        lambda x, i: ops.get_item(x, (slice(None), i)),
        lambda x, i: ops.get_item(x, (i, i[::-1])),
        lambda x, i: ops.take_along_axis(x, np.broadcast_to(i, (9, i.size)), 1),
    ],
)
def test_gradients_of_what_was_picked_several_times(pick: Any) -> None:
    x = fastnn.tensor(np.arange(81.0).reshape(9, 9), requires_grad=True)
    indices = np.random.default_rng(2).integers(-9, 9, 200)
    y = pick(x, indices)
    dy = np.random.default_rng(3).standard_normal(y.shape)
    y.backward(dy)
    want = np.zeros(81)
    np.add.at(want, pick(np.arange(81).reshape(9, 9), indices).ravel(), dy.ravel())
    np.testing.assert_array_equal(x.grad, want.reshape(9, 9))
