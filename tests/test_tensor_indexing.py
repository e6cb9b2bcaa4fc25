"""Indexing of tensors, with gradients: what NumPy takes between brackets, and tensors there too."""

from __future__ import annotations

from typing import Any

import fastnn
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from layouts import laid_out

Array = np.ndarray[Any, Any]


def shapes() -> Any:
    return hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4)


@st.composite
def keys(draw: Any, shape: tuple[int, ...]) -> Any:
    """What may stand between brackets: basic keys, arrays of positions, masks."""
    kind = draw(st.sampled_from(["basic", "positions", "mask", "mixed"]))
    if kind == "basic":
        return draw(hnp.basic_indices(shape, allow_newaxis=True, allow_ellipsis=True))
    if kind == "positions":
        return draw(hnp.integer_array_indices(shape, result_shape=hnp.array_shapes(max_dims=2, max_side=3)))
    if kind == "mask":
        dims = draw(st.integers(1, len(shape)))
        return draw(hnp.arrays(bool, shape[:dims]))
    rows = draw(hnp.arrays(np.int64, draw(st.integers(0, 3)), elements=st.integers(-shape[0], shape[0] - 1)))
    return (rows, *draw(st.sampled_from([(), (...,), (None, ...)])))


def as_tensors(key: Any) -> Any:
    """The same key with tensors in place of arrays."""
    if isinstance(key, tuple):
        return tuple(as_tensors(k) for k in key)
    return fastnn.tensor(key) if isinstance(key, np.ndarray) else key


@given(data=st.data(), shape=shapes(), seed=st.integers(0, 2**16))
@settings(deadline=None, max_examples=300)
def test_any_key_against_numpy(data: Any, shape: tuple[int, ...], seed: int) -> None:
    """Values are NumPy's; the gradient of a weighted sum is the sum of the weights where each element went."""
    rng = np.random.default_rng(seed)
    array = data.draw(laid_out(shape, np.float64, rng))
    key = data.draw(keys(shape))
    wanted = array[key]
    weights = rng.standard_normal(np.shape(wanted))
    numeric = np.zeros(shape)
    for place in np.ndindex(shape):
        one = np.zeros(shape)
        one[place] = 1
        numeric[place] = (one[key] * weights).sum()  # indexing is linear: no step, no rounding
    for given_key in (key, as_tensors(key)):
        x = fastnn.tensor(array, requires_grad=True)
        y = x[given_key]
        assert type(y) is fastnn.Tensor
        np.testing.assert_array_equal(y, wanted)
        (y * weights).sum().backward()
        np.testing.assert_allclose(x.grad, numeric, rtol=1e-12, atol=1e-12)


@given(data=st.data(), shape=shapes())
@settings(deadline=None, max_examples=100)
def test_assignment_against_numpy(data: Any, shape: tuple[int, ...]) -> None:
    key = data.draw(keys(shape))
    want = np.arange(float(np.prod(shape))).reshape(shape)
    x = fastnn.tensor(want.copy())
    want[key] = -1
    x[as_tensors(key)] = -1
    np.testing.assert_array_equal(x, want)


def test_a_basic_key_gives_a_view() -> None:
    array = np.zeros((2, 3))
    row = fastnn.tensor(array)[1]
    row += 1.0
    assert array.tolist() == [[0, 0, 0], [1, 1, 1]]


def test_a_value_picked_twice_gets_both_gradients() -> None:
    x = fastnn.tensor(np.array([1.0, 2.0]), requires_grad=True)
    x[fastnn.tensor([1, 1, 0])].backward(np.array([1.0, 10.0, 100.0]))
    np.testing.assert_array_equal(x.grad, [100, 11])


def test_comparisons_as_masks() -> None:
    x = fastnn.tensor(np.array([1.0, -2.0, 3.0]), requires_grad=True)
    x[x > 0].sum().backward()
    np.testing.assert_array_equal(x.grad, [1, 0, 1])


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (5, r"\[get_item\] index 5 is out of bounds .* received x \(3,\), key 5"),
        ((0, 0), r"\[get_item\] too many indices"),
        (0.5, "only integers, slices"),
        (fastnn.tensor([0.5]), "arrays used as indices must be of integer"),
        ("name", "only integers, slices"),
        (np.array([True, False]), "boolean index did not match"),
    ],
)
def test_wrong_keys(key: Any, message: str) -> None:
    for requires_grad in (False, True):
        with pytest.raises(IndexError, match=message):
            fastnn.tensor(np.ones(3), requires_grad=requires_grad)[key]
