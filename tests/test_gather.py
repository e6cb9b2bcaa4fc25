"""Rows by position: every source type, layout and target type against NumPy's indexing."""

import numpy as np
import pytest
from fastnn._core import native
from hypothesis import given, settings
from hypothesis import strategies as st

INTEGERS = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64"]
SOURCES = [*INTEGERS, "bool", "float16", "float32", "float64"]


def make(dtype, shape, rng):
    values = rng.integers(0, 2 if dtype == "bool" else 120, shape)
    return (values - (0 if dtype[0] in "ub" else 60)).astype(dtype)


def layouts(x):
    """The same values laid out in every way an array may lie."""
    yield "contiguous", x
    yield "fortran", np.asfortranarray(x)
    wide = np.zeros(tuple(2 * n for n in x.shape), x.dtype)
    wide[tuple(slice(None, None, 2) for _ in x.shape)] = x
    yield "stepped", wide[tuple(slice(None, None, 2) for _ in x.shape)]
    flipped = np.ascontiguousarray(x[tuple(slice(None, None, -1) for _ in x.shape)])
    yield "reversed", flipped[tuple(slice(None, None, -1) for _ in x.shape)]
    yield "repeated", np.broadcast_to(x[..., :1], x.shape)
    yield "swapped bytes", x.astype(x.dtype.newbyteorder(">"))
    raw = np.zeros(x.nbytes + 1, np.uint8)[1:].view(x.dtype).reshape(x.shape)
    raw[...] = x
    yield "misaligned", raw
    readonly = x.copy()
    readonly.flags.writeable = False
    yield "read-only", readonly


@pytest.mark.parametrize("target", [None, "float32", "float64"])
@pytest.mark.parametrize("source", SOURCES)
def test_every_type_and_layout_equals_numpy(source, target):
    rng = np.random.default_rng(0)
    for shape in [(7,), (7, 5), (7, 4, 6), (7, 2, 3, 4)]:
        base = make(source, shape, rng)
        at = np.array([3, 0, 6, 6, -1, -7, 2])
        for name, x in layouts(base):
            got = native.gather(x, at, target)
            want = x[at] if target is None else x[at].astype(target)
            assert got.dtype == want.dtype, name
            np.testing.assert_array_equal(got, want, strict=True, err_msg=f"{name} {shape}")


@pytest.mark.parametrize("dtype", ["complex64", "complex128", "datetime64[s]", "S3", "U2", "i4,f8"])
def test_types_that_are_no_real_numbers_keep_their_type(dtype):
    x = np.zeros((4, 3), dtype)
    x[1:3] = np.ones((2, 3), "int8").astype(dtype) if dtype != "i4,f8" else (1, 2.0)
    np.testing.assert_array_equal(native.gather(x, [2, 0], None), x[[2, 0]])


@pytest.mark.parametrize("rows", [1, 20, 21, 22, 500])
def test_batches_of_many_blocks(rows):
    x = np.arange(300 * 800, dtype=np.float32).reshape(300, 800)
    at = np.random.default_rng(rows).integers(-300, 300, rows)
    np.testing.assert_array_equal(native.gather(x, at, None), x[at])
    np.testing.assert_array_equal(native.gather(x, at, "float64"), x[at].astype("float64"))


def test_indices_of_any_rank_layout_and_type():
    x = np.arange(12.0).reshape(4, 3)
    for at in [
        np.int64(2),
        [[0, 1], [3, 2]],
        (1, 2),
        np.arange(8)[::2] // 2,
        np.array([3, 1], ">i4"),
        np.array([3, 1], "uint8"),
        np.zeros((0,), int),
        np.zeros((2, 0), int),
    ]:
        np.testing.assert_array_equal(native.gather(x, at, None), x[np.asarray(at)])


def test_empty_rows_and_empty_arrays():
    assert native.gather(np.zeros((5, 0)), [1, 2], None).shape == (2, 0)
    assert native.gather(np.zeros((0, 3), "uint8"), np.zeros(0, int), "float32").shape == (0, 3)


def test_the_rows_are_a_copy():
    x = np.zeros((3, 2), np.float32)
    rows = native.gather(x, [0], None)
    rows[...] = 1
    assert x.sum() == 0


@pytest.mark.parametrize("x", [np.zeros((4, 2)), np.zeros((4, 2), "float16")])
@pytest.mark.parametrize("bad", [4, -5, 2**40])
def test_an_index_outside_is_named(x, bad):
    with pytest.raises(
        ValueError, match=rf"\[gather\] indices must lie in \[-4, 4\); received {bad} at position 1"
    ):
        native.gather(x, [0, bad], "float32")


@pytest.mark.parametrize(
    ("x", "at", "dtype", "error", "message"),
    [
        (np.float32(1), [0], None, ValueError, r"x must have at least one dimension; received \(\)"),
        (np.zeros(3), [0.5], None, TypeError, "indices must hold integers; received dtype float64"),
        (np.zeros(3), [True, False, True], None, TypeError, "received booleans"),
        (np.zeros(3), np.array([True, False, True]), None, TypeError, "received booleans"),
        (np.zeros(3), [0], "int32", TypeError, "dtype must be float32, float64 or None; received int32"),
        (np.zeros(3), [0], ">f4", TypeError, "dtype must be float32, float64 or None"),
        (np.zeros(3, complex), [0], "float32", TypeError, "x must hold real numbers"),
        (np.array([None]), [0], None, TypeError, "must not hold Python objects"),
    ],
)
def test_bad_arguments(x, at, dtype, error, message):
    with pytest.raises(error, match=message):
        native.gather(x, at, dtype)


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_any_shape_equals_numpy(data):
    shape = data.draw(st.lists(st.integers(1, 5), min_size=1, max_size=5))
    x = np.arange(np.prod(shape), dtype=data.draw(st.sampled_from(INTEGERS))).reshape(shape)
    x = x.transpose(data.draw(st.permutations(range(len(shape)))))
    at = data.draw(st.lists(st.integers(-x.shape[0], x.shape[0] - 1), max_size=6))
    at = np.array(at, dtype=np.int64)
    np.testing.assert_array_equal(native.gather(x, at, "float64"), x[at].astype("float64"))
