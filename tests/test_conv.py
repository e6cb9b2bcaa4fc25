"""Convolution: what the op table's small shapes do not reach. Whole numbers, so that every sum is exact."""

from __future__ import annotations

import itertools
from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import ops
from fastnn._core import native
from fastnn.ops.conv import fold_normalization
from op_cases.conv import _conv
from oracle import check_gradients

Array = np.ndarray[Any, Any]


def integers(*shape: int, dtype: Any = np.float32, seed: int = 0) -> Array:
    return np.random.default_rng(seed).integers(-3, 4, shape).astype(dtype)


# Inputs, kernel and options, by what of the kernels they pass through.
GEOMETRIES: dict[str, tuple[tuple[int, ...], tuple[int, ...], dict[str, Any]]] = {
    "few filters": ((3, 20, 21, 1), (5, 5, 1, 6), {}),
    "few filters of three channels": ((2, 19, 18, 3), (5, 4, 3, 6), {"padding": "same"}),
    "few filters of many channels": ((2, 17, 40, 17), (3, 3, 17, 1), {"padding": "same"}),
    "few filters, dilated": ((2, 12, 50, 2), (2, 3, 2, 5), {"dilation_rate": (2, 4)}),
    "few filters, planes": ((2, 4, 6, 20, 2), (2, 3, 3, 2, 3), {"padding": "same"}),
    "few filters, channels first": ((2, 3, 18, 19), (3, 3, 3, 4), {"data_format": "channels_first"}),
    "short lines": ((31, 5, 3, 9), (3, 3, 9, 37), {"padding": "same"}),
    "short lines, a page apart": ((16, 8, 8, 16), (5, 5, 16, 20), {}),
    "short lines, strides and groups": ((15, 9, 9, 6), (2, 3, 3, 4), {"strides": 2, "padding": "same"}),
    "short lines, dilated": ((15, 9, 8, 2), (3, 2, 2, 3), {"dilation_rate": (2, 3), "padding": "same"}),
    "several panels": ((2, 14, 15, 33), (3, 3, 33, 70), {"padding": "same"}),
    "several panels, channels first": ((2, 33, 14, 15), (3, 3, 33, 70), {"data_format": "channels_first"}),
    "many outputs": ((40, 30, 30, 2), (3, 3, 2, 20), {"padding": "same"}),
    "one long line": ((1, 3000, 3), (9, 3, 18), {"padding": "same", "strides": 2}),
    "many short signals": ((5000, 4, 1), (3, 1, 16), {}),
    "one by one": ((2, 9, 17, 20), (1, 1, 20, 33), {}),
    "every channel by itself": ((2, 9, 20, 18), (3, 3, 1, 36), {"padding": "same"}),
    "volumes": ((2, 5, 6, 17, 4), (3, 2, 3, 4, 18), {"padding": "same", "strides": (2, 1, 1)}),
}
each_geometry = pytest.mark.parametrize(
    ("x", "kernel", "options"), GEOMETRIES.values(), ids=[name.replace(" ", "_") for name in GEOMETRIES]
)


@each_geometry
@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=["float32", "float64"])
def test_exact(x: tuple[int, ...], kernel: tuple[int, ...], options: dict[str, Any], dtype: Any) -> None:
    images, weights = integers(*x, dtype=dtype), integers(*kernel, dtype=dtype, seed=1)
    bias = integers(kernel[-1], dtype=dtype, seed=2)
    got = ops.conv(images, weights, bias=bias, activation="relu", **options)
    np.testing.assert_array_equal(got, _conv(images, weights, bias, activation="relu", **options))
    check_gradients(lambda *arguments: ops.conv(*arguments, **options), images, weights)


@each_geometry
def test_same_bits_at_any_number_of_threads(
    x: tuple[int, ...], kernel: tuple[int, ...], options: dict[str, Any]
) -> None:
    rng = np.random.default_rng(3)
    images, weights = (rng.standard_normal(shape).astype("float32") for shape in (x, kernel))

    def results() -> list[bytes]:
        tensors = [
            fastnn.Tensor(a, requires_grad=True)
            for a in (images, weights, weights[(0,) * (weights.ndim - 1)])
        ]
        y = ops.conv(tensors[0], tensors[1], bias=tensors[2], activation="tanh", **options)
        y.backward(np.ones(y.shape, "float32"))
        return [y.numpy().tobytes(), *(t.grad.numpy().tobytes() for t in tensors)]

    threads = fastnn.get_num_threads()
    try:
        fastnn.set_num_threads(1)
        alone = results()
        fastnn.set_num_threads(3)
        assert results() == alone
    finally:
        fastnn.set_num_threads(threads)


def test_every_remainder_of_the_tile() -> None:
    for width, filters in itertools.product(range(1, 30), (1, 7, 16, 17, 33)):
        x, kernel = integers(1, 2, width, 3), integers(2, 1, 3, filters, seed=1)
        np.testing.assert_array_equal(ops.conv(x, kernel), _conv(x, kernel))
        dy = integers(1, 1, width, filters, seed=2)
        want = np.einsum("hwc,wf->hcf", x[0], dy[0, 0])[:, np.newaxis]
        np.testing.assert_array_equal(
            native.conv_kernel_gradient(x, dy, kernel.shape, 1, "valid", 1, False), want
        )


def test_odd_padding_of_same_comes_last() -> None:
    x, kernel = np.ones((1, 4, 1)), np.ones((2, 1, 1))
    assert ops.conv(x, kernel, padding="same").ravel().tolist() == [2.0, 2.0, 2.0, 1.0]
    assert ops.conv(np.ones((1, 5, 1)), np.ones((4, 1, 1)), 2, "same").ravel().tolist() == [3.0, 4.0, 2.0]


def test_padding_may_cut_off() -> None:
    x, kernel = integers(1, 9, 4), integers(2, 4, 5, seed=1)
    np.testing.assert_array_equal(ops.conv(x, kernel, padding=[(-2, -1)]), _conv(x[:, 2:-1], kernel))


def test_gradients_check_the_shape_of_dy() -> None:
    x, kernel, dy = np.ones((1, 5, 1)), np.ones((2, 1, 1)), np.ones((1, 5, 1))
    with pytest.raises(ValueError, match=r"\[conv\] y.shape must be \(1, 4, 1\); received \(1, 5, 1\)"):
        native.conv_input_gradient(dy, kernel, x.shape, 1, "valid", 1, False)
    with pytest.raises(ValueError, match=r"\[conv\] y.shape must be \(1, 4, 1\)"):
        native.conv_kernel_gradient(x, dy, kernel.shape, 1, "valid", 1, False)


@pytest.mark.parametrize("every", [True, False], ids=["with_bias_gamma_beta", "without"])
def test_fold_normalization(every: bool) -> None:
    rng = np.random.default_rng(0)
    x, kernel = rng.standard_normal((2, 6, 3)), rng.standard_normal((3, 3, 4))
    bias, gamma, beta, mean = rng.standard_normal((4, 4))
    variance = rng.uniform(0.5, 2, 4)
    folded = fold_normalization(
        kernel,
        bias if every else None,
        mean,
        variance,
        gamma if every else None,
        beta if every else None,
        1e-2,
    )
    plain = ops.conv(x, kernel, bias=bias if every else None)
    want = (plain - mean) / np.sqrt(variance + 1e-2) * (gamma if every else 1) + (beta if every else 0)
    np.testing.assert_allclose(ops.conv(x, folded[0], bias=folded[1]), want, rtol=1e-12)
    single = fold_normalization(*(a.astype("float32") for a in (kernel, bias, mean, variance)))
    assert [a.dtype for a in single] == [np.float32] * 2


def test_not_a_number_stays() -> None:
    x = np.zeros((1, 8, 30, 1), "float32")
    x[0, 4, 9] = np.nan
    for filters in (2, 20):
        y = ops.conv(x, np.ones((3, 3, 1, filters), "float32"), padding="same", activation="relu")
        wanted = np.zeros(y.shape, bool)
        wanted[0, 3:6, 8:11] = True
        np.testing.assert_array_equal(np.isnan(y), wanted)


def test_workspace_is_bounded() -> None:
    """What is kept for reuse grows with neither the batch nor the size of the images beyond a limit."""
    native.buffer_clear()
    for images in (8, 64):
        x, kernel = np.ones((images, 64, 64, 16), "float32"), np.ones((3, 3, 16, 16), "float32")
        dy = np.ones((images, 64, 64, 16), "float32")
        native.conv_kernel_gradient(x, dy, kernel.shape, 1, "same", 1, False)
        ops.conv(x, kernel, padding="same")
        assert native.buffer_cached_bytes() < (32 << 20) + x.nbytes  # the result is one of them
