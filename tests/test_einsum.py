"""Einstein summation: NumPy is the oracle."""

from __future__ import annotations

from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import ops
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import agree, arrays, check_gradients, floats

# Shapes by letter, so that most draws fit.
SIZES = {"a": 2, "b": 3, "c": 1, "d": 2, "e": 0}


@st.composite
def calls(draw: Any, dtype: Any, letters: str = "abcd") -> Any:
    """Draw subscripts and arrays for them: repeated letters, ellipses, sizes of 1, implicit and explicit results."""
    terms, operands = [], []
    dots = draw(st.lists(st.integers(1, 2), max_size=2))
    for _ in range(draw(st.integers(1, 3))):
        term = draw(st.text(letters, max_size=3))
        # Once in a while a size of 1, which broadcasts; not on a diagonal.
        shape = [1 if term.count(c) == 1 and draw(st.integers(0, 9)) == 0 else SIZES[c] for c in term]
        if draw(st.booleans()):
            at = draw(st.integers(0, len(term)))
            mine = dots[draw(st.integers(0, len(dots))) :]
            term, shape = f"{term[:at]}...{term[at:]}", [*shape[:at], *mine, *shape[at:]]
        terms.append(term)
        operands.append(draw(arrays(tuple(shape), dtype)))
    subscripts = ",".join(terms)
    if draw(st.booleans()):
        known = sorted({c for c in subscripts if c.isalpha()})
        out = "".join(draw(st.lists(st.sampled_from(known), unique=True))) if known else ""
        if "..." in subscripts:
            at = draw(st.integers(0, len(out)))
            out = f"{out[:at]}...{out[at:]}"
        subscripts += f"->{out}"
    return subscripts, operands


@settings(max_examples=500)
@given(calls(st.one_of(floats, st.sampled_from(["i8", "?", "c16", "f2"]))))
def test_values(drawn: Any) -> None:
    subscripts, operands = drawn
    agree(lambda: ops.einsum(subscripts, *operands), lambda: np.einsum(subscripts, *operands))


@given(calls(floats, "abe"))
def test_empty_sums(drawn: Any) -> None:
    subscripts, operands = drawn
    agree(lambda: ops.einsum(subscripts, *operands), lambda: np.einsum(subscripts, *operands))


@settings(max_examples=300)
@given(calls(floats, "abcde"))
def test_gradients(drawn: Any) -> None:
    subscripts, operands = drawn
    try:
        np.einsum(subscripts, *operands)
    except ValueError:
        return
    check_gradients(lambda *operands: ops.einsum(subscripts, *operands), *operands)


@given(
    st.text("ab.,->AZ 1", max_size=12),
    st.lists(arrays(st.sampled_from([(2,), (2, 2), ()]), "f8"), max_size=3),
)
def test_odd_subscripts(subscripts: str, operands: Any) -> None:
    agree(lambda: ops.einsum(subscripts, *operands), lambda: np.einsum(subscripts, *operands))


def test_views() -> None:
    x = np.arange(9.0).reshape(3, 3)
    for subscripts in ("ij->ji", "ii->i", "i...->...i"):
        assert np.shares_memory(ops.einsum(subscripts, x), x)


def test_lists_of_numbers() -> None:
    x = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(ops.einsum(x, [0, 1], x, [2, 1], [0, 2]), x @ x.T)
    np.testing.assert_array_equal(ops.einsum(x, [1, 0]), x.T)
    np.testing.assert_array_equal(
        ops.einsum(x, [..., 1], x.T, [1, ...]), np.einsum(x, [..., 1], x.T, [1, ...])
    )
    with pytest.raises(ValueError, match=r"\[einsum\] subscripts must lie in"):
        ops.einsum(x, [0, 52])


def test_many_arrays_in_a_good_order() -> None:
    """Left to right, the third product alone would take 100 times the memory of this one."""
    rng = np.random.default_rng(3)
    a, b, c, d = (rng.standard_normal(shape) for shape in [(2, 300), (300, 300), (300, 300), (300, 2)])
    np.testing.assert_allclose(ops.einsum("ab,bc,cd,de->ae", a, b, c, d), a @ b @ c @ d, rtol=1e-10)


def test_gradient_of_mixed_types() -> None:
    x = fastnn.Tensor(np.ones((2, 3), np.float32), requires_grad=True)
    y = ops.einsum("ij,jk,k", x, np.arange(12).reshape(3, 4), np.ones(4))
    assert y.dtype == np.float64
    y.backward(np.array([1.0, 2.0]))
    assert x.grad.dtype == np.float32
    assert x.grad.numpy().tolist() == [[6, 22, 38], [12, 44, 76]]
