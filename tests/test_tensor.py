"""Tensors: the memory they share, their operators, methods and conversions to Python's own types."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import ops
from layouts import LAYOUTS

Array = np.ndarray[Any, Any]
A = np.array([[1.5, -2.0, 3.0], [0.5, 4.0, -1.0]])
B = np.array([[2.0, 0.5, -1.0], [1.5, 4.0, 2.5]])


def leaf(values: Any, dtype: Any = np.float64) -> fastnn.Tensor:
    return fastnn.tensor(np.array(values, dtype), requires_grad=True)


every_layout = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)


@every_layout
@pytest.mark.parametrize("shape", [(2, 3), ()])
def test_memory_is_shared_both_ways(layout: Callable[[Array], Array], shape: tuple[int, ...]) -> None:
    array = layout(np.ones(shape))
    x = fastnn.tensor(array)
    assert x.numpy() is array
    assert np.asarray(x) is array
    assert (x.shape, x.dtype, x.strides) == (array.shape, array.dtype, array.strides)
    if not array.flags.writeable:
        with pytest.raises(
            ValueError, match=r"x \+= y: the memory of this tensor is read-only; change x.clone"
        ):
            x += 1.0
        return
    array[...] = 5
    assert (x == 5).all()
    x[...] = 7.0
    assert (array == 7).all()
    x *= 2.0
    assert (array == 14).all()


def test_what_cannot_share_is_copied() -> None:
    values = [1.0, 2.0]
    x = fastnn.tensor(values)
    x[0] = 5.0
    assert values == [1, 2]
    array = np.ones(2)
    fastnn.tensor(array, dtype="float32")[0] = 5.0
    assert array[0] == 1
    assert fastnn.tensor(array, dtype="float64").numpy() is array
    assert fastnn.Tensor(fastnn.tensor(array)).numpy() is array
    assert fastnn.tensor(fastnn.tensor(array)).numpy() is array


@pytest.mark.parametrize("values", [["a"], [None], np.array(["2026-01-01"], "datetime64[D]")])
def test_tensors_hold_numbers(values: Any) -> None:
    with pytest.raises(TypeError, match="tensors hold numbers; received dtype"):
        fastnn.tensor(values)


BINARY = [
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
    operator.floordiv,
    operator.mod,
    operator.lt,
    operator.le,
    operator.gt,
    operator.ge,
    operator.eq,
    operator.ne,
]


@pytest.mark.parametrize("f", BINARY)
@pytest.mark.parametrize(
    "other",
    [B, B[0], B[:, :1], np.float64(1.5), np.float32(1.5), 2, 1.5, np.array(2.0), np.array([1, 2, 3])],
    ids=lambda other: f"{type(other).__name__}{getattr(other, 'shape', '')}",
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_operators_with_anything_on_either_side(f: Any, other: Any, dtype: Any) -> None:
    a = A.astype(dtype)
    x = fastnn.tensor(a)
    for got, want in [(f(x, other), f(a, other)), (f(other, x), f(other, a))]:
        assert type(got) is fastnn.Tensor
        assert got.dtype == want.dtype
        np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize("other", [3, 0.5, np.float64(2), np.array([2.0, 3.0, 0.5])])
def test_powers(other: Any) -> None:
    base = np.abs(A)
    x = fastnn.tensor(base)
    np.testing.assert_allclose(x**other, base**other, rtol=1e-15)
    np.testing.assert_allclose(other**x, other**base, rtol=1e-15)


def test_products_and_signs() -> None:
    x = fastnn.tensor(A)
    for got, want in [
        (x @ B.T, A @ B.T),
        (A @ fastnn.tensor(B.T), A @ B.T),
        (x @ np.ones(3), A @ np.ones(3)),
        (-x, -A),
        (+x, A),
        (abs(x), abs(A)),
        (round(x), np.round(A)),
        (round(x, 1), np.round(A, 1)),
    ]:
        assert type(got) is fastnn.Tensor
        np.testing.assert_allclose(got, want, rtol=1e-15)


def test_divmod() -> None:
    x = fastnn.tensor(A)
    for got, want in [
        *zip(divmod(x, B), divmod(A, B), strict=True),
        *zip(divmod(7, x), divmod(7, A), strict=True),
    ]:
        assert type(got) is fastnn.Tensor
        np.testing.assert_array_equal(got, want)


def test_truths() -> None:
    p, q = np.array([True, True, False]), np.array([True, False, False])
    x = fastnn.tensor(p)
    for got, want in [
        (x & q, p & q),
        (q | x, p | q),
        (x ^ q, p ^ q),
        (~x, ~p),
        (x & True, p),
        (False | x, p),
    ]:
        assert type(got) is fastnn.Tensor
        np.testing.assert_array_equal(got, want)
    assert (fastnn.tensor([6]) & 3).item() == 2


@pytest.mark.parametrize("f", BINARY[:4], ids=lambda f: f.__name__)
@pytest.mark.parametrize("left", [True, False])
def test_constants_on_either_side_leave_the_gradient(f: Any, left: bool) -> None:
    x = leaf([2.0, 3.0, 0.5])
    c = np.array([[1.0, 2.0, 4.0], [0.5, 1.0, 2.0]])
    y = f(c, x) if left else f(x, c)
    y.sum().backward()
    step = 1e-6
    ends = [f(c, x.numpy() + s) if left else f(x.numpy() + s, c) for s in (step, -step)]
    np.testing.assert_allclose(x.grad, (ends[0] - ends[1]).sum(0) / (2 * step), rtol=1e-8)


def test_comparisons_have_no_gradient() -> None:
    x = leaf([1.0, 2.0])
    for y in (x == x, x != 1, x < 2, x <= 2, x > 1, x >= 1):
        assert y.dtype == bool
        assert not y.requires_grad
    assert (x == None) is False  # noqa: E711  # what learners write
    assert (x != None) is True  # noqa: E711
    assert len({x, x, fastnn.tensor([1.0, 2.0])}) == 2, "hashed by identity"
    assert {x: 1}[x] == 1


def test_sequences() -> None:
    x = leaf(A)
    assert len(x) == 2
    rows = list(x)
    assert [row.shape for row in rows] == [(3,), (3,)]
    first, second = x
    (first * 2.0 + second).sum().backward()
    np.testing.assert_array_equal(x.grad, [[2, 2, 2], [1, 1, 1]])
    assert 4.0 in x
    assert 9.0 not in x
    np.testing.assert_array_equal(np.asarray([x[0], x[1]]), A)
    number = fastnn.tensor(1.0)
    with pytest.raises(TypeError, match="no dimensions has no length"):
        len(number)
    with pytest.raises(TypeError, match="no dimensions cannot be iterated over"):
        iter(number)


def test_numbers() -> None:
    x = fastnn.tensor([[2.5]])
    assert (float(x), int(x), bool(x), complex(x), x.item()) == (2.5, 2, True, 2.5, 2.5)
    assert f"{x:.4f}" == "2.5000"
    assert math.sqrt(fastnn.tensor(4.0)) == 2
    assert [10, 20, 30][fastnn.tensor(1)] == 20
    assert list(range(fastnn.tensor(2))) == [0, 1]
    assert not fastnn.tensor([0.0])
    assert fastnn.tensor(A).tolist() == A.tolist()
    for convert in (float, int, complex, lambda x: x.item(), lambda x: f"{x:.2f}"):
        with pytest.raises(
            ValueError, match=r"one element is a number; received shape \(2, 3\): reduce it first"
        ):
            convert(fastnn.tensor(A))
    for wrong in (fastnn.tensor(1.0), fastnn.tensor([1]), fastnn.tensor(True)):
        with pytest.raises(
            TypeError, match="only an integer tensor of no dimensions is an index; received dtype"
        ):
            operator.index(wrong)
    for several in (A, np.ones(0)):
        with pytest.raises(
            ValueError, match=f"truth value of a tensor of {several.size} elements is ambiguous"
        ):
            bool(fastnn.tensor(several))


@pytest.mark.parametrize(
    ("array", "text"),
    [
        (np.array(2.5), "Tensor(2.5, dtype=float64)"),
        (np.array([1, 2]), "Tensor([1, 2], dtype=int64)"),
        (np.eye(2, dtype=np.float32), "Tensor([[1., 0.],\n        [0., 1.]], dtype=float32)"),
        (np.zeros(0), "Tensor([], dtype=float64)"),
        (np.zeros((0, 3)), "Tensor([], shape=(0, 3), dtype=float64)"),
        (np.zeros(2000), "Tensor([0., 0., 0., ..., 0., 0., 0.], shape=(2000,), dtype=float64)"),
    ],
)
def test_repr(array: Array, text: str) -> None:
    assert repr(fastnn.tensor(array)) == str(fastnn.tensor(array)) == f"{fastnn.tensor(array)}" == text


def test_repr_tells_of_the_tape() -> None:
    x = leaf([1.0])
    assert repr(x) == "Tensor([1.], dtype=float64, requires_grad=True)"
    assert repr(x * 2) == "Tensor([2.], dtype=float64, grad_fn=<multiply>)"
    assert repr(ops.concatenate([x, x])) == "Tensor([1., 1.], dtype=float64, grad_fn=<concatenate>)"
    x.sum().backward()
    assert repr(x.grad) == "Tensor([1.], dtype=float64)"


METHODS: list[tuple[str, tuple[Any, ...], dict[str, Any], Callable[[Array], Any]]] = [
    *((n, (), {}, getattr(np, n)) for n in ("sum", "mean", "prod", "max", "min", "var", "std", "cumsum")),
    *((n, (1,), {}, lambda a, n=n: getattr(np, n)(a, 1)) for n in ("sum", "mean", "max", "argmax", "argmin")),
    *(
        (n, (), {"dim": 0, "keepdim": True}, lambda a, n=n: getattr(np, n)(a, axis=0, keepdims=True))
        for n in ("sum", "mean", "prod", "any", "all", "argmax", "argmin")
    ),
    ("max", (), {"axis": 0, "keepdims": True}, lambda a: a.max(0, keepdims=True)),
    ("min", (), {"axis": 0, "keepdims": True}, lambda a: a.min(0, keepdims=True)),
    ("var", (), {"ddof": 1}, lambda a: a.var(ddof=1)),
    ("std", (0,), {"ddof": 1}, lambda a: a.std(0, ddof=1)),
    ("norm", (), {}, np.linalg.norm),
    ("norm", (1, 0), {}, lambda a: np.linalg.norm(a, 1, 0)),
    ("cumsum", (), {"dim": 1}, lambda a: np.cumsum(a, 1)),
    ("any", (), {}, np.any),
    ("all", (), {}, np.all),
    *((n, (), {}, getattr(np, n)) for n in ("abs", "exp", "square", "sin", "cos", "tanh", "sign", "round")),
    ("log", (), {}, np.log),
    ("sqrt", (), {}, np.sqrt),
    ("sigmoid", (), {}, lambda a: 1 / (1 + np.exp(-a))),
    ("relu", (), {}, lambda a: np.maximum(a, 0)),
    ("softmax", (), {}, lambda a: np.exp(a) / np.exp(a).sum(-1, keepdims=True)),
    ("softmax", (), {"dim": 0}, lambda a: np.exp(a) / np.exp(a).sum(0)),
    ("log_softmax", (0,), {}, lambda a: a - np.log(np.exp(a).sum(0))),
    ("round", (1,), {}, lambda a: np.round(a, 1)),
    ("pow", (2,), {}, lambda a: a**2),
    ("clip", (-1.0, 2.0), {}, lambda a: a.clip(-1, 2)),
    ("clamp", (), {"min": 0.0}, lambda a: a.clip(0)),
    ("clamp", (), {"max": 0.0}, lambda a: np.minimum(a, 0)),
    ("matmul", (B.T,), {}, lambda a: a @ B.T),
    ("mm", (B.T,), {}, lambda a: a @ B.T),
    ("dot", (B.T,), {}, lambda a: a.dot(B.T)),
    ("reshape", (3, 2), {}, lambda a: a.reshape(3, 2)),
    ("reshape", ((3, -1),), {}, lambda a: a.reshape(3, 2)),
    ("view", (-1,), {}, np.ravel),
    ("ravel", (), {}, np.ravel),
    ("flatten", (), {}, np.ravel),
    ("flatten", (1,), {}, lambda a: a),
    ("flatten", (0, 0), {}, lambda a: a),
    ("unsqueeze", (1,), {}, lambda a: a[:, None]),
    ("expand_dims", ((0, -1),), {}, lambda a: a[None, ..., None]),
    ("transpose", (), {}, np.transpose),
    ("transpose", (1, 0), {}, np.transpose),
    ("transpose", ((0, 1),), {}, lambda a: a),
    ("permute", (1, 0), {}, np.transpose),
    ("swapaxes", (0, 1), {}, np.transpose),
    ("t", (), {}, np.transpose),
    ("repeat", (2, 1), {}, lambda a: a.repeat(2, 1)),
    ("take", ([2, 0], 1), {}, lambda a: a.take([2, 0], 1)),
    ("argsort", (), {}, np.argsort),
    ("astype", ("float32",), {}, lambda a: a.astype(np.float32)),
    ("float", (), {}, lambda a: a.astype(np.float32)),
    ("double", (), {}, lambda a: a),
    ("int", (), {}, lambda a: a.astype(np.int32)),
    ("long", (), {}, lambda a: a.astype(np.int64)),
    ("bool", (), {}, lambda a: a.astype(bool)),
    ("to", ("cpu",), {}, lambda a: a),
    ("to", (np.float32,), {}, lambda a: a.astype(np.float32)),
    ("to", (), {"dtype": "float32", "device": "cpu"}, lambda a: a.astype(np.float32)),
    ("to", (fastnn.tensor([1]),), {}, lambda a: a.astype(np.int64)),
    ("cpu", (), {}, lambda a: a),
    ("clone", (), {}, np.copy),
    ("copy", (), {}, np.copy),
    ("detach", (), {}, lambda a: a),
]


@pytest.mark.parametrize(("name", "args", "options", "reference"), METHODS)
@every_layout
def test_methods(
    name: str, args: Any, options: Any, reference: Any, layout: Callable[[Array], Array]
) -> None:
    array = layout(A)
    with np.errstate(invalid="ignore"):  # logarithms and roots of negative numbers
        got = getattr(fastnn.tensor(array), name)(*args, **options)
        want = np.asarray(reference(np.array(array, np.float64)))
    assert type(got) is fastnn.Tensor
    assert (got.shape, got.dtype.newbyteorder("=")) == (want.shape, want.dtype)
    np.testing.assert_allclose(got, want, rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("name", sorted({name for name, *_ in METHODS}))
def test_methods_keep_to_the_tape(name: str) -> None:
    """Results of floats have gradients, but for what was asked to leave them behind."""
    _, args, options, _ = next(method for method in METHODS if method[0] == name)
    y = getattr(leaf(A), name)(*args, **options)
    assert y.requires_grad == (y.dtype.kind == "f" and name != "detach")


def test_reductions_take_one_name_for_an_axis() -> None:
    with pytest.raises(
        TypeError, match="axis and dim mean the same: give one of them; received axis=0 and dim=1"
    ):
        fastnn.tensor(A).sum(0, dim=1)
    for name in ("max", "min", "var", "std"):  # PyTorch's give something else
        with pytest.raises(TypeError, match="unexpected keyword argument 'dim'"):
            getattr(fastnn.tensor(A), name)(dim=0)


def test_flatten_refuses_dimensions_out_of_order() -> None:
    x = fastnn.tensor(np.ones((2, 3, 4)))
    assert x.flatten(-2).shape == (2, 12)
    assert fastnn.tensor(1.0).flatten().shape == (1,)
    for wrong in ((2, 1), (0, 3), (-4, 1)):
        with pytest.raises(
            IndexError, match=r"\[flatten\] start_dim and end_dim .* received shape \(2, 3, 4\)"
        ):
            x.flatten(*wrong)


def test_transpose_takes_all_dimensions() -> None:
    with pytest.raises(
        ValueError, match=r"exchange two of them use swapaxes\(1, 2\); received shape \(2, 3, 4\)"
    ):
        fastnn.tensor(np.ones((2, 3, 4))).transpose(1, 2)


def test_attributes() -> None:
    x = leaf(np.ones((2, 3, 4)), np.float32)
    assert (x.ndim, x.dim(), x.size, x.numel(), x.nbytes, x.itemsize) == (3, 3, 24, 24, 96, 4)
    assert (x.device, x.is_leaf, x.grad_fn) == ("cpu", True, None)
    assert (x.T.shape, x.mT.shape) == ((4, 3, 2), (2, 4, 3))
    y = x * 2
    assert not y.is_leaf
    assert y.grad_fn.op is ops.multiply
    assert fastnn.tensor(A).squeeze().shape == (2, 3)
    assert fastnn.tensor(A[None]).squeeze(dim=0).shape == (2, 3)


def test_other_devices_are_refused() -> None:
    for device in ("cuda", "cuda:0", "mps"):
        with pytest.raises(ValueError, match=f"fastnn computes on the CPU; received device '{device}'"):
            fastnn.tensor(A).to(device)


def test_casting_keeps_the_gradient_between_floats() -> None:
    x = leaf([1.0, 2.0], np.float32)
    (x.double() * np.array([1.0, 1 / 3])).sum().backward()
    assert x.grad.dtype == np.float32
    np.testing.assert_array_equal(x.grad, np.array([1, 1 / 3], np.float32))
    assert x.float() is x
    assert not x.long().requires_grad


def test_data_is_the_memory_off_the_tape() -> None:
    x = leaf([1.0, 2.0])
    assert not x.data.requires_grad
    array = x.numpy()
    x.data -= 0.5 * fastnn.tensor([1.0, 1.0])
    x.data = x.data * 2.0
    assert array.tolist() == [1, 3]
    assert x.numpy() is array
    assert x.requires_grad


def test_requires_grad_() -> None:
    x = fastnn.tensor([1.0])
    assert x.requires_grad_() is x
    assert x.requires_grad
    y = x * 2
    with pytest.raises(RuntimeError, match=r"computed on the tape requires its gradient: use x.detach\(\)"):
        y.requires_grad_(False)
    assert not x.requires_grad_(False).requires_grad
    with pytest.raises(
        TypeError, match="only floating-point tensors can require gradients; received dtype int64"
    ):
        fastnn.tensor([1]).requires_grad_()
