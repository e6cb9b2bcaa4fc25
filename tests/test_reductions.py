"""Sums and means over any dimensions of any layout."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from fastnn import ops
from fastnn._core import native
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from layouts import laid_out

Array = np.ndarray[Any, Any]


@st.composite
def arrays_and_axes(draw: Any) -> tuple[Array, Any]:
    shape = draw(hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=30))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    x = draw(laid_out(shape, dtype, np.random.default_rng(draw(st.integers(0, 2**32 - 1)))))
    chosen = draw(st.lists(st.sampled_from(range(len(shape))), unique=True)) if shape else []
    axes = tuple(a - len(shape) * draw(st.booleans()) for a in chosen)
    return x, draw(st.sampled_from([None, axes, axes[0] if axes else None]))


def _assert_sum(x: Array, axis: Any, got: Array, keepdims: bool, terms: float = 1) -> None:
    """Within half a unit in the last place of the result, and pairwise adding's error in float64."""
    wide = x.astype(np.longdouble)
    want = wide.sum(axis=axis, keepdims=keepdims) / terms
    assert got.shape == np.shape(want)
    assert got.dtype == x.dtype
    scale = np.abs(wide).sum(axis=axis, keepdims=keepdims) / terms
    bound = 0.51 * np.finfo(x.dtype).eps * np.abs(want) + 8 * np.finfo(np.float64).eps * scale
    assert np.all(np.abs(got - want) <= bound)


@given(case=arrays_and_axes(), keepdims=st.booleans())
def test_sum_and_mean(case: tuple[Array, Any], keepdims: bool) -> None:
    x, axis = case
    _assert_sum(x, axis, ops.sum(x, axis, keepdims), keepdims)
    axes = range(x.ndim) if axis is None else np.atleast_1d(axis)
    terms = float(np.prod([x.shape[a] for a in axes]))
    if terms:
        _assert_sum(x, axis, ops.mean(x, axis, keepdims), keepdims, terms)


@pytest.mark.parametrize("shape", [(1_000_003,), (1_000_003, 1), (100_003, 10), (10, 100_003), (1003, 1000)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_long_sums_stay_precise(shape: tuple[int, ...], dtype: Any) -> None:
    x = np.random.default_rng(0).uniform(0, 1, shape).astype(dtype)
    for axis in (None, 0, len(shape) - 1):
        _assert_sum(x, axis, ops.sum(x, axis), False)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_special_values(dtype: Any) -> None:
    for values in ([np.inf, 1], [-np.inf, 1], [np.inf, -np.inf], [np.nan, 1], [-0.0, -0.0], [-0.0] * 100):
        x = np.array(values, dtype)
        with np.errstate(invalid="ignore"):
            want = x.sum()
        for got in (ops.sum(x), ops.sum(np.stack([x, x], axis=1), axis=0)[0]):
            np.testing.assert_array_equal(got, want)
            assert np.isnan(want) or np.signbit(got) == np.signbit(want)


def test_sums_of_nothing() -> None:
    assert ops.sum(np.zeros((0, 3))).item() == 0
    np.testing.assert_array_equal(ops.sum(np.zeros((0, 3)), axis=0), [0, 0, 0])
    assert ops.sum(np.zeros((0, 3)), axis=1).shape == (0,)
    assert np.isnan(ops.mean(np.zeros((0, 3)))).all()
    np.testing.assert_array_equal(ops.mean(np.zeros((0, 3)), axis=0), [np.nan] * 3)


@pytest.mark.parametrize("dtype", [np.int32, np.uint8, bool, np.float16, complex])
def test_other_types_are_numpys(dtype: Any) -> None:
    x = np.array([[1, 0, 1], [0, 1, 1]], dtype)
    for axis in (None, 0, (0, 1)):
        for op, function in [(ops.sum, np.sum), (ops.mean, np.mean)]:
            got, want = op(x, axis), function(x, axis)
            assert np.asarray(got).dtype == want.dtype
            np.testing.assert_array_equal(got, want)


def test_numbers_and_lists() -> None:
    assert ops.sum([[1.5, 2.5]]).item() == 4
    assert ops.sum(3.5).item() == 3.5
    assert ops.mean([1, 2]).item() == 1.5


@given(
    shapes=hnp.mutually_broadcastable_shapes(num_shapes=1, base_shape=(3, 4, 5), max_dims=3),
    data=st.data(),
)
def test_sum_to_undoes_broadcasting(shapes: Any, data: st.DataObject) -> None:
    (shape,) = shapes.input_shapes
    if np.broadcast_shapes(shape, (3, 4, 5)) != (3, 4, 5):
        return
    x = data.draw(laid_out((3, 4, 5), np.float64, np.random.default_rng(0)))
    got = native.sum_to(x, shape)
    lead = tuple(range(3 - len(shape)))
    ones = tuple(i + len(lead) for i, n in enumerate(shape) if n == 1)
    np.testing.assert_allclose(got, x.sum(axis=lead + ones).reshape(shape), rtol=1e-13, atol=1e-13)


def test_sum_to_refuses_shapes_that_do_not_broadcast() -> None:
    with pytest.raises(ValueError, match=r"\[sum_to\] out.shape must broadcast to x.shape"):
        native.sum_to(np.ones((3, 1)), (3, 4))
    with pytest.raises(ValueError, match=r"\[sum_to\] shapes must broadcast"):
        native.sum_to(np.ones((3, 2)), (4,))


@pytest.mark.parametrize(
    ("dy", "shape", "axis"),
    [((2,), (3, 4), 0), ((4, 3), (3, 4), ()), ((1, 1, 1), (3, 4), None), ((3,), (3, 4), 0)],
)
def test_the_gradient_of_a_sum_must_have_its_shape(dy: Any, shape: Any, axis: Any) -> None:
    with pytest.raises(ValueError, match=r"\[sum\] dy.shape must be that of the sum of an array of shape"):
        native.sum_backward(np.ones(dy), shape, axis)
