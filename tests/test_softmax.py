"""Softmax beyond the op table: special values, and bits that depend on a row's own values alone."""

import numpy as np
import pytest
import scipy.special
from fastnn import ops
from fastnn._core import native

DTYPES = ["float32", "float64"]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("n", [1, 3, 40])
def test_special_values_as_scipy(dtype, n):
    inf, nan = np.inf, np.nan
    fill = np.zeros(n, dtype)
    rows = {
        "-inf gives 0": ([-inf, 0.0], [0.0, 1.0]),
        "+inf spoils its row": ([inf, 0.0], [nan, nan]),
        "nan spoils its row": ([nan, 0.0], [nan, nan]),
        "nothing but -inf": ([-inf, -inf], [nan, nan]),
        "overflow": ([1e30, -1e30], [1.0, 0.0]),
        "denormal": ([1e-40, 0.0], [0.5, 0.5]),
        "minus zero": ([-0.0, 0.0], [0.5, 0.5]),
    }
    for name, (x, want) in rows.items():
        np.testing.assert_array_equal(ops.softmax(np.array(x, dtype)), np.array(want, dtype), err_msg=name)
        # the same beside n further values that count for nothing
        x = np.concatenate([np.array(x, dtype), fill - np.inf])
        y = ops.softmax(x)
        np.testing.assert_array_equal(y[:2], np.array(want, dtype), err_msg=name)
        columns = ops.softmax(np.stack([x, x[::-1]], axis=1), axis=0)
        np.testing.assert_array_equal(columns[:, 0], y, err_msg=name)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("n", [1, 5, 10, 16, 33, 1000])
def test_a_row_has_the_same_bits_wherever_it_stands(dtype, n):
    rng = np.random.default_rng(0)
    row, dy = rng.normal(size=(2, n)).astype(dtype)
    y = ops.softmax(row)
    dx = native.softmax_backward(y, dy, -1)
    for rows in (2, 3, 17, 100):
        x = rng.normal(size=(rows, n)).astype(dtype)
        for at in (0, rows // 2, rows - 1):
            x[at] = row
            many = ops.softmax(x)
            np.testing.assert_array_equal(many[at], y)
            upstream = np.zeros_like(many)
            upstream[at] = dy
            np.testing.assert_array_equal(native.softmax_backward(many, upstream, -1)[at], dx)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_same_bits_at_any_thread_count_and_layout(axis):
    x = np.random.default_rng(0).normal(size=(60, 70, 80)).astype("float32")
    before = native.get_num_threads()
    try:
        results = []
        for threads in (1, 2, 4):
            native.set_num_threads(threads)
            y = ops.softmax(x, axis)
            results.append((y, native.softmax_backward(y, x, axis)))
    finally:
        native.set_num_threads(before)
    for y, dx in results[1:]:
        np.testing.assert_array_equal(y, results[0][0])
        np.testing.assert_array_equal(dx, results[0][1])
    for other in (np.asfortranarray(x), x[::-1, ::-1, ::-1].copy()[::-1, ::-1, ::-1], x.astype(">f4")):
        np.testing.assert_array_equal(ops.softmax(other, axis), results[0][0])


def test_rows_sum_to_one():
    y = ops.softmax(np.random.default_rng(0).normal(size=(1000, 10)).astype("float32") * 20)
    np.testing.assert_allclose(y.sum(-1), 1, rtol=5e-7)
    assert (y >= 0).all()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("n", [0, 3, 40])
def test_special_values_of_log_softmax(dtype, n):
    inf, nan = np.inf, np.nan
    rows = {
        "-inf stays": ([-inf, 0.0], [-inf, 0.0]),
        "+inf spoils its row": ([inf, 0.0], [nan, nan]),
        "nan spoils its row": ([nan, 0.0], [nan, nan]),
        "nothing but -inf": ([-inf, -inf], [nan, nan]),
        "far apart": ([1000.0, -1000.0], [0.0, -2000.0]),
    }
    for name, (values, want) in rows.items():
        x = np.concatenate([np.array(values, dtype), np.full(n, -inf, dtype)])
        expected = np.array(want, dtype)
        y = ops.log_softmax(x)
        np.testing.assert_array_equal(y[:2], expected, err_msg=name)
        columns = ops.log_softmax(np.stack([x, x[::-1]], axis=1), axis=0)
        np.testing.assert_array_equal(columns[:2, 0], expected, err_msg=name)


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("dtype", DTYPES)
def test_log_softmax_is_the_logarithm_of_softmax(dtype, axis):
    x = np.random.default_rng(0).normal(size=(37, 41, 43)).astype(dtype) * 5
    want = x - scipy.special.logsumexp(x.astype("float64"), axis, keepdims=True)
    y = ops.log_softmax(x, axis)
    np.testing.assert_allclose(y, want, rtol=0, atol=40 * np.finfo(dtype).eps)
    np.testing.assert_array_equal(ops.log_softmax(np.asfortranarray(x), axis), y)
