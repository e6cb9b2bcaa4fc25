"""NumPy's functions called with tensors: the op of the name, or the arrays where no gradient gets lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import fastnn
import numpy as np
import pytest

Array = np.ndarray[Any, Any]
A = np.array([[1.6, 2.1, 3.2], [0.4, 4.3, 1.1]])  # away from all bounds below, and from halves


def leaf(values: Any = A) -> fastnn.Tensor:
    return fastnn.tensor(np.array(values, np.float64), requires_grad=True)


DIFFERENTIABLE: list[Callable[[Any], Any]] = [
    np.exp,
    np.log,
    np.sqrt,
    np.tanh,
    np.arctan,
    np.sinh,
    lambda x: np.arctan2(x, 2.0),
    np.abs,
    np.negative,
    np.square,
    np.sum,
    np.mean,
    np.max,
    np.var,
    np.std,
    np.prod,
    np.transpose,
    np.ravel,
    np.linalg.norm,
    np.copy,
    np.trace,
    np.diagonal,
    np.squeeze,
    lambda x: np.add(x, 1.0),
    lambda x: np.multiply(np.float64(2), x),
    lambda x: np.maximum(2.0, x),
    lambda x: np.power(x, 2),
    lambda x: np.remainder(x, 1.25),
    lambda x: np.sum(x, axis=0),
    lambda x: np.sum(x, 1, keepdims=True),
    lambda x: np.mean(x, (0, 1)),
    lambda x: np.std(x, 0, ddof=1),
    lambda x: np.cumsum(x, axis=1),
    lambda x: np.reshape(x, (3, 2)),
    lambda x: np.expand_dims(x, 0),
    lambda x: np.swapaxes(x, 0, 1),
    lambda x: np.moveaxis(x, 0, -1),
    lambda x: np.concatenate([x, A, x]),
    lambda x: np.concatenate((A, x), axis=1),
    lambda x: np.stack([x, 2 * x]),
    lambda x: np.vstack([x, x[0]]),
    lambda x: np.hstack([x, x]),
    lambda x: np.dot(x, A.T),
    lambda x: np.dot(A.T, x),
    lambda x: np.matmul(x, A.T),
    lambda x: np.outer(x[0], x[1]),
    lambda x: np.inner(x, A),
    lambda x: np.vdot(x, A),
    lambda x: np.tensordot(x, A, axes=2),
    lambda x: np.tensordot(x, A, axes=([1], [1])),
    lambda x: np.einsum("ij,kj->ik", x, A),
    lambda x: np.where(A > 1, x, 0.0),
    lambda x: np.where(x > 1, x, -x),
    lambda x: np.clip(x, 1.25, 2.5),
    lambda x: np.clip(x, a_min=1.25, a_max=2.5),
    lambda x: np.clip(x, 1.25, None),
    lambda x: np.clip(x, None, 2.5),
    lambda x: np.take(x, [1, 0, 1], axis=1),
    lambda x: np.take_along_axis(x, np.array([[0], [2]]), axis=1),
    lambda x: np.repeat(x, 2, axis=0),
    lambda x: np.tile(x, (2, 1)),
    lambda x: np.broadcast_to(x, (4, 2, 3)),
    lambda x: np.flip(x, 1),
    lambda x: np.roll(x, 1, 0),
    lambda x: np.tril(x),
    lambda x: np.sort(x, 1),
    lambda x: np.pad(x, 1),
    lambda x: np.pad(x, 1, mode="constant", constant_values=3.0),
    lambda x: np.split(x, 3, axis=1)[1],
    lambda x: np.round(x) * x,
]


@pytest.mark.parametrize("f", DIFFERENTIABLE, ids=range(len(DIFFERENTIABLE)))
def test_functions_with_an_op_have_gradients(f: Callable[[Any], Any]) -> None:
    x = leaf()
    y = f(x)
    assert type(y) is fastnn.Tensor
    want = np.asarray(f(A))
    np.testing.assert_allclose(y, want, rtol=1e-14)
    weights = np.random.default_rng(5).standard_normal(want.shape)
    (y * weights).sum().backward()
    numeric = np.empty_like(A)
    for place in np.ndindex(A.shape):
        one = np.zeros_like(A)
        one[place] = 1e-6
        numeric[place] = ((f(A + one) - f(A - one)) * weights).sum() / 2e-6
    np.testing.assert_allclose(x.grad, numeric, rtol=1e-7, atol=1e-8)


def test_arrays_and_scalars_on_the_left() -> None:
    x = leaf([1.0, 2.0])
    for y in (np.float64(2) * x, np.array([2.0, 2.0]) * x, np.array(2.0) * x, np.float32(2) * x):
        assert type(y) is fastnn.Tensor
        assert y.requires_grad
        np.testing.assert_array_equal(y, [2, 4])
    assert type(np.eye(2) @ x) is fastnn.Tensor
    assert (np.array([1.0, 3.0]) == x).tolist() == [True, False]


@pytest.mark.parametrize(
    "f",
    [
        np.shape,
        np.ndim,
        np.size,
        lambda x: np.allclose(x, A),
        lambda x: np.array_equal(x, A),
        lambda x: np.count_nonzero(x),
        lambda x: np.array2string(x),
        lambda x: np.shares_memory(x, x),
        lambda x: np.result_type(x),
        lambda x: np.issubdtype(x.dtype, np.floating),
    ],
    ids=range(10),
)
def test_functions_that_tell_something_about_arrays(f: Callable[[Any], Any]) -> None:
    got, want = f(leaf()), f(A)
    assert got == want
    assert type(got) is type(want) or isinstance(got, fastnn.Tensor)


def test_results_without_floats_become_tensors() -> None:
    x = leaf()
    for got, want in [
        (np.argmax(x, 1), np.argmax(A, 1)),
        (np.isfinite(x), np.isfinite(A)),
        (np.argwhere(x > 2), np.argwhere(A > 2)),
        (np.searchsorted(x[0], 1.7), np.searchsorted(A[0], 1.7)),
        (np.signbit(x), np.signbit(A)),
        (np.logical_and(x > 1, x < 3), (A > 1) & (A < 3)),
        (np.greater(x, 2), A > 2),
    ]:
        assert type(got) is fastnn.Tensor
        assert not got.requires_grad
        np.testing.assert_array_equal(got, want)
    rows, columns = np.where(x > 2)
    np.testing.assert_array_equal(x[rows, columns], A[A > 2])
    np.testing.assert_array_equal(np.nonzero(x > 2)[0], rows)


WITHOUT_OP: list[tuple[str, Callable[[Any], Any]]] = [
    ("numpy.median", np.median),
    ("numpy.nextafter", lambda x: np.nextafter(x, 9.0)),
    ("numpy.add.reduce", np.add.reduce),
    ("numpy.add.accumulate", np.add.accumulate),
    ("numpy.sum", lambda x: np.sum(x, dtype=np.float32)),
    ("numpy.sum", lambda x: np.sum(x, 0, np.float32)),
    ("numpy.linspace", lambda x: np.linspace(0, x, 3)),
    ("numpy.linspace", lambda x: fastnn.ops.linspace(0, x, 3, dtype="float64")),
    ("numpy.add", lambda x: np.add(x, 1, where=True)),
    ("numpy.linalg.svd", lambda x: np.linalg.svd(x)),
    ("numpy.histogram", lambda x: np.histogram(x)),
    ("numpy.percentile", lambda x: np.percentile(x, 50)),
]


@pytest.mark.parametrize(("name", "f"), WITHOUT_OP, ids=range(len(WITHOUT_OP)))
def test_functions_without_an_op_lose_no_gradient(name: str, f: Callable[[Any], Any]) -> None:
    with pytest.raises(
        TypeError, match=rf"{name} as called here has no gradient .* fastnn\.ops, or give it x.detach"
    ):
        f(leaf())
    want = f(A)
    with fastnn.no_grad():
        results = [f(leaf()), f(fastnn.tensor(A))]
    for got in results:
        if isinstance(want, tuple):
            assert all(type(g) is fastnn.Tensor for g in got)
            assert type(got) is type(want)
            got, expected = got[0], want[0]
        else:
            expected = want
        assert type(got) is fastnn.Tensor
        np.testing.assert_array_equal(got, expected)
        assert not got.requires_grad


def test_out() -> None:
    x, out = fastnn.tensor(A), np.empty_like(A)
    assert np.exp(x, out=out) is out
    np.testing.assert_array_equal(out, np.exp(A))
    target = fastnn.tensor(np.empty_like(A))
    assert np.add(x, 1.0, out=target) is target
    np.testing.assert_array_equal(target, A + 1)
    total = fastnn.tensor(np.empty(3))
    assert np.sum(x, axis=0, out=total) is total
    assert np.sum(x, 0, None, total) is total
    np.testing.assert_array_equal(total, A.sum(0))
    out += x
    np.testing.assert_array_equal(out, np.exp(A) + A)
    for f in (lambda: np.exp(leaf(), out=out), lambda: np.sum(leaf(), axis=0, out=np.empty(3))):
        with pytest.raises(TypeError, match="has no gradient in fastnn"):
            f()
    for f in (lambda: np.exp(A, out=leaf()), lambda: np.sum(A, axis=0, out=leaf(np.ones(3)))):
        with pytest.raises(
            RuntimeError, match=r"numpy\.\w+\(out=\) would change a tensor that requires a gradient"
        ):
            f()
    with pytest.raises(TypeError, match=r"numpy\.add as called here has no gradient"):
        out += leaf()


def test_reading_values() -> None:
    x = leaf()
    assert np.asarray(x) is x.numpy()
    assert np.array(x) is not x.numpy()
    assert np.array(x, copy=True) is not x.numpy()
    assert np.asarray(x, np.float32).dtype == np.float32
    assert np.array([x, x]).shape == (2, 2, 3)
    if np.lib.NumpyVersion(np.__version__) >= "2.0.0":
        assert np.array(x, copy=False) is x.numpy()
        with pytest.raises(ValueError, match="copy"):
            np.array(x, np.float32, copy=False)
    np.testing.assert_allclose(x, A)
    np.testing.assert_array_equal(A, x)
    np.testing.assert_array_almost_equal(x, A)
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(x, A + 1)
    buffer = io.BytesIO()
    np.save(buffer, x)
    buffer.seek(0)
    np.testing.assert_array_equal(np.load(buffer), A)
    assert A[fastnn.tensor([1])].shape == (1, 3)
    assert A[fastnn.tensor(1)].shape == (3,)
    assert A[:, fastnn.tensor([True, False, True])].shape == (2, 2)


def test_writers_of_numpy() -> None:
    array = np.zeros((2, 2))
    x = fastnn.tensor(array)
    np.fill_diagonal(x, 1.0)
    np.put(x, [1], fastnn.tensor(5.0))
    np.add.at(x, (0, 0), 2.0)
    assert array.tolist() == [[3, 5], [0, 1]]


def test_a_tensor_of_another_type_in_numpys_hands() -> None:
    x = fastnn.tensor(np.array([1, 2]))
    assert np.sum(x).dtype == np.int64
    assert np.exp(x).dtype == np.float64
    assert np.zeros_like(x).tolist() == [0, 0]
    assert type(np.ones_like(leaf())) is fastnn.Tensor
    assert np.full_like(x, 7).tolist() == [7, 7]
