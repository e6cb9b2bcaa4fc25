"""check_gradients finds what is wrong, and nothing else."""

from __future__ import annotations

from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import autograd, ops


def test_right_gradients_pass() -> None:
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal((3, 4)), rng.standard_normal((4, 2))
    assert fastnn.check_gradients(lambda x, w: ops.softmax(ops.tanh(x) @ w), x, w) < 1
    assert fastnn.check_gradients(lambda x: ops.sum(x), np.ones((0, 2))) == 0
    assert fastnn.check_gradients(lambda x, y: x * x, 2.0, [1.0, 2.0]) < 1  # y has no part in it


def test_a_wrong_rule_is_found_with_the_place_and_both_values() -> None:
    @autograd.differentiable
    def _bent(ctx: Any, x: Any) -> Any:
        ctx.save(x=x)
        return x**2

    @_bent.vjp
    def _(ctx: Any, dy: Any) -> Any:
        wrong = 2 * ctx.x * dy
        wrong[1, 0] += 0.5
        return wrong

    try:
        with pytest.raises(
            AssertionError, match=r"wrong gradient of input 1 at index \(1, 0\): (.*) by"
        ) as caught:
            fastnn.check_gradients(lambda a, x: _bent(x) + a, 1.0, np.ones((2, 2)))
    finally:
        del autograd.registry["_bent"]
    by_function, by_differences = (
        str(caught.value).partition("): ")[2].split(" by ")[0],
        str(caught.value).split(", ")[-1],
    )
    assert abs(float(by_function) - float(by_differences.split()[0]) - 0.5) < 1e-6


def test_the_classic_form() -> None:
    def cost_and_gradient(theta: Any) -> Any:
        return float(np.sum(np.sin(theta))), np.cos(theta)

    assert fastnn.check_gradients(cost_and_gradient, np.linspace(-2, 2, 5)) < 1
    with pytest.raises(AssertionError, match=r"input 0 at index \(2,\): "):
        fastnn.check_gradients(
            lambda t: (float(np.sum(np.sin(t))), np.cos(t) + np.eye(5)[2]), np.linspace(-2, 2, 5)
        )
    with pytest.raises(ValueError, match=r"the shape of the parameters, \(5,\); received \(1, 5\)"):
        fastnn.check_gradients(lambda t: (float(np.sum(t)), np.ones((1, 5))), np.ones(5))


def test_nan_is_no_gradient() -> None:
    with pytest.raises(AssertionError, match=r"at index \(0,\): nan by the function"):
        fastnn.check_gradients(lambda t: (float(t[0]), np.array([np.nan])), np.ones(1))


def test_inputs_are_left_alone_and_wide_ones_are_checked_in_float64() -> None:
    x = np.arange(3, dtype=np.float32)
    x.flags.writeable = False
    assert fastnn.check_gradients(lambda x: x * x, x) < 1
    assert fastnn.check_gradients(lambda x: x * x, [1, 2]) < 1


def test_a_function_of_arrays_alone_is_refused() -> None:
    with pytest.raises(TypeError, match="must return a tensor computed from its inputs, or a tuple"):
        fastnn.check_gradients(lambda x: x.numpy() * 2, np.ones(2))
