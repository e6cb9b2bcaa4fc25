"""From each row of the op table: forward, gradient, layouts, the tape and errors."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn.autograd import gradients, registry
from layouts import LAYOUTS
from op_cases import CASES, Case

Array = np.ndarray[Any, Any]
DTYPES = (np.float32, np.float64)


def _ids(case: Case) -> str:
    return case.id


every_case = pytest.mark.parametrize("case", CASES, ids=_ids)
differentiable_cases = pytest.mark.parametrize("case", [c for c in CASES if c.differentiate], ids=_ids)
every_dtype = pytest.mark.parametrize("dtype", DTYPES, ids=lambda d: d.__name__)


def _is_float(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def _op(case: Case) -> Callable[..., Any]:
    return functools.partial(case.call, getattr(fastnn.ops, case.op))


def _inputs(case: Case, dtype: Any = np.float64, layout: Callable[[Array], Array] | None = None) -> list[Any]:
    """The inputs of a case, always the same values; floats in ``dtype``, arrays in ``layout``."""
    inputs = [x.astype(dtype) if _is_float(x) else x for x in case.inputs(np.random.default_rng(7))]
    if layout is None:
        return inputs
    return [layout(x) if isinstance(x, np.ndarray) else x for x in inputs]


def _wide(inputs: list[Any]) -> list[Any]:
    return [x.astype(np.float64) if _is_float(x) else x for x in inputs]


def _bits(a: Array) -> tuple[Any, ...]:
    return a.dtype, a.shape, a.tobytes()


def _assert_close(case: Case, inputs: list[Any], got: Array, want: Array) -> None:
    """Compare within case.ulps units in the last place, times sqrt(terms).

    A result of one term is held to its own magnitude; one of several terms, which may cancel, to the largest of
    all results.
    """
    want = np.asarray(want)
    assert got.shape == want.shape
    if got.dtype.kind != "f":
        np.testing.assert_array_equal(got, want)
        return
    terms = case.terms(*inputs)
    finfo = np.finfo(got.dtype)
    magnitude = np.abs(want)
    if terms > 1:
        magnitude = np.maximum(magnitude, np.max(magnitude, initial=0))
    bound = case.ulps * float(finfo.eps) * np.sqrt(max(terms, 1)) * magnitude + float(finfo.tiny)
    error = np.abs(got.astype(np.float64) - want)
    assert np.all(error <= bound), f"error {error.max()} where {bound.flat[error.argmax()]} is allowed"


@every_case
@every_dtype
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_forward(case: Case, dtype: Any, layout: Callable[[Array], Array]) -> None:
    inputs = _inputs(case, dtype, layout)
    before = [np.array(x) for x in inputs]
    y = _op(case)(*inputs, **case.options)
    want = np.asarray(case.reference(*_wide(inputs), **case.options))
    assert type(y) is np.ndarray
    assert y.dtype.newbyteorder("=") == (
        dtype if want.dtype.kind == "f" else want.dtype
    )  # of a view: foreign
    _assert_close(case, inputs, y, want)
    for x, kept in zip(inputs, before, strict=True):
        assert np.array(x).tobytes() == kept.tobytes(), "an input was changed"


def _tensors(case: Case, inputs: list[Any]) -> list[Any]:
    """The inputs as tensors; those that are differentiated require a gradient."""
    return [
        fastnn.Tensor(x, requires_grad=i in case.differentiate) if isinstance(x, np.ndarray) else x
        for i, x in enumerate(inputs)
    ]


def _gradients(case: Case, inputs: list[Any], dy: Array) -> list[Array]:
    tensors = _tensors(case, inputs)
    _op(case)(*tensors, **case.options).backward(dy)
    return [tensors[i].grad.numpy() for i in case.differentiate]


@differentiable_cases
def test_gradient(case: Case) -> None:
    """The full Jacobian, row by row, against central differences in float64."""
    inputs = _inputs(case)
    y = _op(case)(*inputs, **case.options)
    analytic = [np.empty((y.size, inputs[i].size)) for i in case.differentiate]
    for row, one_hot in enumerate(np.eye(y.size)):
        for jacobian, gradient in zip(
            analytic, _gradients(case, inputs, one_hot.reshape(y.shape)), strict=True
        ):
            jacobian[row] = gradient.ravel()
    step = 1e-5
    for i, jacobian in zip(case.differentiate, analytic, strict=True):
        numeric = np.empty_like(jacobian)
        for column in range(inputs[i].size):
            sides = []
            for sign in (1, -1):
                moved = list(inputs)
                moved[i] = inputs[i].copy()
                moved[i].flat[column] += sign * step
                sides.append(_op(case)(*moved, **case.options))
            numeric[:, column] = (sides[0] - sides[1]).ravel() / (2 * step)
        np.testing.assert_allclose(
            jacobian, numeric, rtol=1e-6, atol=1e-8 * max(1, np.max(np.abs(numeric), initial=0))
        )


# Ops whose gradients cannot be differentiated again: none. A rule on tensors takes an op off this list.
FIRST_ORDER_ONLY: set[str] = set()


def _first_and_second(
    case: Case, inputs: list[Any], dy: Array, weights: list[Array]
) -> tuple[list[Array], list[Array | None]]:
    """The gradients, and those of their weighted sum with respect to inputs and to dy."""
    tensors = _tensors(case, inputs)
    upstream = fastnn.Tensor(dy, requires_grad=True)
    sources = [tensors[i] for i in case.differentiate]
    y = _op(case)(*tensors, **case.options)
    grads = gradients(y, sources, upstream, create_graph=True)
    weighted = [fastnn.ops.sum(g * w) for g, w in zip(grads, weights, strict=True)]
    return [g.numpy() for g in grads], gradients(weighted, [*sources, upstream])


@differentiable_cases
@every_dtype
def test_second_gradient(case: Case, dtype: Any) -> None:
    """The gradient of a weighted sum of all gradients, against central differences of that sum in float64."""
    inputs = _inputs(case, dtype)
    rng = np.random.default_rng(9)
    dy = np.array(rng.standard_normal(_op(case)(*inputs, **case.options).shape), dtype)
    weights = [np.array(rng.standard_normal(inputs[i].shape), dtype) for i in case.differentiate]
    if case.op in FIRST_ORDER_ONLY:
        with pytest.raises(NotImplementedError, match=rf"^\[{case.op}\] .*\bsecond derivative"):
            _first_and_second(case, inputs, dy, weights)
        return
    first, second = _first_and_second(case, inputs, dy, weights)
    for got, want in zip(first, _gradients(case, inputs, dy), strict=True):
        assert got.dtype == want.dtype == dtype
        bound = 64 * float(np.finfo(dtype).eps) * float(np.max(np.abs(want), initial=1))
        np.testing.assert_allclose(got, want, rtol=0, atol=bound)

    arguments = [*_wide(inputs), np.array(dy, np.float64)]
    places = [*case.differentiate, len(inputs)]

    def weighted_sum(arguments: list[Any]) -> float:
        grads = _gradients(case, arguments[:-1], arguments[-1])
        return sum(float(np.sum(g * w)) for g, w in zip(grads, weights, strict=True))

    step = 1e-5
    rtol, atol = (1e-6, 1e-8) if dtype is np.float64 else (0, 64 * np.finfo(dtype).eps)
    for place, got in zip(places, second, strict=True):
        numeric = np.empty(arguments[place].shape)
        for at in range(numeric.size):
            sides = []
            for sign in (1, -1):
                moved = list(arguments)
                moved[place] = np.array(arguments[place])
                moved[place].flat[at] += sign * step
                sides.append(weighted_sum(moved))
            numeric.flat[at] = (sides[0] - sides[1]) / (2 * step)
        if got is None:  # there is no dependence
            got = np.zeros_like(numeric)
        scale = max(1, np.max(np.abs(numeric), initial=0))
        np.testing.assert_allclose(got, numeric, rtol=rtol, atol=atol * scale)


@differentiable_cases
@every_dtype
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_gradient_layout(case: Case, dtype: Any, layout: Callable[[Array], Array]) -> None:
    """Inputs and upstream gradients of any layout give the gradients of contiguous ones."""
    inputs = _inputs(case, dtype, layout)
    plain = [np.array(x, order="C") if isinstance(x, np.ndarray) else x for x in inputs]
    plain = [x.astype(dtype) if _is_float(x) else x for x in plain]
    y = _op(case)(*plain, **case.options)
    dy = layout(np.random.default_rng(8).standard_normal(y.shape).astype(dtype))
    wanted = _gradients(case, plain, np.array(dy, dtype, order="C"))
    for i, got, want in zip(case.differentiate, _gradients(case, inputs, dy), wanted, strict=True):
        assert got.dtype == inputs[i].dtype.newbyteorder("=")
        assert got.shape == inputs[i].shape
        bound = 64 * float(np.finfo(dtype).eps) * float(np.max(np.abs(want), initial=1))
        np.testing.assert_allclose(got, want, rtol=0, atol=bound)


@pytest.mark.parametrize("case", [c for c in CASES if c.inputs(np.random.default_rng(7))], ids=_ids)
@every_dtype
def test_tape_gives_the_bits_of_arrays(case: Case, dtype: Any) -> None:
    inputs = _inputs(case, dtype)
    y = _op(case)(*inputs, **case.options)
    taped = _op(case)(*_tensors(case, inputs), **case.options)
    assert type(taped) is fastnn.Tensor
    assert taped.requires_grad == bool(case.differentiate)
    assert _bits(taped.numpy()) == _bits(y)
    with fastnn.no_grad():
        untaped = _op(case)(*_tensors(case, inputs), **case.options)
    assert not untaped.requires_grad
    assert _bits(untaped.numpy()) == _bits(y)


@pytest.mark.parametrize(
    "case", [c for c in CASES if sum(map(_is_float, c.inputs(np.random.default_rng(7)))) > 1], ids=_ids
)
def test_float32_and_float64_give_float64(case: Case) -> None:
    inputs = _inputs(case, np.float32)
    floats = [i for i, x in enumerate(inputs) if _is_float(x)]
    inputs[floats[-1]] = inputs[floats[-1]].astype(np.float64)  # not a target, which follows the prediction
    y = _op(case)(*inputs, **case.options)
    want = np.asarray(case.reference(*_wide(inputs), **case.options))
    assert y.dtype == want.dtype
    _assert_close(case, inputs, y, want)


@pytest.mark.parametrize(
    ("op", "args", "kind", "message"),
    [(case.op, *error) for case in CASES for error in case.errors],
    ids=[f"{case.id}-{i}" for case in CASES for i, _ in enumerate(case.errors)],
)
def test_error(op: str, args: tuple[Any, ...], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        getattr(fastnn.ops, op)(*args)
    numbers = [isinstance(a, np.ndarray) and a.dtype.kind in "fiubc" for a in args]
    tensors = [fastnn.Tensor(a) if number else a for a, number in zip(args, numbers, strict=True)]
    with pytest.raises(kind, match=message):
        getattr(fastnn.ops, op)(*tensors)


def test_every_op_has_a_row() -> None:
    # An op with an underscore serves the function without; others are made of such ops.
    assert {name.lstrip("_") for name in registry} <= {case.op for case in CASES}
    assert all(getattr(fastnn.ops, name) is op for name, op in registry.items() if name[0] != "_")
    assert {name for name, f in vars(fastnn.ops).items() if callable(f)} == {case.op for case in CASES}
    assert all(op.rule is not None for op in registry.values()), "every op has a backward rule"
    once = {name.lstrip("_") for name, op in registry.items() if getattr(op, "tensor_rule", True) is None}
    assert once == FIRST_ORDER_ONLY, "the list of ops without second derivatives is that of the table"
    assert len({case.id for case in CASES}) == len(CASES), "names tell cases apart"
