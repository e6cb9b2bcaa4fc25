"""Attention over sequences that take several blocks of queries, and over rows of special values."""

from __future__ import annotations

from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import ops
from fastnn._core import native
from fastnn.autograd import gradients
from op_cases.dot_product_attention import _attention

Array = np.ndarray[Any, Any]


def _arrays(*shapes: tuple[int, ...]) -> list[Array]:
    rng = np.random.default_rng(5)
    return [rng.standard_normal(shape) for shape in shapes]


@pytest.mark.parametrize("is_causal", [False, True])
@pytest.mark.parametrize(("queries", "keys", "heads"), [(150, 600, 2), (700, 300, 1), (333, 333, 4)])
def test_blocks_of_queries(queries: int, keys: int, heads: int, is_causal: bool) -> None:
    """The rule on tensors, which knows no blocks, is the oracle of the gradients."""
    shapes = (1, queries, heads, 5), (1, keys, heads // 2 or 1, 5), (1, keys, heads // 2 or 1, 3)
    *arrays, dy = _arrays(*shapes, (1, queries, heads, 3))
    mask = np.random.default_rng(6).random((queries, keys)) < 0.9
    for counts in (None, mask):
        tensors = [fastnn.tensor(a, requires_grad=True) for a in arrays]
        y = ops.dot_product_attention(*tensors, mask=counts, is_causal=is_causal)
        np.testing.assert_allclose(
            y.numpy(), _attention(*arrays, mask=counts, is_causal=is_causal), rtol=0, atol=1e-13
        )
        want = gradients(y, tensors, fastnn.tensor(dy), create_graph=True)
        for threads in (1, 2):
            native.set_num_threads(threads)
            got = gradients(
                ops.dot_product_attention(*tensors, mask=counts, is_causal=is_causal), tensors, dy
            )
            for a, b in zip(got, want, strict=True):
                np.testing.assert_allclose(np.asarray(a), b.numpy(), rtol=0, atol=1e-12)


def test_special_values() -> None:
    q, k, v = _arrays((1, 3, 1, 2), (1, 4, 1, 2), (1, 4, 1, 2))
    bias = np.zeros((3, 4))
    bias[0, 1:] = -np.inf  # one key is left
    bias[1] = -np.inf  # none
    bias[2, 0] = np.nan
    y = ops.dot_product_attention(q, k, v, bias)[0, :, 0]
    np.testing.assert_array_equal(y[0], v[0, 0, 0])
    assert np.isnan(y[1:]).all()
    mask = np.zeros((3, 4), bool)
    mask[0, 2] = True
    y = ops.dot_product_attention(1e30 * q, 1e30 * k, v, mask=mask)[0, :, 0]
    np.testing.assert_array_equal(y[0], v[0, 2, 0])
    np.testing.assert_allclose(y[1], v[0, :, 0].mean(0), rtol=1e-15)
