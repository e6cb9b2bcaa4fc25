"""fastnn.numpy against NumPy: the same values, types, memory order and refusals for whatever arguments."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import fastnn.numpy as fnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from layouts import laid_out

Array = np.ndarray[Any, Any]

UFUNCS = [n for n in fnp.native_functions() if isinstance(getattr(np, n, None), np.ufunc) and n != "matmul"]
# Units in the last place that two good libraries may differ by; 0 for what is exact or correctly rounded.
TRANSCENDENTAL = {
    "exp", "exp2", "expm1", "log", "log1p", "log2", "log10", "power", "sin", "cos", "tan", "tanh",
}  # fmt: skip
ULPS = 8
PRODUCTS = {"matmul", "dot", "inner", "vdot", "outer"}  # native ones always give C order
VALUES = [
    0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -3.0, 1e-3, 7.25, -11.5, 80.0, -95.0, 1e-40, -1e-40, 3e38, 1e-300, 1e300,
    np.inf, -np.inf, np.nan,
]  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def _numpy_does_not_warn() -> Any:
    with np.errstate(all="ignore"):
        yield


@st.composite
def values(draw: Any, shape: tuple[int, ...], dtype: Any) -> Array:
    """An array of any layout; half of the time of special values."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    x = np.asarray(draw(laid_out(shape, np.float64, rng)))
    if draw(st.booleans()):
        x = x.copy(order="K")
        x[...] = rng.choice(VALUES, shape)
    elif draw(st.booleans()):
        x = np.asarray(np.round(x))
    if np.dtype(dtype).kind in "iub":
        x = np.asarray(np.nan_to_num(np.clip(x, 0, 100)))
    x = x.astype(dtype, order="K")
    if draw(st.integers(0, 15)) == 0:
        x = x.astype(x.dtype.newbyteorder(), order="K")
    if draw(st.integers(0, 15)) == 0:
        x.flags.writeable = False
    return x


FLOATS = [np.float32, np.float64]
OTHERS = [np.int32, np.uint8, bool, np.float16, np.complex64, np.longdouble]
dtypes = st.one_of(st.sampled_from(FLOATS), st.sampled_from(FLOATS), st.sampled_from(FLOATS + OTHERS))


@st.composite
def operands(draw: Any, count: int) -> list[Any]:
    """What the functions are called with: arrays whose shapes broadcast, numbers, lists."""
    shapes = list(
        draw(hnp.mutually_broadcastable_shapes(num_shapes=count, max_dims=4, max_side=5)).input_shapes
    )
    if draw(st.integers(0, 3)) == 0:  # long enough for several vectors
        shapes = [(*s[:-1], 37 * s[-1]) if s and s[-1] > 1 else s for s in shapes]
    common = draw(dtypes)
    result: list[Any] = []
    for shape in shapes:
        kind = draw(st.integers(0, 11))
        if kind == 0:
            result.append(draw(st.sampled_from([0, 1, -2, 3.5, -0.25, True, 10**400, float("nan"), 1e300])))
        elif kind == 1:
            result.append(
                draw(st.sampled_from([np.float32(1.5), np.float64(0.1), np.int64(3), np.float16(2)]))
            )
        elif kind == 2:
            result.append([[1.5, -2.0], [0.25, 3.0]] if shape in ((), (1,), (2, 2)) else 2.5)
        else:
            result.append(draw(values(shape, common if kind < 9 else draw(dtypes))))
    return result


def outcome(call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What a call gives, or the kind of its refusal."""
    try:
        return call(*args, **kwargs)
    except (TypeError, ValueError, OverflowError) as error:
        return type(error)


def assert_same(name: str, got: Any, want: Any) -> None:
    if isinstance(want, type):
        assert isinstance(got, type), f"NumPy refuses: {want}"
        assert issubclass(want, got) or issubclass(got, want)
        return
    assert type(got) is type(want)
    if isinstance(want, tuple):
        for g, w in zip(got, want, strict=True):
            assert_same(name, g, w)
        return
    got_array, want_array = np.asarray(got), np.asarray(want)
    assert got_array.dtype == want_array.dtype
    assert got_array.shape == want_array.shape
    if want_array.size > 0 and name not in PRODUCTS:
        steps = [s for s, n in zip(got_array.strides, got_array.shape, strict=True) if n > 1]
        assert steps == [s for s, n in zip(want_array.strides, want_array.shape, strict=True) if n > 1]
    if name in TRANSCENDENTAL and want_array.dtype in FLOATS:
        error = ULPS * np.spacing(np.abs(want_array))
        close = np.abs(got_array - want_array) <= error
        close |= (got_array == want_array) | (np.isnan(got_array) & np.isnan(want_array))
        assert close.all(), f"{got_array[~close][:3]} where NumPy has {want_array[~close][:3]}"
    else:
        np.testing.assert_array_equal(got_array, want_array)
    if want_array.dtype.kind == "f":
        numbers = ~np.isnan(want_array)
        np.testing.assert_array_equal(np.signbit(got_array[numbers]), np.signbit(want_array[numbers]))


@pytest.mark.parametrize("name", UFUNCS)
@settings(max_examples=100)
@given(data=st.data())
def test_ufuncs(name: str, data: st.DataObject) -> None:
    check_ufunc(name, data)


@pytest.mark.slow
@pytest.mark.parametrize("name", UFUNCS)
@settings(max_examples=2000)
@given(data=st.data())
def test_ufuncs_at_length(name: str, data: st.DataObject) -> None:
    check_ufunc(name, data)


def check_ufunc(name: str, data: st.DataObject) -> None:
    args = data.draw(operands(getattr(np, name).nin))
    assert_same(name, outcome(getattr(fnp, name), *args), outcome(getattr(np, name), *args))


OUTS = [
    "fresh",
    "input",
    "shifted",
    "reversed",
    "stepped",
    "read_only",
    "wrong_shape",
    "other_type",
    "fortran",
]


def out_for(kind: str, result: Array, args: list[Array]) -> tuple[list[Array], Array]:
    """Arguments, copied, and an array for the result that has something to do with them."""
    args = [np.array(a) for a in args]
    if kind == "fresh":
        return args, np.empty_like(result)
    if kind == "fortran":
        return args, np.empty(result.shape, result.dtype, order="F")
    if kind == "stepped":
        return args, np.empty((*result.shape[:-1], 2 * result.shape[-1]), result.dtype)[..., ::2]
    if kind == "read_only":
        out = np.empty_like(result)
        out.flags.writeable = False
        return args, out
    if kind == "wrong_shape":
        return args, np.empty((*result.shape, 2), result.dtype)
    if kind == "other_type":
        return args, np.empty(result.shape, np.float64 if result.dtype != np.float64 else np.float32)
    if kind == "input":
        return args, args[-1]
    if kind == "reversed":
        return args, args[0][::-1]
    memory = np.empty(args[0].size + 1, args[0].dtype)  # shifted: out begins one element after the input
    first = memory[:-1].reshape(args[0].shape)
    first[...] = args[0]
    return [first, *args[1:]], memory[1:].reshape(args[0].shape)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("kind", OUTS)
@pytest.mark.parametrize("name", UFUNCS)
def test_out(name: str, kind: str, dtype: Any) -> None:
    rng = np.random.default_rng(0)
    args = [rng.uniform(0.5, 2, (7, 9)).astype(dtype) for _ in range(getattr(np, name).nin)]
    plain = getattr(np, name)(*args)
    got_args, got_out = out_for(kind, plain, args)
    want_args, want_out = out_for(kind, plain, args)
    got = outcome(getattr(fnp, name), *got_args, out=got_out)
    want = outcome(getattr(np, name), *want_args, out=want_out)
    if isinstance(want, type):
        assert_same(name, got, want)
    else:
        # Not what NumPy left in its `out`: NumPy 2.4's isfinite does not find every byte of a stepped one.
        want_out[...] = plain
        assert got is got_out
        assert_same(name, got, want_out)
        assert getattr(fnp, name)(*args, np.empty_like(plain)) is not None  # by place


@pytest.mark.parametrize("name", sorted(PRODUCTS))
@settings(max_examples=400)
@given(data=st.data())
def test_products(name: str, data: st.DataObject) -> None:
    if data.draw(st.booleans()):
        shapes = hnp.mutually_broadcastable_shapes(signature=np.matmul.signature, max_dims=3, max_side=5)
        a, b = data.draw(shapes).input_shapes
    else:
        a, b = (data.draw(hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3)) for _ in "ab")
    common = data.draw(dtypes)
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    x, y = (np.asarray(np.round(data.draw(laid_out(s, np.float64, rng)) * 4)).astype(common) for s in (a, b))
    assert_same(name, outcome(getattr(fnp, name), x, y), outcome(getattr(np, name), x, y))


@pytest.mark.parametrize("name", ["matmul", "dot", "outer"])
@pytest.mark.parametrize("kind", OUTS)
def test_out_of_products(name: str, kind: str) -> None:
    rng = np.random.default_rng(0)
    args = [rng.integers(-4, 5, (6, 6)).astype(np.float32) for _ in range(2)]
    plain = getattr(np, name)(*args)
    got_args, got_out = out_for(kind, plain, args)
    want_args, want_out = out_for(kind, plain, args)
    got = outcome(getattr(fnp, name), *got_args, out=got_out)
    want = outcome(getattr(np, name), *want_args, out=want_out)
    if name == "dot" and kind in ("stepped", "reversed", "fortran", "other_type"):
        assert want is ValueError  # numpy.dot wants C order and the very type
        return
    assert_same(name, got, want)
    if not isinstance(want, type):
        np.testing.assert_array_equal(got_out, plain)


@pytest.mark.parametrize("dtype", [*FLOATS, np.int32, np.complex64])
@pytest.mark.parametrize(
    ("subscripts", "shapes"),
    [
        ("ij,jk->ik", [(2, 3), (3, 4)]),
        ("i,i", [(3,), (3,)]),
        ("bij,bjk->bik", [(2, 3, 4), (2, 4, 2)]),
        ("ij,jk,kl->il", [(2, 3), (3, 4), (4, 2)]),
        ("ii->i", [(3, 3)]),
        ("...i,ij", [(2, 2, 3), (3, 2)]),
        ("ij,jk->ik", [(2, 3), (4, 4)]),
        ("ij,jk->iz", [(2, 3), (3, 4)]),
    ],
)
def test_einsum(subscripts: str, shapes: list[tuple[int, ...]], dtype: Any) -> None:
    rng = np.random.default_rng(0)
    arrays = [rng.integers(-4, 5, shape).astype(dtype) for shape in shapes]
    got, want = outcome(fnp.einsum, subscripts, *arrays), outcome(np.einsum, subscripts, *arrays)
    assert_same("matmul", got, want)
    if not isinstance(want, type):
        assert_same(
            "matmul",
            fnp.einsum(subscripts, *arrays, optimize=True),
            np.einsum(subscripts, *arrays, optimize=True),
        )


@pytest.mark.parametrize("dtype", [*FLOATS, np.int32])
@pytest.mark.parametrize(
    ("a", "b", "axes"),
    [
        ((2, 3), (3, 4), 1),
        ((2, 3, 4), (3, 4, 2), 2),
        ((2, 3, 4), (4, 3, 2), ([2, 1], [0, 1])),
        ((3,), (3,), 1),
        ((2,), (3,), 0),
        ((2, 3), (2, 3), 1),
    ],
)
def test_tensordot(a: tuple[int, ...], b: tuple[int, ...], axes: Any, dtype: Any) -> None:
    rng = np.random.default_rng(0)
    x, y = (rng.integers(-4, 5, shape).astype(dtype) for shape in (a, b))
    assert_same("matmul", outcome(fnp.tensordot, x, y, axes), outcome(np.tensordot, x, y, axes))


@settings(max_examples=300)
@given(data=st.data())
def test_where(data: st.DataObject) -> None:
    condition, x, y = data.draw(operands(3))
    condition = np.asarray(condition) != 0
    assert_same("where", outcome(fnp.where, condition, x, y), outcome(np.where, condition, x, y))


@settings(max_examples=300)
@given(data=st.data())
def test_clip(data: st.DataObject) -> None:
    x, low, high = data.draw(operands(3))
    if not isinstance(x, np.ndarray):
        x = np.float64(1.5)
    assert_same("clip", outcome(fnp.clip, x, low, high), outcome(np.clip, x, low, high))


def test_every_name_is_here() -> None:
    for name in np.__all__:
        assert hasattr(fnp, name), name
    namespace: dict[str, Any] = {}
    exec("from fastnn.numpy import *", namespace)
    assert namespace["pi"] == np.pi
    assert namespace["add"] is fnp.add
    assert fnp.abs is fnp.absolute
    assert fnp.linalg is np.linalg
    assert fnp.ndarray is np.ndarray
    assert "linspace" in dir(fnp)
    with pytest.raises(AttributeError, match="no attribute 'no_such_name'"):
        fnp.no_such_name  # noqa: B018


def test_functions_are_numpys_in_all_else() -> None:
    assert fnp.add.reduce([1, 2, 3]) == 6
    assert fnp.add.__name__ == "add"
    assert fnp.add.__doc__ == np.add.__doc__
    assert repr(fnp.add) == "<native function 'add'>"
    assert pickle.loads(pickle.dumps(fnp.add)) is fnp.add
    x = np.array([1.0, 2.0])
    np.testing.assert_array_equal(fnp.add(x, x, where=np.array([True, False]), out=np.zeros(2)), [2, 0])
    assert fnp.add(x, x, dtype=np.float32).dtype == np.float32
    assert isinstance(fnp.sqrt(np.ma.array([4.0])), np.ma.MaskedArray)
    with pytest.raises(TypeError):
        fnp.add(x)
    with pytest.raises(TypeError):
        fnp.add(x, x, no_such_argument=1)


def test_shapes_that_do_not_fit_are_named() -> None:
    with pytest.raises(ValueError, match=r"\[add\] shapes must broadcast; received \(2,\) and \(3,\)"):
        fnp.add(np.ones(2), np.ones(3))
    with pytest.raises(
        ValueError, match=r"\[dot\] .*a.shape\[-1\] must equal b.shape\[-2\].*\(2, 3\) and \(2, 4\)"
    ):
        fnp.dot(np.ones((2, 3)), np.ones((2, 4)))
