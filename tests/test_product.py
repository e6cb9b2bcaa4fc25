"""Products: NumPy is the oracle."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from fastnn import ops
from hypothesis import given
from hypothesis import strategies as st
from oracle import agree, arrays, check_gradients, dims, floats, shapes


@given(arrays(), arrays())
def test_any_shapes(x1: Any, x2: Any) -> None:
    for op, oracle in [(ops.dot, np.dot), (ops.inner, np.inner), (ops.outer, np.outer), (ops.vdot, np.vdot)]:
        agree(lambda op=op: op(x1, x2), lambda oracle=oracle: oracle(x1, x2))


@given(st.data(), shapes, shapes, dims)
def test_shapes_that_fit(data: Any, shape1: Any, shape2: Any, terms: int) -> None:
    x1 = data.draw(arrays((*shape1[:2], terms)))
    x2 = data.draw(arrays((*shape2[:2], terms)))
    agree(lambda: ops.inner(x1, x2), lambda: np.inner(x1, x2))
    x2 = data.draw(arrays((*shape2[:2], terms, *shape2[2:3])))
    agree(lambda: ops.dot(x1, x2), lambda: np.dot(x1, x2))
    x2 = data.draw(arrays(tuple(data.draw(st.permutations(x1.shape)))))
    agree(lambda: ops.vdot(x1, x2), lambda: np.vdot(x1, x2))


@given(st.data(), shapes, shapes, dims, floats, floats)
def test_gradients(data: Any, shape1: Any, shape2: Any, terms: int, dtype1: str, dtype2: str) -> None:
    x1 = data.draw(arrays((*shape1[:2], terms), dtype1))
    x2 = data.draw(arrays((*shape2[:2], terms), dtype2))
    check_gradients(ops.inner, x1, x2)
    check_gradients(ops.outer, x1, x2)
    check_gradients(ops.inner, x1, data.draw(arrays((), dtype2)))
    check_gradients(ops.dot, data.draw(arrays((), dtype1)), x2)
    x2 = data.draw(arrays((*shape2[1:2], terms, *shape2[:1]) if shape2 else (terms,), dtype2))
    check_gradients(ops.dot, x1, x2)
    check_gradients(ops.vdot, x1, data.draw(arrays(x1.shape, dtype2)))


@given(st.data(), st.sampled_from(["i8", "u1", "?", "f2"]))
def test_gradient_beside_other_types(data: Any, dtype: str) -> None:
    x1, x2 = data.draw(arrays((2, 3), "f8")), data.draw(arrays((3, 2), dtype))
    check_gradients(ops.dot, x1, x2, of=[0])
    check_gradients(ops.outer, x1, x2, of=[0])
    check_gradients(ops.vdot, x1, x2, of=[0])


@pytest.mark.parametrize("op", ["dot", "inner", "outer", "vdot"])
def test_lists_and_numbers(op: str) -> None:
    x = np.array([1.0, 2.0], np.float32)
    for args in [([1.0, 2.0], x), (x, [1, 2]), ([1, 2], [3, 4])]:
        agree(lambda args=args: getattr(ops, op)(*args), lambda args=args: getattr(np, op)(*args))
    if op in ("dot", "inner"):
        agree(lambda: getattr(ops, op)(x, 2.0), lambda: getattr(np, op)(x, 2.0))
        agree(lambda: getattr(ops, op)(3, x), lambda: getattr(np, op)(3, x))
