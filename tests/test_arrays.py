"""What the bindings make of arrays: any layout and type that means real numbers works, the rest is refused."""

from __future__ import annotations

import copy
import gc
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from fastnn._core import native
from numpy.lib.stride_tricks import as_strided

Array = np.ndarray[Any, Any]


def misaligned(x: Array) -> Array:
    raw = np.empty(x.nbytes + 1, np.uint8)
    y = raw[1:].view(x.dtype).reshape(x.shape)
    y[...] = x
    return y


def field_of_packed_records(x: Array) -> Array:
    records = np.zeros(x.shape, [("tag", "u1"), ("value", x.dtype)])
    records["value"] = x
    return records["value"]


def real_part(x: Array) -> Array:
    return (x + 1j).astype(np.complex128 if x.itemsize == 8 else np.complex64).real


def read_only(x: Array) -> Array:
    y = x.copy()
    y.flags.writeable = False
    return y


class Subclass(np.ndarray):
    pass


LAYOUTS: dict[str, Callable[[Array], Any]] = {
    "contiguous": lambda x: x,
    "Fortran order": np.asfortranarray,
    "transposed twice": lambda x: np.ascontiguousarray(x.T).T,
    "stepped": lambda x: np.repeat(np.repeat(x, 2, 0), 3, 1)[::2, ::3],
    "reversed": lambda x: np.ascontiguousarray(x[::-1, ::-1])[::-1, ::-1],
    "offset": lambda x: np.pad(x, 1)[1:-1, 1:-1],
    "misaligned": misaligned,
    "other byte order": lambda x: x.astype(x.dtype.newbyteorder()),
    "other byte order, misaligned, reversed": lambda x: misaligned(x[::-1].astype(x.dtype.newbyteorder()))[
        ::-1
    ],
    "field of packed records": field_of_packed_records,
    "part of complex": real_part,
    "read-only": read_only,
    "unpickled": lambda x: pickle.loads(pickle.dumps(x)),
    "own descriptor": lambda x: x.view(copy.deepcopy(x.dtype)),
    "dtype with metadata": lambda x: x.astype(np.dtype(x.dtype, metadata={"unit": "m"})),
    "subclass": lambda x: x.view(Subclass),
    "memoryview": lambda x: memoryview(np.ascontiguousarray(x)),
    "buffer of bytes": lambda x: np.frombuffer(bytes(x.tobytes()), x.dtype).reshape(x.shape),
}


def same(got: Array, want: Array) -> None:
    assert type(got) is np.ndarray
    assert got.dtype == want.dtype
    np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_layout_is_read_right(layout: str, dtype: str) -> None:
    # Small whole numbers: sums are exact in any order.
    x = np.arange(1, 36).reshape(5, 7).astype(dtype)
    laid = LAYOUTS[layout](x)
    before = bytes(memoryview(np.ascontiguousarray(laid)))
    same(native.matmul_forward(laid, x.T), x @ x.T)
    same(native.matmul_forward(x.T, laid), x.T @ x)
    same(native.dense_forward(laid, np.ascontiguousarray(x.T), None, "linear"), x @ x.T)
    same(native.relu(laid), x)
    same(native.sum_to(laid, (1, 7)), x.sum(0, keepdims=True))
    assert bytes(memoryview(np.ascontiguousarray(laid))) == before


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_repeated_rows_are_read_right(dtype: str) -> None:
    row = np.arange(7, dtype=dtype)
    x = np.broadcast_to(row, (5, 7))
    same(native.matmul_forward(x, x.T), np.array(x) @ np.array(x).T)
    same(
        native.matmul_forward(as_strided(row, (4, 4), (row.itemsize,) * 2), np.eye(4, dtype=dtype)),
        row[:4] + np.arange(4, dtype=dtype)[:, None],
    )


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_empty_arrays(shape: tuple[int, int]) -> None:
    x = np.zeros(shape, np.float32)
    same(native.matmul_forward(x, x.T), x @ x.T)
    same(native.relu(x[::-1]), x)


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint16", "int64", "uint64", "float16", ">i4", ">f2"])
def test_other_real_numbers_become_float32(dtype: str) -> None:
    x = np.array([[0, 1, 1], [1, 0, 1]]).astype(dtype)
    same(native.matmul_forward(x, np.eye(3, dtype=np.float32)), x.astype(np.float32))


def test_float64_is_never_narrowed() -> None:
    x = np.array([[1 + 1e-12]])
    for a, b in ((x, np.ones((1, 1), np.float32)), (np.ones((1, 1), np.float32), x), (x, [[1]])):
        same(native.matmul_forward(a, b), x)


class ArrayLike:
    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.array([[1.0, 2.0]], dtype=dtype)


@pytest.mark.parametrize("x", [[[1.0, 2.0]], ((1.0, 2.0),), [np.float64(1), 2.0], ArrayLike()])
def test_what_numpy_makes_arrays_of_is_taken(x: Any) -> None:
    same(native.matmul_forward(x, np.eye(2)), np.asarray(x, dtype=float))


@pytest.mark.parametrize(
    "bad",
    [
        None,
        "text",
        {"a": 1},
        np.array([[1j]]),
        np.array([["1"]]),
        np.array([[b"1"]]),
        np.array([[1.0]], object),
        np.array([[1.0]], np.longdouble),
        np.array([["2020-01-01"]], "M8[s]"),
        np.array([[1]], "m8[s]"),
        np.zeros((1, 1), "V4"),
        np.zeros((1, 1), [("x", "f4")]),
    ],
    ids=lambda bad: str(getattr(bad, "dtype", type(bad).__name__)),
)
def test_what_is_no_array_of_real_numbers_is_refused_by_name(bad: Any) -> None:
    good = np.ones((1, 1), np.float32)
    with pytest.raises(TypeError, match=r"^\[matmul\] a must hold real numbers .*; received dtype "):
        native.matmul_forward(bad, good)
    with pytest.raises(TypeError, match=r"^\[dense\] kernel must hold real numbers .*; received dtype "):
        native.dense_forward(good, bad, None, "linear")


def test_ragged_lists_are_refused_with_numpys_reason() -> None:
    with pytest.raises(TypeError, match=r"\[matmul\] b could not be turned into an array") as caught:
        native.matmul_forward([[1.0]], [[1.0], [1.0, 2.0]])
    assert "inhomogeneous" in str(caught.value.__cause__)


def test_labels_must_be_integers() -> None:
    y = np.full((2, 3), 1 / 3)
    for labels in ([0.0, 1.0], ["0", "1"], [0, None], np.array([0, 1], np.uint64), [0j, 1j]):
        with pytest.raises(TypeError, match=r"labels must hold integers; received dtype"):
            native.sparse_categorical_crossentropy_forward(labels, y, False)
    want = native.sparse_categorical_crossentropy_forward(np.array([0, 1]), y, False)
    for dtype in ("bool", "int8", "uint32", "longlong", ">i8"):
        same(native.sparse_categorical_crossentropy_forward(np.array([0, 1]).astype(dtype), y, False), want)


def test_too_many_dimensions_are_refused() -> None:
    for ndim in (33, 64) if int(np.__version__.split(".")[0]) >= 2 else ():
        with pytest.raises(
            ValueError, match=rf"\[relu\] x must have at most 32 dimensions; received {ndim}$"
        ):
            native.relu(np.ones((1,) * ndim))
    same(native.relu(np.ones((1,) * 32)), np.ones((1,) * 32))


def test_result_too_big_to_count_is_refused() -> None:
    column = np.broadcast_to(np.float32(0), (2**40, 1))
    with pytest.raises(
        ValueError, match=r"\[matmul\] array is too big; received shape \(1099511627776, 10995"
    ):
        native.matmul_forward(column, column.T)


@pytest.mark.skipif(native.build_info()["sanitized"], reason="the sanitizer ends the process instead")
def test_result_too_big_for_memory_raises() -> None:
    column = np.broadcast_to(np.float32(0), (2**29, 1))
    with pytest.raises(MemoryError):
        native.matmul_forward(column, column.T)
    same(native.matmul_forward(column[:2], column[:2].T), np.zeros((2, 2), np.float32))


@pytest.mark.parametrize("count", [1, 1000, 1024, 1025, 100_000])
def test_outputs_are_arrays_like_any_other(count: int) -> None:
    y = native.relu(np.ones(count, np.float32))
    flags = y.flags
    assert (flags.c_contiguous, flags.aligned, flags.writeable) == (True, True, True)
    y += 1
    again = pickle.loads(pickle.dumps(y))
    np.testing.assert_array_equal(again, np.full(count, 2, np.float32))


def test_large_outputs_lie_on_cache_lines_and_are_reused() -> None:
    native.buffer_clear()
    y = native.relu(np.ones(100_000, np.float32))
    assert y.ctypes.data % 64 == 0
    assert native.buffer_cached_bytes() == 0
    address = y.ctypes.data
    view = y[10:]
    del y
    gc.collect()
    assert native.buffer_cached_bytes() == 0  # the view keeps the memory
    np.testing.assert_array_equal(view, 1)
    del view
    assert native.buffer_cached_bytes() >= 400_000
    assert native.relu(np.zeros(100_000, np.float32)).ctypes.data == address
    native.buffer_clear()
    assert native.buffer_cached_bytes() == 0


def test_outputs_that_live_together_share_nothing() -> None:
    x = np.ones(50_000)
    alive = [native.relu(x * i) for i in range(20)]
    for i, y in enumerate(alive):
        assert not any(np.shares_memory(y, other) for other in alive[i + 1 :])
        np.testing.assert_array_equal(y, i)


def step(params: list[Any], grads: list[Any], momentums: list[Any] | None = None) -> None:
    native.sgd_update(params, grads, momentums, 0.5, 0.0, False, 0.0)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "layout",
    [
        "contiguous",
        "Fortran order",
        "stepped",
        "reversed",
        "offset",
        "part of complex",
        "unpickled",
        "subclass",
    ],
)
def test_in_place_updates_reach_any_layout(layout: str, dtype: str) -> None:
    x = np.arange(35).reshape(5, 7).astype(dtype)
    laid = LAYOUTS[layout](x.copy())
    step([laid], [np.ones_like(x)])
    np.testing.assert_array_equal(laid, x - 0.5)


def test_in_place_updates_refuse_what_they_could_only_copy() -> None:
    x = np.ones((2, 2), np.float32)
    for bad in (
        misaligned(x),
        x.astype(">f4"),
        x.astype("float16"),
        x.astype("int32"),
        x.tolist(),
        None,
        np.float32(1),
    ):
        with pytest.raises(TypeError, match=r"\[sgd_update\] params must be an aligned float32 or float64"):
            step([bad], [x])
    with pytest.raises(ValueError, match=r"\[sgd_update\] params is read-only"):
        step([read_only(x)], [x])
    np.testing.assert_array_equal(x, 1)


def test_a_later_bad_parameter_leaves_the_earlier_ones_alone() -> None:
    good = np.ones(3, np.float32)
    for bad, error in ((read_only(good), ValueError), (good.astype(">f4"), TypeError)):
        with pytest.raises(error):
            step([good, bad], [good.copy(), good.copy()])
    with pytest.raises(ValueError, match="sgd_update"):
        step([good, np.ones(4, np.float32)], [good.copy(), np.ones(5, np.float32)])
    np.testing.assert_array_equal(good, 1)
