"""Reductions over any dimensions of any layout, held against NumPy and against exact sums."""

from __future__ import annotations

import warnings
from typing import Any

import fastnn
import fastnn.numpy as fnp
import numpy as np
import pytest
import scipy.special
from fastnn import ops
from fastnn._core import native
from hypothesis import given, settings
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


SPECIAL = [0.0, -0.0, 1.0, -1.0, 2.5, 1e-40, -3e38, np.inf, -np.inf, np.nan]
REDUCTIONS = ["sum", "mean", "prod", "max", "min", "any", "all", "argmax", "argmin", "var", "std", "cumsum"]
EXACT = {"max", "min", "any", "all", "argmax", "argmin"}


def _assert_as_numpy(name: str, x: Array, got: Any, want: Any) -> None:
    """The type, shape and values; sums may be more precise than NumPy's, and not overflow where those do."""
    assert type(got) is type(want)
    assert got.dtype == want.dtype
    assert got.shape == want.shape
    if name in EXACT:
        np.testing.assert_array_equal(got, want)
        return
    finite = np.isfinite(want)
    if np.isfinite(x).all():
        with np.errstate(all="ignore"):
            scale = np.max(np.abs(x.astype(np.float64)), initial=0) * max(x.size, 1)
        limit = float(np.finfo(x.dtype).max)
        if name in ("var", "std"):
            scale = scale**2 if name == "var" else scale
        if name == "prod" or not scale < limit:
            return  # which partial result leaves the range depends on the order
        # NumPy adds up one by one in cumsum: each of the n sums rounds, so that errors grow with n.
        rounding = 8 + x.size / 4 if name == "cumsum" else 8
        bound = rounding * np.finfo(x.dtype).eps * scale
        # Where ddof leaves no degree of freedom, a variance of 0 gives NaN, and one of NumPy's rounding errors inf.
        same = np.isfinite if name in ("var", "std") else np.isnan
        np.testing.assert_array_equal(same(got), same(want))
        assert np.all(np.abs(np.asarray(got)[finite] - np.asarray(want)[finite]) <= bound)
    elif not np.any(np.abs(x[np.isfinite(x)]) > 1e30):
        np.testing.assert_array_equal(np.isnan(got), np.isnan(want))
        np.testing.assert_array_equal(np.isinf(got), np.isinf(want))


def _reduce_as_numpy(data: st.DataObject, name: str) -> None:
    x, axis = data.draw(arrays_and_axes())
    x = np.asarray(x)
    if data.draw(st.booleans()):
        x = x.copy(order="K")
        x[...] = np.random.default_rng(x.size).choice(SPECIAL, x.shape)
    options: dict[str, Any] = {}
    if name == "cumsum" or "arg" in name:
        axis = axis[0] if isinstance(axis, tuple) and axis else None if axis == () else axis
    if name != "cumsum" and data.draw(st.booleans()):
        options["keepdims"] = data.draw(st.booleans())
    if name in ("var", "std") and data.draw(st.booleans()):
        options[data.draw(st.sampled_from(["ddof", "correction"]))] = data.draw(
            st.sampled_from([0, 1, 1.5, 3])
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of NumPy's: those of native functions are refusals only
        try:
            want = getattr(np, name)(x, axis, **options)
        except ValueError:
            with pytest.raises(ValueError, match=r"no elements to reduce|zero-size"):
                getattr(fnp, name)(x, axis, **options)
            return
        got = getattr(fnp, name)(x, axis, **options)
        _assert_as_numpy(name, x, got, want)
        if isinstance(want, np.ndarray) and data.draw(st.booleans()):
            out = np.full_like(want, 7)
            assert getattr(fnp, name)(x, axis, out=out, **options) is out
            np.testing.assert_array_equal(out, got)


@pytest.mark.parametrize("name", REDUCTIONS)
@given(data=st.data())
def test_reductions_are_numpys(name: str, data: st.DataObject) -> None:
    _reduce_as_numpy(data, name)


@pytest.mark.slow
@pytest.mark.parametrize("name", REDUCTIONS)
@settings(max_examples=4000, deadline=None)
@given(data=st.data())
def test_reductions_are_numpys_by_the_thousands(name: str, data: st.DataObject) -> None:
    _reduce_as_numpy(data, name)


@pytest.mark.parametrize("name", ["max", "min", "argmax", "argmin"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(70_001,), (9_000, 20), (20, 9_000), (33, 3_001)])
def test_extrema_of_long_arrays(name: str, dtype: Any, shape: tuple[int, ...]) -> None:
    """One extremum, ties, or NaN: in the first block, at its end, in the last."""
    rng = np.random.default_rng(0)
    for value in (9.0, -9.0, np.nan):
        x = rng.choice([-1.0, 0.0, 1.0], shape).astype(dtype)
        for positions in ((0,), (x.size - 1,), (x.size // 2, x.size // 2 + 1), ()):
            x.flat[list(positions)] = value
            for axis in (None, *range(x.ndim)):
                want = getattr(np, name)(x, axis)
                np.testing.assert_array_equal(getattr(fnp, name)(x, axis), want)
                turned = np.asfortranarray(x)[::-1].copy(order="K")[::-1]
                np.testing.assert_array_equal(getattr(fnp, name)(turned, axis), want)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(100_000,), (3_000, 50), (50, 3_000), (10, 7)])
def test_variance_stays_precise_beside_a_large_mean(dtype: Any, shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    rtol = 1.2e-7 if dtype == np.float32 else 2e-15  # one rounding; that of each level of the sums
    for mean in (0.0, 1e4, 1e7):
        x = (rng.standard_normal(shape) + mean).astype(dtype)
        for axis in (None, 0, len(shape) - 1):
            wide = x.astype(np.longdouble)
            want = ((wide - wide.mean(axis, keepdims=True)) ** 2).mean(axis)
            np.testing.assert_allclose(fnp.var(x, axis), want, rtol=rtol)
            np.testing.assert_allclose(fnp.std(x, axis), np.sqrt(want), rtol=rtol)
    outlier = rng.standard_normal(shape)
    outlier.flat[0] = 1e8
    wide = outlier.astype(np.longdouble)
    np.testing.assert_allclose(fnp.var(outlier), ((wide - wide.mean()) ** 2).mean(), rtol=1e-13)
    assert fnp.var(np.full(shape, 0.1, dtype)) == 0


def test_axes_and_options_that_numpy_takes_over() -> None:
    x = np.arange(6.0).reshape(2, 3)
    assert fnp.sum(x, initial=1.0) == 16
    assert fnp.sum(x, where=x > 2) == 12
    assert fnp.sum(x, dtype=np.float32).dtype == np.float32
    assert fnp.max(x, initial=9) == 9
    assert fnp.sum(np.float64(2), axis=0) == 2
    assert fnp.sum([[1, 2], [3, 4]], np.int64(1)).tolist() == [3, 7]
    with pytest.raises(np.exceptions.AxisError, match=r"\[sum\] axis must lie in \[-2, 2\); received 2"):
        fnp.sum(x, 2)
    with pytest.raises(TypeError):
        fnp.sum(x, "a")
    with pytest.raises(TypeError):
        fnp.argmax(x, 0, None, True)
    frozen = np.zeros(3)
    frozen.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        fnp.sum(x, 0, out=frozen)


@pytest.mark.parametrize("name", ["sum", "mean", "max", "var", "cumsum"])
def test_out_may_be_part_of_the_input(name: str) -> None:
    x = np.random.default_rng(0).standard_normal((40, 40))
    want = getattr(fnp, name)(x, axis=0)
    out = x if name == "cumsum" else x[1]
    assert getattr(fnp, name)(x, axis=0, out=out) is out
    np.testing.assert_array_equal(out, want)


@pytest.mark.parametrize(
    "values",
    [[0, 0], [1000, 1000.5], [-1000, -2000], [np.inf, 1], [-np.inf, 1], [-np.inf, -np.inf], [np.inf, np.inf],
     [np.inf, -np.inf], [np.nan, 1], [np.nan, np.inf], [np.inf, np.nan], [-np.inf, np.nan], [0, -50], [5]],
)  # fmt: skip
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_logsumexp_as_scipy(values: list[float], dtype: Any) -> None:
    x = np.array(values, dtype)
    want = scipy.special.logsumexp(x.astype(np.float64))
    for got in (
        ops.logsumexp(x),
        ops.logsumexp(np.append(x, np.full(40, -np.inf, dtype))),
        ops.logsumexp(np.stack([x] * 20, axis=1), axis=0)[3],
    ):
        np.testing.assert_allclose(got, want, rtol=4 * float(np.finfo(dtype).eps))


@given(case=arrays_and_axes())
def test_logsumexp_of_any_layout(case: tuple[Array, Any]) -> None:
    x, axis = case
    got = ops.logsumexp(x, axis)
    if x.size:
        # SciPy does not know what to do with no axes.
        want = x.astype(np.float64) if axis == () else scipy.special.logsumexp(x.astype(np.float64), axis)
        assert np.all(np.abs(got - want) <= 16 * np.finfo(x.dtype).eps * (1 + np.abs(want)))


def test_sums_of_squares_do_not_overflow() -> None:
    x = np.full(10, 1e30, np.float32)
    np.testing.assert_allclose(ops.norm(x), np.sqrt(10) * 1e30, rtol=1e-6)
    assert np.isnan(ops.norm(np.array([np.nan, 1.0]), np.inf))


def test_ties_share_the_gradient() -> None:
    x = fastnn.tensor([[1.0, 2.0, 2.0], [3.0, 3.0, 3.0]], requires_grad=True)
    ops.max(x, axis=1).backward(np.array([1.0, 3.0]))
    np.testing.assert_array_equal(x.grad, [[0, 0.5, 0.5], [1, 1, 1]])


def test_products_with_zeros_have_gradients() -> None:
    x = fastnn.tensor([[0.0, 2.0, 3.0], [0.0, 0.0, 3.0], [1.0, 2.0, 3.0]], requires_grad=True)
    ops.prod(x, axis=1).sum().backward()
    np.testing.assert_array_equal(x.grad, [[6, 0, 0], [0, 0, 0], [6, 3, 2]])
