"""Special values of the mathematical functions, which are NumPy's; tests/cpp/math_test.cpp measures the others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from fastnn import ops

Array = np.ndarray[Any, Any]
every_dtype = pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=lambda d: d.__name__)
FUNCTIONS = ["exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "tanh"]


@pytest.fixture(autouse=True)
def _numpy_does_not_warn() -> Any:
    with np.errstate(all="ignore"):
        yield


def _special(dtype: Any) -> Array:
    f = np.finfo(dtype)
    whole = 2.0**f.nmant
    positive = [
        0,
        f.smallest_subnormal,
        f.tiny,
        0.5,
        1,
        1 + f.eps,
        2,
        3,
        7.5,
        whole - 1,
        whole + 1,
        2 * whole,
    ]
    positive += [f.max, np.inf, np.nan]
    return np.array(positive + [-x for x in positive], dtype)


def _assert_alike(got: Array, want: Array) -> None:
    """NaN, infinities and signs where NumPy has them, other numbers next to NumPy's."""
    np.testing.assert_array_equal(np.isnan(got), np.isnan(want))
    numbers = ~np.isnan(want)
    np.testing.assert_array_equal(np.signbit(got)[numbers], np.signbit(want)[numbers])
    finite = np.isfinite(want) & np.isfinite(got)
    np.testing.assert_array_equal(got[~finite & numbers], want[~finite & numbers])
    np.testing.assert_array_max_ulp(got[finite], want[finite], 4, got.dtype)


@every_dtype
@pytest.mark.parametrize("name", FUNCTIONS)
def test_special_values_are_numpys(name: str, dtype: Any) -> None:
    x = _special(dtype)
    got = getattr(ops, name)(x)
    assert got.dtype == dtype
    _assert_alike(got, getattr(np, name)(x))


@every_dtype
def test_special_powers_are_numpys(dtype: Any) -> None:
    x = _special(dtype)
    _assert_alike(ops.power(x[:, None], x), np.power(x[:, None], x))


@every_dtype
@pytest.mark.parametrize("exponent", [0, 1, 2, 3, -1, 0.5, np.inf, np.nan])
def test_powers_of_one_exponent(exponent: float, dtype: Any) -> None:
    x = _special(dtype)
    _assert_alike(ops.power(x, exponent), np.power(x, np.full_like(x, exponent)))


@every_dtype
def test_erf_of_special_values(dtype: Any) -> None:
    least = np.finfo(dtype).smallest_subnormal
    got = ops.erf(np.array([0.0, -0.0, np.inf, -np.inf, 100, least], dtype))
    np.testing.assert_array_equal(got, np.array([0, 0, 1, -1, 1, least], dtype))
    np.testing.assert_array_equal(np.signbit(got), [False, True, False, True, False, False])
    assert np.isnan(ops.erf(np.array(np.nan, dtype)))


@pytest.mark.parametrize(
    ("x", "sin", "cos", "tan"),
    [  # to 1400 bits
        (1e6, -0.34999350217129294, 0.9367521275331447, -0.373624453987599),
        (1e9, 0.5458434494486996, 0.8378871813639024, 0.6514522021451413),
        (1e22, -0.8522008497671888, 0.523214785395139, -1.6287782256068988),
        (2.0**1000, -0.15920170308624243, 0.9872460775989135, -0.16125837995065806),
        (6381956970095103 * 2.0**797, 1.0, -4.687165924254628e-19, -2.133485385753704e18),
    ],
)
def test_huge_angles(x: float, sin: float, cos: float, tan: float) -> None:
    angles = np.array([x, -x])
    np.testing.assert_array_max_ulp(ops.sin(angles), np.array([sin, -sin]), 2)
    np.testing.assert_array_max_ulp(ops.cos(angles), np.array([cos, cos]), 2)
    np.testing.assert_array_max_ulp(ops.tan(angles), np.array([tan, -tan]), 3)


@every_dtype
def test_log2_of_powers_of_two_is_whole(dtype: Any) -> None:
    f = np.finfo(dtype)
    exponents = np.arange(np.log2(float(f.smallest_subnormal)), f.maxexp)
    np.testing.assert_array_equal(ops.log2(np.ldexp(dtype(1), exponents.astype(int))), exponents)


def test_gradient_of_power_at_zero() -> None:
    import fastnn

    x = fastnn.tensor(np.zeros(3), requires_grad=True)
    y = fastnn.tensor(np.array([0.0, 1.0, 2.0]), requires_grad=True)
    ops.sum(ops.power(x, y)).backward()
    np.testing.assert_array_equal(x.grad, [0, 1, 0])
    np.testing.assert_array_equal(y.grad, [0, 0, 0])
