"""Gradients of gradients: nets, Hessians, mixed derivatives, and what counts as constant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import autograd, ops

Array = np.ndarray[Any, Any]
Tensors = list[fastnn.Tensor]


def leaf(values: Any, dtype: Any = np.float64) -> fastnn.Tensor:
    return fastnn.tensor(np.array(values, dtype), requires_grad=True)


def _zeros_for_none(found: list[Any], arrays: list[Array]) -> list[Array]:
    return [np.zeros_like(a) if g is None else g for g, a in zip(found, arrays, strict=True)]


def gradient_along(f: Callable[[Tensors], fastnn.Tensor], arrays: list[Array], v: list[Array]) -> list[Array]:
    """The Hessian of ``f`` times ``v``, by differentiating the gradient."""
    tensors = [leaf(a, a.dtype) for a in arrays]
    grads = autograd.gradients(f(tensors), tensors, create_graph=True)
    products = [ops.sum(g * w) for g, w in zip(grads, v, strict=True) if g is not None]
    return _zeros_for_none(autograd.gradients(products, tensors), arrays)


def difference_along(
    f: Callable[[Tensors], fastnn.Tensor], arrays: list[Array], v: list[Array]
) -> list[Array]:
    """The same, by central differences of the gradient."""
    sides = []
    for step in (1e-5, -1e-5):
        tensors = [leaf(a + step * w) for a, w in zip(arrays, v, strict=True)]
        sides.append(_zeros_for_none(autograd.gradients(f(tensors), tensors), arrays))
    return [(up - down) / 2e-5 for up, down in zip(*sides, strict=True)]


def check_second(f: Callable[[Tensors], fastnn.Tensor], *arrays: Array, seed: int = 1) -> None:
    rng = np.random.default_rng(seed)
    v = [rng.standard_normal(a.shape) for a in arrays]
    wanted = difference_along(f, list(arrays), v)
    for got, want in zip(gradient_along(f, list(arrays), v), wanted, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-6, atol=1e-8 * max(1.0, float(np.max(np.abs(want)))))


ACTIVATIONS = [
    ops.relu,
    ops.relu6,
    ops.leaky_relu,
    ops.elu,
    ops.selu,
    ops.sigmoid,
    ops.tanh,
    ops.hard_sigmoid,
    ops.softsign,
    ops.softplus,
    ops.log_sigmoid,
    ops.silu,
    ops.hard_silu,
    ops.mish,
    ops.gelu,
    ops.softmax,
    ops.log_softmax,
]
LABELS = np.array([2, 0, 1, 1])
ONE_HOT = np.eye(3)[LABELS]
LOSSES: dict[str, Callable[[fastnn.Tensor], fastnn.Tensor]] = {
    "mean_squared_error": lambda z: ops.mean_squared_error(ONE_HOT, z),
    "categorical_logits": lambda z: ops.categorical_crossentropy(ONE_HOT, z, from_logits=True),
    "categorical_softmax": lambda z: ops.categorical_crossentropy(ONE_HOT, ops.softmax(z)),
    "categorical_probabilities": lambda z: ops.categorical_crossentropy(ONE_HOT, ops.sigmoid(z)),
    "sparse_logits": lambda z: ops.sparse_categorical_crossentropy(LABELS, z, from_logits=True),
    "sparse_softmax": lambda z: ops.sparse_categorical_crossentropy(LABELS[:, None], ops.softmax(z)),
    "sparse_probabilities": lambda z: ops.sparse_categorical_crossentropy(LABELS, ops.sigmoid(z)),
    "binary_logits": lambda z: ops.binary_crossentropy(ONE_HOT, z, from_logits=True),
    "binary_probabilities": lambda z: ops.binary_crossentropy(ONE_HOT, ops.sigmoid(z)),
}


def _net_arrays() -> list[Array]:
    rng = np.random.default_rng(3)
    shapes = [(4, 5), (5, 6), (6,), (6, 3), (3,)]
    return [rng.standard_normal(shape) for shape in shapes]


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda f: f.__name__)
def test_a_net_with_each_activation(activation: Callable[..., fastnn.Tensor]) -> None:
    def loss(t: Tensors) -> fastnn.Tensor:
        x, k1, b1, k2, b2 = t
        hidden = activation(ops.dense(x, k1, b1))
        return ops.mean(ops.mean_squared_error(ONE_HOT, ops.dense(hidden, k2, b2)))

    check_second(loss, *_net_arrays())


@pytest.mark.parametrize("activation", ["linear", "relu", "sigmoid", "tanh"])
@pytest.mark.parametrize("loss", LOSSES)
def test_a_net_with_each_loss(loss: str, activation: str) -> None:
    """x too: derivatives with respect to inputs and parameters mix."""

    def f(t: Tensors) -> fastnn.Tensor:
        x, k1, b1, k2, b2 = t
        return ops.mean(LOSSES[loss](ops.dense(ops.dense(x, k1, b1, activation), k2, b2)))

    check_second(f, *_net_arrays())


def test_the_loss_behind_a_softmax_has_the_second_derivatives_of_that_of_logits() -> None:
    rng = np.random.default_rng(5)
    z, v = [rng.standard_normal((4, 3))], [rng.standard_normal((4, 3))]
    behind = gradient_along(lambda t: ops.sum(LOSSES["categorical_softmax"](t[0])), z, v)
    logits = gradient_along(lambda t: ops.sum(LOSSES["categorical_logits"](t[0])), z, v)
    np.testing.assert_allclose(behind[0], logits[0], rtol=1e-12, atol=1e-14)


def test_clipped_probabilities_have_no_second_derivative() -> None:
    p = [np.array([[1e-9, 0.5, 0.5]]), np.array([[0.3, 1.0, 1e-12]])]
    for loss in (ops.categorical_crossentropy, ops.binary_crossentropy):
        for x in p:
            target = (x < 1e-7).astype(float)  # counts only where p is clipped
            hessian = fastnn.jacobian(fastnn.grad(lambda q, t=target, f=loss: ops.sum(f(t, q))))(x)
            clipped = (x < 1e-7) | (x > 1 - 1e-7)
            assert np.all(np.isfinite(hessian))
            np.testing.assert_array_equal(hessian[clipped], 0)


FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "sum of cubes": lambda x: ops.sum(x * x * x),
    "product": lambda x: ops.prod(x),
    "norm": lambda x: ops.norm(x),
    "logsumexp": lambda x: ops.logsumexp(x),
    "variance": lambda x: ops.var(x, ddof=1),
    "deviation": lambda x: ops.std(x),
    "quotient": lambda x: ops.sum(ops.sin(x) / ops.exp(x)),
    "power": lambda x: ops.sum(ops.power(ops.absolute(x) + 0.5, x)),
    "softmax": lambda x: ops.sum(ops.softmax(x) * np.arange(4.0)),
    "bilinear": lambda x: ops.vdot(x @ np.arange(16.0).reshape(4, 4), x),
    "maximum": lambda x: ops.max(x * x),
    "sorted": lambda x: ops.sum(ops.sort(x) * ops.sort(x) * np.arange(4.0)),
    "picked": lambda x: ops.sum(ops.take(x, np.array([0, 2, 2])) * ops.take(x, np.array([3, 3, 1]))),
    "einsum": lambda x: ops.sum(ops.einsum("i,j,i->ij", x, x, x)),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_hessians(name: str) -> None:
    """hvp is the Hessian, which is symmetric, times v."""
    f = FUNCTIONS[name]
    rng = np.random.default_rng(11)
    x, v = rng.standard_normal(4), rng.standard_normal(4)
    hessian = fastnn.jacobian(fastnn.grad(f))(x)
    assert hessian.shape == (4, 4)
    np.testing.assert_allclose(hessian, hessian.T, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(fastnn.hvp(f, x, v), hessian @ v, rtol=1e-10, atol=1e-12)
    check_second(lambda t: f(t[0]), x)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_third_derivatives(name: str) -> None:
    rng = np.random.default_rng(12)
    x, v = rng.standard_normal(4), rng.standard_normal(4)
    check_second(lambda t: ops.sum(fastnn.grad(FUNCTIONS[name])(t[0]) * v), x)


@pytest.mark.parametrize("loss", LOSSES)
def test_third_derivatives_of_losses(loss: str) -> None:
    rng = np.random.default_rng(13)
    z, v = rng.standard_normal((4, 3)), rng.standard_normal((4, 3))
    f = lambda z: ops.sum(LOSSES[loss](z))  # noqa: E731
    check_second(lambda t: ops.sum(fastnn.grad(f)(t[0]) * v), z)


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda f: f.__name__)
def test_third_derivatives_of_activations(activation: Callable[..., fastnn.Tensor]) -> None:
    rng = np.random.default_rng(14)
    x, v, w = rng.standard_normal((3, 5))
    check_second(lambda t: ops.sum(fastnn.grad(lambda x: ops.sum(activation(x) * w))(t[0]) * v), x)


@pytest.mark.parametrize(
    ("f", "derivatives"),
    [
        (ops.sin, [np.sin, np.cos, lambda x: -np.sin(x), lambda x: -np.cos(x), np.sin]),
        (ops.exp, [np.exp] * 5),
        (ops.log, [np.log, lambda x: 1 / x, lambda x: -(x**-2), lambda x: 2 * x**-3, lambda x: -6 * x**-4]),
        (lambda x: ops.power(x, 3), [lambda x: x**3, lambda x: 3 * x**2, lambda x: 6 * x, lambda x: 6.0]),
    ],
    ids=["sin", "exp", "log", "cube"],
)
def test_derivatives_of_higher_orders(f: Any, derivatives: list[Any]) -> None:
    for derivative in derivatives:
        np.testing.assert_allclose(f(0.7), derivative(0.7), rtol=1e-13)
        f = fastnn.grad(f)


def test_powers_at_zero() -> None:
    """No order meets 0 times infinity."""
    f: Any = lambda x: ops.power(x, 2)  # noqa: E731
    for want in (0, 0, 2, 0, 0, 0):
        assert f(0.0) == want
        f = fastnn.grad(f)
    for n in (0.0, 1.0):
        assert fastnn.grad(fastnn.grad(lambda x, n=n: ops.power(x, n)))(0.0) == 0


@pytest.mark.parametrize("zeros", [0, 1, 2, 3])
def test_products_with_zeros(zeros: int) -> None:
    x = np.array([2.0, -3.0, 0.5, 4.0])
    x[:zeros] = 0
    hessian = fastnn.jacobian(fastnn.grad(ops.prod))(x)
    want = [[0.0 if i == j else np.prod(np.delete(x, [i, j])) for j in range(x.size)] for i in range(x.size)]
    np.testing.assert_allclose(hessian, want, rtol=1e-14)


def test_a_norm_at_zero_has_finite_second_derivatives() -> None:
    x = np.array([[0.0, 0.0], [3.0, 4.0]])
    hessian = fastnn.jacobian(fastnn.grad(lambda x: ops.sum(ops.norm(x, axis=1))))(x)
    np.testing.assert_array_equal(hessian[0], 0)
    np.testing.assert_allclose(hessian[1, :, 1], np.array([[16, -12], [-12, 9]]) / 125)


def test_what_overflows_on_the_branch_not_taken_does_no_harm() -> None:
    for f in (ops.elu, ops.selu, ops.silu, ops.gelu, ops.mish, ops.softplus, ops.sigmoid, ops.tanh):
        for x in (1e5, -1e5):
            assert fastnn.grad(fastnn.grad(f))(x) == 0


def test_mixed_derivatives() -> None:
    x, y = leaf([0.3, 0.7]), leaf([1.1, -0.4])
    (dx,) = autograd.gradients(ops.sum(ops.sin(x * y)), [x], create_graph=True)
    (dxy,) = autograd.gradients(ops.sum(dx), [y])
    a, b = x.numpy(), y.numpy()
    np.testing.assert_allclose(dxy, np.cos(a * b) - a * b * np.sin(a * b), rtol=1e-13)


def test_backward_twice_adds_second_derivatives_to_grad() -> None:
    x = leaf([1.0, 2.0])
    ops.sum(x * x * x).backward(create_graph=True)
    first = x.grad
    x.grad = None
    ops.sum(first).backward()
    np.testing.assert_array_equal(x.grad, [6, 12])


def test_gradients_on_the_tape_share_no_memory() -> None:
    """Neither with each other, nor with what was given, nor with the tape: they can be changed in place."""
    x, y, upstream = leaf([1.0, 2.0]), leaf([3.0, 4.0]), fastnn.tensor([1.0, 10.0])
    (x + y).backward(upstream, create_graph=True)
    z = leaf([1.0, 2.0])
    ops.sum(z).backward(create_graph=True)
    for tensor in (x, y, z):
        tensor.grad.numpy()[...] += 7
    np.testing.assert_array_equal(upstream, [1, 10])
    np.testing.assert_array_equal(x.grad, [8, 17])
    np.testing.assert_array_equal(y.grad, [8, 17])
    np.testing.assert_array_equal(z.grad, [8, 8])


def test_nested_tapes() -> None:
    x = fastnn.Variable(np.array(3.0))
    with fastnn.GradientTape() as outer:
        with fastnn.GradientTape() as inner:
            y = x * x * x
        dy = inner.gradient(y, x)
    assert dy.item() == 27
    assert outer.gradient(dy, x).item() == 18


def test_nested_tapes_of_which_one_is_persistent() -> None:
    x, w = fastnn.Variable(np.array([1.0, 2.0])), fastnn.Variable(np.array([3.0, -1.0]))
    with fastnn.GradientTape(persistent=True) as outer:
        with fastnn.GradientTape() as inner:
            y = ops.sum(ops.exp(x * w))
        dx, dw = inner.gradient(y, [x, w])
        total = ops.sum(dx * dw)
    a, b = x.numpy(), w.numpy()
    e = np.exp(a * b)
    np.testing.assert_allclose(outer.gradient(dx, x), b * b * e)
    np.testing.assert_allclose(outer.gradient(dx, w), (1 + a * b) * e)
    np.testing.assert_allclose(outer.gradient(total, w), (a + 2 * a * a * b) * e * e)


def test_detached_values_are_constant_although_they_share_memory() -> None:
    x = leaf([2.0, 3.0])
    for product in (
        x * x.detach(),
        x.detach() * x,
        x * x.numpy(),
        x.numpy() * x,
        x * fastnn.tensor(x.numpy()),
    ):
        (dx,) = autograd.gradients(ops.sum(product), [x], create_graph=True)
        np.testing.assert_array_equal(dx, [2, 3])
        assert autograd.gradients(ops.sum(dx * 1.0), [x]) == [None]


def test_two_leaves_of_one_array() -> None:
    array = np.array([2.0, 3.0])
    a, b = fastnn.tensor(array, requires_grad=True), fastnn.tensor(array, requires_grad=True)
    (da,) = autograd.gradients(ops.sum(a * a * b), [a], create_graph=True)
    da_a, da_b = autograd.gradients(ops.sum(da), [a, b])
    np.testing.assert_array_equal(da_a, 2 * array)
    np.testing.assert_array_equal(da_b, 2 * array)


def test_constants_of_other_types() -> None:
    x = leaf([[1.0, 2.0], [3.0, 4.0]], np.float32)
    whole = np.array([[1, 2], [3, 4]])
    y = ops.matmul(whole, x * x) + ops.matmul(x * x, whole.tolist()) + ops.tensordot(x * x, whole, 1) * 3
    (dx,) = autograd.gradients(ops.sum(y * whole), [x], create_graph=True)
    (again,) = autograd.gradients(ops.sum(dx), [x])
    # The gradient is C x, element by element.
    np.testing.assert_allclose(again, dx.numpy() / x.numpy(), rtol=1e-6)
    assert y.dtype == np.float64
    assert dx.dtype == again.dtype == np.float32


def test_ops_of_many_arguments() -> None:
    """What is saved of them is told apart by place; joining hundreds of tensors saves none."""
    x = leaf(np.linspace(0.1, 1, 300))
    for join in (ops.concatenate, ops.stack):
        joined = join([ops.get_item(x, slice(i, i + 1)) for i in range(300)])
        (dx,) = autograd.gradients(ops.sum(ops.exp(joined)), [x], create_graph=True)
        np.testing.assert_allclose(autograd.gradients(ops.sum(dx * dx), [x])[0], 2 * np.exp(2 * x.numpy()))
    factors = [leaf([0.5 + i, 2.0]) for i in range(5)]
    names = "abcde"
    check_second(
        lambda t: ops.sum(ops.einsum(f"{','.join(names)}->{names}", *t)), *[f.numpy() for f in factors]
    )


def test_an_op_without_a_rule_on_tensors_says_so() -> None:
    @autograd.differentiable
    def cubed(ctx: Any, x: Any) -> Any:
        ctx.save(x=x)
        return x**3

    @cubed.vjp
    def cubed_vjp(ctx: Any, dy: Any) -> Any:
        return dy * 3 * ctx.x**2

    try:
        x = leaf([2.0])
        (dx,) = autograd.gradients(ops.sum(cubed(x)), [x], create_graph=True)
        np.testing.assert_array_equal(dx, [12])
        with pytest.raises(NotImplementedError, match=r"^\[cubed\] has no second derivative yet: [^.]*$"):
            ops.sum(dx).backward()
    finally:
        del autograd.registry["cubed"]


def test_a_custom_op_with_a_rule_for_both() -> None:
    @autograd.differentiable
    def softened(ctx: Any, x: Any) -> Any:
        y = np.tanh(x)
        ctx.save(y=y)
        return y

    @softened.tensor_vjp
    @softened.vjp
    def softened_vjp(ctx: Any, dy: Any) -> Any:
        return dy * (1.0 - ctx.y * ctx.y)

    try:
        check_second(lambda t: ops.sum(softened(t[0])), np.array([0.3, -0.8]))
    finally:
        del autograd.registry["softened"]


def test_a_gradient_penalty_on_a_model() -> None:
    """Layers ride on the ops: a model's penalty has the gradients of the same net written by hand."""
    rng = np.random.default_rng(6)
    x = rng.standard_normal((5, 4)).astype(np.float32)
    model = fastnn.models.Sequential(
        [
            fastnn.layers.Input((4,)),
            fastnn.layers.Dense(6, activation="gelu"),
            fastnn.layers.Dense(6, activation="tanh"),
            fastnn.layers.Dense(3, activation="softmax"),
        ]
    )

    def penalty(f: Callable[[fastnn.Tensor], fastnn.Tensor]) -> fastnn.Tensor:
        inputs = leaf(x, np.float32)
        with fastnn.GradientTape() as inner:
            inner.watch(inputs)
            loss = ops.sum(ops.sparse_categorical_crossentropy(np.arange(5) % 3, f(inputs)))
        dx = inner.gradient(loss, inputs)
        return ops.sum(ops.square(ops.norm(dx, axis=1) - 1.0))

    with fastnn.GradientTape() as tape:
        total = penalty(lambda inputs: model(inputs, training=True))
    found = tape.gradient(total, model.trainable_variables)

    k1, b1, k2, b2, k3, b3 = weights = [leaf(v.numpy(), np.float32) for v in model.trainable_variables]

    def by_hand(inputs: fastnn.Tensor) -> fastnn.Tensor:
        hidden = ops.gelu(ops.dense(inputs, k1, b1), approximate=False)
        return ops.softmax(ops.dense(ops.dense(hidden, k2, b2, "tanh"), k3, b3))

    with fastnn.GradientTape() as tape:
        tape.watch(weights)
        hand = penalty(by_hand)
    np.testing.assert_allclose(total.item(), hand.item(), rtol=1e-5)
    for got, want in zip(found, tape.gradient(hand, weights), strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-4, atol=1e-5 * float(np.max(np.abs(want))))


def test_a_gradient_penalty_can_be_trained() -> None:
    """Each step differentiates loss + |gradient|^2; a WGAN-GP's critic is trained so."""
    arrays = _net_arrays()
    x, parameters = arrays[0], [leaf(a) for a in arrays[1:]]
    losses = []
    for _ in range(30):
        k1, b1, k2, b2 = parameters
        inputs = leaf(x)
        y = ops.dense(ops.dense(inputs, k1, b1, "tanh"), k2, b2)
        loss = ops.mean(ops.mean_squared_error(ONE_HOT, y))
        (dx,) = autograd.gradients(loss, [inputs], create_graph=True)
        total = loss + ops.sum(dx * dx)
        losses.append(total.item())
        for parameter, gradient in zip(parameters, autograd.gradients(total, parameters), strict=True):
            parameter.numpy()[...] -= 0.05 * gradient
    assert losses[-1] < 0.5 * losses[0]
