"""grad, value_and_grad, jacobian, hvp: functions made of functions."""

from __future__ import annotations

from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import ops


def test_arrays_give_arrays_and_tensors_tensors() -> None:
    f = lambda x: ops.sum(x * x)  # noqa: E731
    x = np.array([1.0, 2.0], np.float32)
    value, gradient = fastnn.value_and_grad(f)(x)
    assert type(value) is type(gradient) is np.ndarray
    assert gradient.dtype == np.float32
    np.testing.assert_array_equal(gradient, [2, 4])
    value, gradient = fastnn.value_and_grad(f)(fastnn.tensor(x))
    assert type(value) is type(gradient) is fastnn.Tensor
    np.testing.assert_array_equal(gradient.numpy(), [2, 4])
    assert fastnn.grad(f)(3.0) == 6.0


def test_arguments_by_number() -> None:
    f = lambda x, y, scale=1.0: ops.sum(x * y) * scale  # noqa: E731
    x, y = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    np.testing.assert_array_equal(fastnn.grad(f)(x, y), y)
    np.testing.assert_array_equal(fastnn.grad(f, 1)(x, y, scale=2.0), 2 * x)
    np.testing.assert_array_equal(fastnn.grad(f, -1)(x, y), x)
    both = fastnn.grad(f, (0, 1))(x, y)
    np.testing.assert_array_equal(both, [y, x])
    with pytest.raises(TypeError, match="argnums=2 names no argument; received 2 positional"):
        fastnn.grad(f, 2)(x, y)


def test_nested_parameters() -> None:
    def loss(params: Any, x: Any) -> Any:
        return ops.sum(ops.square(x @ params["w"] + params["b"][0]))

    params = {"w": np.ones((2, 1)), "b": [np.zeros(1)]}
    x = np.array([[1.0, 2.0]])
    found = fastnn.grad(loss)(params, x)
    np.testing.assert_array_equal(found["w"], [[6], [12]])
    np.testing.assert_array_equal(found["b"][0], [6])


def test_what_the_function_does_not_use_has_zeros() -> None:
    _, gradient = fastnn.grad(lambda x, y: ops.sum(x), (0, 1))(np.ones(2), np.ones(3))
    np.testing.assert_array_equal(gradient, np.zeros(3))


def test_the_caller_keeps_its_tensors() -> None:
    x = fastnn.tensor([1.0, 2.0], requires_grad=True)
    gradient = fastnn.grad(lambda t: ops.sum(t * t * t))(x)
    assert x.grad is None
    ops.sum(gradient).backward()
    np.testing.assert_array_equal(np.asarray(x.grad), [6, 12])


def test_gradients_of_gradients() -> None:
    cube = lambda x: x * x * x  # noqa: E731
    found = [f(2.0) for f in (cube, fastnn.grad(cube), fastnn.grad(fastnn.grad(cube)))]
    assert found == [8.0, 12.0, 12.0]
    assert fastnn.grad(fastnn.grad(fastnn.grad(cube)))(2.0) == 6.0


def test_gradients_reach_outer_values_through_inner_gradients() -> None:
    """The inner gradient is of an array, but depends on the outer argument."""
    inner = lambda w: fastnn.grad(lambda x: w * w * x * x)(3.0)  # noqa: E731  # 6 w^2
    assert fastnn.grad(inner)(2.0) == 24.0


def test_has_aux() -> None:
    f = lambda x: (ops.sum(x * x), "extra")  # noqa: E731
    (value, aux), gradient = fastnn.value_and_grad(f, has_aux=True)(np.array([3.0]))
    assert (value, aux) == (9.0, "extra")
    gradient, aux = fastnn.grad(f, has_aux=True)(np.array([3.0]))
    assert aux == "extra"
    np.testing.assert_array_equal(gradient, [6])


def test_jacobian_and_hessian() -> None:
    f = lambda x: ops.concatenate([ops.reshape(ops.prod(x), (1,)), x * x])  # noqa: E731
    x = np.array([2.0, 3.0])
    np.testing.assert_array_equal(fastnn.jacobian(f)(x), [[3, 2], [4, 0], [0, 6]])
    by_index = fastnn.jacobian(lambda x: ops.stack([x[0] * x[1], x[1] * x[1]]))
    np.testing.assert_array_equal(by_index(x), [[3, 2], [0, 6]])
    quadratic = np.array([[2.0, 1.0], [1.0, 4.0]])
    hessian = fastnn.jacobian(fastnn.grad(lambda x: 0.5 * ops.sum(x * (x @ quadratic))))
    np.testing.assert_allclose(hessian(x), quadratic, rtol=1e-12)
    assert fastnn.jacobian(lambda x: x)(np.ones((0, 2))).shape == (0, 2, 0, 2)


def test_hessian_vector_products() -> None:
    f = lambda x: ops.sum(x * x * x) + ops.prod(x)  # noqa: E731
    x, v = np.array([1.0, 2.0, 3.0]), np.array([1.0, -1.0, 0.5])
    hessian = fastnn.jacobian(fastnn.grad(f))(x)
    np.testing.assert_allclose(fastnn.hvp(f, x, v), hessian @ v, rtol=1e-12)
    with pytest.raises(ValueError, match=r"v must have the shape of x, \(3,\); received \(2,\)"):
        fastnn.hvp(f, x, v[:2])


def test_errors_teach() -> None:
    with pytest.raises(ValueError, match=r"the function must return one number; received shape \(2,\)"):
        fastnn.grad(lambda x: x)(np.ones(2))
    with pytest.raises(
        TypeError,
        match=r"^grad: the function must return a tensor computed from its arguments; received float",
    ):
        fastnn.grad(lambda x: 1.0)(np.ones(2))
    with pytest.raises(TypeError, match="only floating-point arrays have gradients; received dtype int64"):
        fastnn.grad(lambda x: ops.sum(x))(np.array([1, 2]))
    with pytest.raises(TypeError, match="jacobian: the function must return a tensor; received float"):
        fastnn.jacobian(lambda x: 1.0)(np.ones(2))


def test_an_error_inside_leaves_nothing_behind() -> None:
    with pytest.raises(ZeroDivisionError):
        fastnn.grad(lambda x: 1 / 0)(1.0)
    assert type(fastnn.grad(lambda x: x * x)(1.0)) is np.ndarray
