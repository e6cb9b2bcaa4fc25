"""The element-wise walker and the vector mathematics: broadcasting, layouts, special values, accuracy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import fastnn.numpy as fnp
import numpy as np
import pytest
from fastnn import ops
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from layouts import laid_out

Array = np.ndarray[Any, Any]
BINARY = {"add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide}
UNARY: dict[str, Callable[[Array], Array]] = {
    "negative": np.negative,
    "relu": lambda x: np.where(x <= 0, np.zeros((), x.dtype), x),
    "sigmoid": lambda x: _sigmoid(x.astype(np.float64)).astype(x.dtype),
    "tanh": np.tanh,
}
floats = st.sampled_from([np.float32, np.float64])
every_dtype = pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=lambda d: d.__name__)


@pytest.fixture(autouse=True)
def _numpy_does_not_warn() -> Any:
    """Overflow and invalid operations are what these tests are about."""
    with np.errstate(all="ignore"):
        yield


def _sigmoid(x: Array) -> Array:
    e = np.exp(-np.abs(x))
    return np.where(x < 0, e, 1) / (1 + e)


def _assert_same(got: Array, want: Array) -> None:
    """The same bits, apart from those of NaN."""
    assert got.dtype == want.dtype
    assert got.shape == want.shape
    np.testing.assert_array_equal(np.isnan(got), np.isnan(want))
    bits = got.dtype.str.replace("f", "u")
    numbers = ~np.isnan(want)
    np.testing.assert_array_equal(
        np.ascontiguousarray(got).view(bits)[numbers], np.ascontiguousarray(want).view(bits)[numbers]
    )


@st.composite
def broadcastable_pairs(draw: Any) -> tuple[Array, Array]:
    shapes = draw(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=5, max_side=9)).input_shapes
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    if draw(st.booleans()):  # long enough for tiles and several vectors
        stretched = draw(st.integers(0, 4))
        shapes = [
            tuple(50 * n if len(s) - 1 - i == stretched and n > 1 else n for i, n in enumerate(s))
            for s in shapes
        ]
    dtypes = [draw(floats) for _ in shapes]
    return tuple(draw(laid_out(shape, dtype, rng)) for shape, dtype in zip(shapes, dtypes, strict=True))


@pytest.mark.parametrize("name", BINARY)
@given(pair=broadcastable_pairs())
def test_broadcasting_is_numpys(name: str, pair: tuple[Array, Array]) -> None:
    with np.errstate(all="ignore"):
        want = np.asarray(BINARY[name](*pair))
    _assert_same(getattr(ops, name)(*pair), want)


@given(pair=broadcastable_pairs())
def test_results_lie_in_memory_as_numpys(pair: tuple[Array, Array]) -> None:
    """Where one operand has the shape of the result, its order of dimensions is kept."""
    x, _ = pair
    if 0 not in x.strides:
        got, want = ops.add(x, x), np.asarray(np.add(x, x))
        long = [i for i, n in enumerate(x.shape) if n > 1]
        assert [got.strides[i] for i in long] == [want.strides[i] for i in long]


@given(shapes=hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=4, max_side=9, min_side=1))
def test_gradients_of_broadcasting_sum_what_was_repeated(shapes: Any) -> None:
    from fastnn.autograd import gradients
    from fastnn.tensor import Tensor

    a, b = (Tensor(np.ones(shape), requires_grad=True) for shape in shapes.input_shapes)
    result = shapes.result_shape
    grads = gradients(a + b, [a, b], np.ones(result))
    for tensor, grad in zip((a, b), grads, strict=True):
        assert grad.shape == tensor.shape
        np.testing.assert_array_equal(grad, np.prod(result) / tensor.size)


@given(
    shapes=st.tuples(hnp.array_shapes(max_dims=4, max_side=4), hnp.array_shapes(max_dims=4, max_side=4)),
)
def test_shapes_that_do_not_broadcast_are_refused(shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    a, b = (np.zeros(shape) for shape in shapes)
    try:
        np.broadcast_shapes(*shapes)
    except ValueError:
        with pytest.raises(ValueError, match=r"\[add\] shapes must broadcast; received \("):
            ops.add(a, b)
    else:
        ops.add(a, b)


@pytest.mark.parametrize("name", UNARY)
@every_dtype
@given(data=st.data())
def test_bits_depend_on_the_value_alone(name: str, dtype: Any, data: st.DataObject) -> None:
    """Neither layout, nor place in the array, nor the length of what is left for the last vector."""
    shape = data.draw(hnp.array_shapes(max_dims=4, max_side=40))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    x = 4 * data.draw(laid_out(shape, dtype, rng))
    op = getattr(ops, name)
    y = op(x)
    _assert_same(op(np.ascontiguousarray(x)), np.ascontiguousarray(y))
    offset = data.draw(st.integers(0, x.size))
    _assert_same(op(x.ravel()[offset:]), y.ravel()[offset:])


SPECIAL = [0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan, -np.nan]


def _specials(dtype: Any) -> Array:
    finfo = np.finfo(dtype)
    edges = [finfo.smallest_subnormal, finfo.tiny, finfo.tiny / 2, finfo.max, finfo.eps]
    return np.array([*SPECIAL, *edges, *(-e for e in edges)], dtype)


@pytest.mark.parametrize("name", BINARY)
@every_dtype
def test_special_values_of_arithmetic(name: str, dtype: Any) -> None:
    values = _specials(dtype)
    for a, b in [(values[:, None], values), (np.repeat(values, values.size), np.tile(values, values.size))]:
        _assert_same(getattr(ops, name)(a, b), BINARY[name](a, b))
    for scalar in (0.0, -0.0, np.inf, np.nan, 3):
        _assert_same(getattr(ops, name)(values, scalar), BINARY[name](values, scalar))
        _assert_same(getattr(ops, name)(scalar, values), BINARY[name](scalar, values))


@pytest.mark.parametrize("name", ["negative", "relu", "tanh"])
@every_dtype
def test_special_values(name: str, dtype: Any) -> None:
    values = _specials(dtype)
    for x in (values, np.tile(values, 9)[:-1]):
        _assert_same(getattr(ops, name)(x), UNARY[name](x))


@every_dtype
def test_special_values_of_sigmoid(dtype: Any) -> None:
    x = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, np.finfo(dtype).max, -np.finfo(dtype).max], dtype)
    want = np.array([np.nan, 1, 0, 0.5, 0.5, 1, 0], dtype)
    _assert_same(ops.sigmoid(x), want)
    small = np.array([-80.0, -100.0, -103.0] if dtype == np.float32 else [-700.0, -720.0, -744.0], dtype)
    got = ops.sigmoid(small)
    assert np.all(got > 0)
    error = np.abs(got - np.exp(small.astype(np.longdouble)))
    assert np.all(error <= 3 * np.spacing(got))


@pytest.mark.parametrize("payload", [0x7FC00001, 0x7FC0FFFF, 0xFFC000F0, 0x7F800001])
@pytest.mark.parametrize("name", ["relu", "sigmoid", "tanh"])
def test_every_nan_stays_nan(name: str, payload: int) -> None:
    x = np.full(40, payload, np.uint32).view(np.float32)
    assert np.all(np.isnan(getattr(ops, name)(x)))


@every_dtype
def test_gradients_of_special_values(dtype: Any) -> None:
    from fastnn._core import native

    y = np.array([np.nan, np.inf, 0, -0.0, 2], dtype)
    dy = np.array([1, 2, 3, 4, 5], dtype)
    np.testing.assert_array_equal(native.relu_backward(y, dy), [0, 2, 0, 0, 5])
    np.testing.assert_array_equal(native.tanh_backward(np.array([1, -1, 0], dtype), dy[:3]), [0, 0, 3])
    np.testing.assert_array_equal(native.sigmoid_backward(np.array([1, 0, 0.5], dtype), dy[:3]), [0, 0, 0.75])


def _ulps(got: Array, want: Array) -> float:
    """The largest distance of float32 results from float64 references, in units in the last place of the latter."""
    exponent = np.maximum(np.frexp(want)[1] - 24, -149)
    return float(np.max(np.abs(got - want) / np.ldexp(1.0, exponent)))


def _float32_sample(step: int) -> Array:
    """Every step-th number of all that float32 can hold, NaN left out."""
    x = np.arange(0, 2**32, step, dtype=np.uint64).astype(np.uint32).view(np.float32)
    return x[~np.isnan(x)]


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
@pytest.mark.parametrize("step", [65521 // 16, pytest.param(211, marks=pytest.mark.slow)])
def test_accuracy_over_all_of_float32(name: str, step: int) -> None:
    x = _float32_sample(step)
    wide = x.astype(np.float64)
    assert _ulps(getattr(ops, name)(x), np.tanh(wide) if name == "tanh" else _sigmoid(wide)) < 3


@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 60, reason="nothing more precise to compare with")
@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_accuracy_in_float64(name: str) -> None:
    rng = np.random.default_rng(0)
    x = np.concatenate([rng.uniform(-r, r, 20_000) for r in (1e-8, 1e-2, 1, 5, 20, 40)])
    wide = x.astype(np.longdouble)
    want = np.tanh(wide) if name == "tanh" else 1 / (1 + np.exp(-wide))
    error = np.abs(getattr(ops, name)(x) - want) / np.spacing(np.abs(want.astype(np.float64)))
    assert np.max(error) < 3


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize(
    "other",
    [
        np.arange(1, 4),
        np.array([True, False, True]),
        np.arange(1, 4).astype(np.int8),
        np.array([1j, 2, 3]),
        np.array([1, 2, 3], np.float16),
        np.array([1, 2, 3], np.longdouble),
        [1, 2, 3],
        [1.5, 2.0, 3.0],
        np.float64(2),
        np.float32(2),
        np.int64(2),
        True,
        2,
        2.0,
        2j,
        10**30,
    ],
    ids=repr,
)
@pytest.mark.parametrize("side", ["right", "left", "both"])
@every_dtype
def test_types_are_numpys(name: str, other: Any, dtype: Any, side: str) -> None:
    x = np.array([1, 2, 4], dtype)
    a, b = {"right": (x, other), "left": (other, x), "both": (other, other)}[side]
    try:
        want = BINARY[name](a, b)
    except (TypeError, OverflowError) as error:
        with pytest.raises(type(error)):
            getattr(ops, name)(a, b)
    else:
        got = getattr(ops, name)(a, b)
        assert np.asarray(got).dtype == want.dtype
        np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, bool, np.float16])
@pytest.mark.parametrize("name", ["relu", "sigmoid", "softplus"])
def test_activations_make_float32_of_other_types(name: str, dtype: Any) -> None:
    x = np.array([0, 1, 1, 0, 1], dtype)
    got = getattr(ops, name)(x)
    _assert_same(got, getattr(ops, name)(x.astype(np.float32)))


@pytest.mark.parametrize(
    "x", [np.array([1j]), np.array(["a"]), np.array([None]), np.array([1], np.longdouble)]
)
def test_activations_refuse_what_is_not_a_number(x: Array) -> None:
    with pytest.raises(
        TypeError, match=r"\[sigmoid\] x must hold real numbers \(float32 or float64\); received dtype"
    ):
        ops.sigmoid(x)


def test_subclasses_are_numpys() -> None:
    masked = np.ma.array([1.0, 2.0], mask=[True, False])
    assert type(ops.add(masked, 1.0)) is type(masked)


@pytest.mark.parametrize("offset", [0, 1, 3])
def test_results_too_large_for_the_caches(offset: int) -> None:
    """Such results are written past the caches, whole vectors at a time, wherever they begin."""
    n = 12_000_001
    memory = np.zeros(n + 8, np.float32)
    x = np.arange(n, dtype=np.float32)
    out = memory[offset : offset + n]
    fnp.add(x, 1, out=out)
    np.testing.assert_array_equal(out, x + 1)
    assert not memory[:offset].any()
    assert not memory[offset + n :].any()
    rows = np.arange(24_000_000, dtype=np.float32).reshape(24_000, 1000)
    np.testing.assert_array_equal(fnp.multiply(rows, rows[0]), rows * rows[0])
