"""Matmul and dense where the op table does not reach: tile edges, several blocks, odd layouts, threads."""

from __future__ import annotations

from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import ops

Array = np.ndarray[Any, Any]


def integers(rng: np.random.Generator, *shape: int, dtype: Any = np.float32) -> Array:
    """Return small whole numbers, whose products and sums are exact."""
    return rng.integers(-3, 4, shape).astype(dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("m", [1, 2, 5, 6, 7, 13, 14, 15, 29])
def test_exact_at_every_tile_edge(m: int, dtype: Any) -> None:
    rng = np.random.default_rng(m)
    for n in (1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 70):
        for k in (1, 2, 7, 8, 15, 16, 17, 40):
            a, b = integers(rng, m, k, dtype=dtype), integers(rng, k, n, dtype=dtype)
            for left in (a, np.asfortranarray(a), a[::-1, ::-1]):
                for right in (b, np.asfortranarray(b), b[::-1, ::-1]):
                    np.testing.assert_array_equal(ops.matmul(left, right), left @ right, f"n={n} k={k}")


@pytest.mark.parametrize(
    "shape", [(1, 2000, 700), (700, 1, 2000), (515, 530, 1030), (4100, 40, 20), (20, 4200, 30)]
)
def test_exact_over_several_blocks(shape: tuple[int, int, int]) -> None:
    m, n, k = shape
    rng = np.random.default_rng(0)
    a, b = integers(rng, m, k), integers(rng, k, n)
    np.testing.assert_array_equal(ops.matmul(a, b), a @ b)
    np.testing.assert_array_equal(ops.matmul(a, np.ascontiguousarray(b.T).T), a @ b)


def test_repeated_and_overlapping_operands() -> None:
    row = np.arange(40, dtype=np.float32)
    repeated = np.broadcast_to(row, (30, 40))  # row stride 0
    windows = np.lib.stride_tricks.sliding_window_view(row, 16)  # rows that overlap
    np.testing.assert_array_equal(ops.matmul(repeated, repeated.T), repeated @ repeated.T)
    np.testing.assert_array_equal(ops.matmul(windows, windows.T), windows @ windows.T)


def test_same_bits_at_any_thread_count() -> None:
    rng = np.random.default_rng(1)
    before = fastnn._core.native.get_num_threads()
    x = rng.standard_normal((130, 790), dtype=np.float32)
    kernel = rng.standard_normal((790, 515), dtype=np.float32)
    bias = rng.standard_normal(515, dtype=np.float32)
    results = []
    try:
        for threads in (1, 2, 4):
            fastnn._core.native.set_num_threads(threads)
            y = fastnn._core.native.dense_forward(x, kernel, bias, "tanh")
            grads = fastnn._core.native.dense_backward(x, kernel, y, y, "tanh", True, True, True)
            results.append((y, *grads))
    finally:
        fastnn._core.native.set_num_threads(before)
    for other in results[1:]:
        for one, two in zip(results[0], other, strict=True):
            np.testing.assert_array_equal(one, two)


def test_dense_skips_gradients_that_nobody_wants() -> None:
    x, kernel = np.ones((2, 3)), np.ones((3, 4))
    y = ops.dense(x, kernel)
    grads = fastnn._core.native.dense_backward(x, kernel, y, y, "linear", False, True, False)
    assert grads[0] is None
    assert grads[2] is None
    np.testing.assert_array_equal(grads[1], np.full((3, 4), 6.0))


@pytest.mark.parametrize("activation", ["linear", "relu"])
def test_dense_gradients_in_any_layout(activation: str) -> None:
    rng = np.random.default_rng(2)
    x = integers(rng, 6, 4, 5, dtype=np.float64).transpose(1, 0, 2)  # leading dimensions without one stride
    kernel = integers(rng, 3, 5, dtype=np.float64).T
    bias = integers(rng, 6, dtype=np.float64)[::-2]
    dy = integers(rng, 3, 6, 4, dtype=np.float64).T.transpose(0, 1, 2)
    z = x @ kernel + bias
    y = ops.dense(x, kernel, bias, activation)
    np.testing.assert_array_equal(y, z if activation == "linear" else np.maximum(z, 0))
    dx, dkernel, dbias = fastnn._core.native.dense_backward(x, kernel, y, dy, activation, True, True, True)
    dz = dy if activation == "linear" else dy * (z > 0)
    np.testing.assert_array_equal(dx, dz @ kernel.T)
    np.testing.assert_array_equal(dkernel, x.reshape(-1, 5).T @ dz.reshape(-1, 3))
    np.testing.assert_array_equal(dbias, dz.sum(axis=(0, 1)))


def test_not_a_number_reaches_only_its_row() -> None:
    x = np.zeros((20, 20), np.float32)
    x[3, 7] = np.nan
    for activation in ("linear", "relu", "sigmoid", "tanh"):
        y = ops.dense(x, np.ones((20, 20), np.float32), activation=activation)
        assert np.isnan(y[3]).all()
        assert not np.isnan(np.delete(y, 3, axis=0)).any()
