"""The tape: what is recorded, how gradients add up, and what becomes of the memory."""

from __future__ import annotations

import gc
import sys
import threading
import weakref
from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import autograd, ops


def leaf(*values: float, dtype: Any = np.float64) -> fastnn.Tensor:
    return fastnn.tensor(np.array(values, dtype), requires_grad=True)


def test_backward_adds_to_grad() -> None:
    x = leaf(1, 2, 3)
    (x * x).sum().backward()
    first = x.grad
    np.testing.assert_array_equal(first, [2, 4, 6])
    (x * 3.0).sum().backward()
    np.testing.assert_array_equal(x.grad, [5, 7, 9])
    np.testing.assert_array_equal(first, [2, 4, 6])
    x.grad = None
    (x * 3.0).sum().backward()
    np.testing.assert_array_equal(x.grad, [3, 3, 3])


def test_a_graph_can_be_walked_twice() -> None:
    x = leaf(1, 2)
    y = (x * x).sum()
    y.backward(retain_graph=True)
    y.backward()
    np.testing.assert_array_equal(x.grad, [4, 8])
    with pytest.raises(RuntimeError, match=r"^\[sum\] .* memory freed: pass retain_graph=True"):
        y.backward()


def test_shared_subexpression() -> None:
    x = leaf(2, 3)
    y = x * x
    (y * y + y).sum().backward()
    np.testing.assert_array_equal(x.grad, 4 * np.array([8, 27]) + 2 * np.array([2, 3]))


def test_diamond() -> None:
    """Each of two paths is walked once, and the node where they part after both."""
    x = leaf(0.5)
    a = x * 2.0
    (ops.tanh(a) * ops.sigmoid(a)).backward()
    t, s = np.tanh(1.0), 1 / (1 + np.exp(-1.0))
    np.testing.assert_allclose(x.grad, [2 * ((1 - t * t) * s + t * s * (1 - s))], rtol=1e-15)


def test_a_ladder_of_diamonds_is_linear_work() -> None:
    x = leaf(1)
    y = x
    for _ in range(200):  # 2 ** 200 paths
        y = y * 0.5 + y * 0.5
    y.backward()
    np.testing.assert_array_equal(x.grad, [1])


def test_one_tensor_as_both_arguments() -> None:
    x = leaf(3)
    (x - x).backward()
    np.testing.assert_array_equal(x.grad, [0])


def test_leaves_do_not_share_their_gradients() -> None:
    x, y = leaf(1, 2), leaf(3, 4)
    upstream = np.array([1.0, 10.0])
    (x + y).backward(upstream)
    x.grad.numpy()[...] = 7
    np.testing.assert_array_equal(y.grad, [1, 10])
    np.testing.assert_array_equal(upstream, [1, 10])


@pytest.mark.parametrize(
    "view", [lambda x: x.sum(), lambda x: x.T, lambda x: x.reshape(3, 2), lambda x: x.mean(axis=0)]
)
def test_gradients_of_views_are_arrays_of_their_own(view: Any) -> None:
    x = fastnn.tensor(np.ones((2, 3)), requires_grad=True)
    y = view(x)
    upstream = np.ones(y.shape)
    y.backward(upstream)
    assert x.grad.numpy().flags.c_contiguous
    x.grad += 1
    np.testing.assert_array_equal(upstream, np.ones(y.shape))


def test_gradients_have_the_type_of_their_leaf() -> None:
    x = leaf(1, 2, dtype=np.float32)
    (x * leaf(1, 2)).sum().backward()
    assert x.grad.dtype == np.float32


def test_python_numbers_are_weak_and_numpy_scalars_are_not() -> None:
    x = leaf(1, 2, dtype=np.float32)
    for y in (x + 2.0, 2 + x, x * True, x / 3, 1.0 - x, -x):
        assert y.dtype == np.float32
    assert (x + np.float64(2)).dtype == (np.float64(2) + x).dtype == np.float64


def test_arrays_on_the_left() -> None:
    x = leaf(1, 2)
    y = np.array([10.0, 20.0]) - x
    assert type(y) is fastnn.Tensor
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, [-1, -1])


def test_integers_as_constants() -> None:
    x = leaf(1, 2)
    (x * np.array([3, 4]) / np.array([2, 2])).sum().backward()
    np.testing.assert_array_equal(x.grad, [1.5, 2])


def test_no_grad() -> None:
    x = leaf(1)
    with fastnn.no_grad():
        inner = x * 2.0
        with fastnn.no_grad():
            pass
        still = x * 2.0
    assert not inner.requires_grad
    assert not still.requires_grad
    assert (x * 2.0).requires_grad
    with pytest.raises(KeyError), fastnn.no_grad():
        raise KeyError
    assert (x * 2.0).requires_grad


def test_no_grad_is_of_one_thread() -> None:
    x = leaf(1)
    recorded = []
    with fastnn.no_grad():
        thread = threading.Thread(target=lambda: recorded.append((x * 2.0).requires_grad))
        thread.start()
        thread.join()
    assert recorded == [True]


def test_detached_tensors_and_constants_get_no_gradient() -> None:
    x, constant = leaf(2), fastnn.tensor([3.0])
    (x * x.detach() * constant).backward()
    np.testing.assert_array_equal(x.grad, [6])
    assert constant.grad is None


def test_backward_needs_one_element_or_a_gradient() -> None:
    x = leaf(1, 2)
    with pytest.raises(ValueError, match=r"one element .* received shape \(2,\): reduce it first"):
        (x * x).backward()
    with pytest.raises(ValueError, match=r"shape of the tensor, \(2,\); received \(3,\)"):
        (x * x).backward(np.ones(3))
    assert x.grad is None


def test_backward_needs_a_graph() -> None:
    with pytest.raises(ValueError, match="not computed from any tensor that requires a gradient"):
        fastnn.tensor([1.0]).backward()


@pytest.mark.parametrize("dtype", [np.int64, bool, complex])
def test_only_floats_require_gradients(dtype: Any) -> None:
    with pytest.raises(TypeError, match=f"floating-point tensors .* received dtype {np.dtype(dtype)}"):
        fastnn.tensor(np.ones(2, dtype), requires_grad=True)


def test_complex_results_have_no_gradient() -> None:
    with pytest.raises(TypeError, match="received dtype complex128"):
        (leaf(1) * np.array([1j])).backward()


def test_keyword_tensors_are_recorded() -> None:
    x, y = leaf(1, 2), leaf(3, 4)
    ops.subtract(x2=y, x1=x).sum().backward()
    np.testing.assert_array_equal(x.grad, [1, 1])
    np.testing.assert_array_equal(y.grad, [-1, -1])


@pytest.mark.parametrize(
    ("args", "options", "message"),
    [
        (1, {}, r"add\(\) missing .* argument: 'x2'"),
        (1, {"y": None}, r"add\(\) .*unexpected keyword argument 'y'|add\(\) missing"),
        (2, {"y": None}, r"add\(\) got an unexpected keyword argument 'y'"),
        (2, {"x1": None}, r"add\(\) got multiple values for argument 'x1'"),
        (3, {}, r"add\(\) takes at most 2 arguments but 3 were given"),
    ],
)
@pytest.mark.parametrize("make", [np.ones, lambda n: leaf(*np.ones(n))])
def test_wrong_arguments_name_the_op(args: int, options: dict[str, Any], message: str, make: Any) -> None:
    with pytest.raises(TypeError, match=message):
        ops.add(*[make(2)] * args, **options)


def test_gradients_leaves_grad_alone() -> None:
    x, y, other = leaf(2), leaf(3), leaf(4)
    found = autograd.gradients(x * y, [x, y, other])
    assert [None if g is None else g.item() for g in found] == [3, 2, None]
    assert x.grad is None


def test_an_op_without_a_rule_says_so() -> None:
    @autograd.differentiable
    def stairs(ctx: Any, x: Any) -> Any:
        return np.floor(x)

    try:
        y = stairs(leaf(1.5))
        with pytest.raises(NotImplementedError, match=r"^\[stairs\] has no .* with @stairs.vjp$"):
            y.backward()
    finally:
        del autograd.registry["stairs"]


def test_a_deep_chain() -> None:
    """Neither the backward pass nor taking the graph apart recurses."""
    x = leaf(1)
    y = x
    for _ in range(100_000):
        y = y + 1.0
    y.backward()
    np.testing.assert_array_equal(x.grad, [1])
    del y
    gc.collect()


def test_memory_goes_with_the_graph() -> None:
    """Without waiting for the garbage collector: what is recorded holds no cycles."""
    gc.disable()
    try:
        x = leaf(1, 2)
        y = ops.tanh(x * x)
        loss = (y * y).sum()
        nodes = [weakref.ref(t) for t in (y, loss)] + [weakref.ref(y.numpy())]
        loss.backward()
        del y, loss
        assert [ref() for ref in nodes] == [None] * 3
    finally:
        gc.enable()


def test_results_hold_no_graph_without_need() -> None:
    big = np.ones(1000)
    ref = weakref.ref(big)
    y = ops.relu(fastnn.tensor(big) + 1.0)
    del big
    assert ref() is None
    assert y._node is None


def test_unused_saved_arrays_are_not_kept() -> None:
    """Adding needs neither argument for its gradient."""
    big = np.ones(1000)
    ref = weakref.ref(big)
    y = leaf(*np.ones(1000)) + big
    del big
    assert ref() is None
    y.backward(np.ones(1000))


def test_tensors_share_memory() -> None:
    a = np.ones(3)
    t = fastnn.tensor(a)
    assert t.numpy() is a
    a[0] = 5
    assert np.asarray(t)[0] == 5
    assert np.array(t, copy=True) is not a
    assert t.detach().numpy() is a
    assert (t.shape, t.ndim, t.size, t.dtype, len(t)) == ((3,), 1, 3, np.float64, 3)
    assert fastnn.tensor([2.5]).item() == 2.5
    assert float(fastnn.tensor(2.5)) == 2.5
    assert not fastnn.tensor([0.0])
    with pytest.raises(ValueError, match="truth value"):
        bool(fastnn.tensor([1.0, 2.0]))


def test_repr() -> None:
    assert repr(leaf(1, 2)) == "Tensor([1., 2.], dtype=float64, requires_grad=True)"
    assert repr(fastnn.tensor([1])) == "Tensor([1], dtype=int64)"


def test_every_operator() -> None:
    a, b = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[2.0, 0.5], [1.0, 4.0]])
    x, y = fastnn.tensor(a), fastnn.tensor(b)
    for got, want in [
        (x + y, a + b),
        (x - y, a - b),
        (x * y, a * b),
        (x / y, a / b),
        (x @ y, a @ b),
        (-x, -a),
        (2.0 + x, 2 + a),
        (2.0 - x, 2 - a),
        (2.0 * x, 2 * a),
        (2.0 / x, 2 / a),
        (a @ y, a @ b),
        (x.T, a.T),
        (x.sum(axis=0), a.sum(axis=0)),
        (x.mean(keepdims=True), a.mean(keepdims=True)),
        (x.reshape(4), a.reshape(4)),
        (x.reshape(-1, 1), a.reshape(-1, 1)),
        (x.reshape((4, 1)), a.reshape(4, 1)),
    ]:
        assert type(got) is fastnn.Tensor
        np.testing.assert_array_equal(got.numpy(), want)


def test_concurrent_graphs_do_not_mix() -> None:
    results: list[float] = []

    def work(scale: float) -> None:
        for _ in range(50):
            x = fastnn.tensor(np.full(20_000, scale), requires_grad=True)
            (x * x).sum().backward()
            results.append(float(np.max(np.abs(x.grad.numpy() - 2 * scale))))

    threads = [threading.Thread(target=work, args=(s,)) for s in (1.0, 2.0, 3.0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [0.0] * 150


def test_ops_of_many_arguments() -> None:
    @autograd.differentiable
    def total(ctx: Any, *parts: Any) -> Any:
        return sum(parts)

    @total.vjp
    def total_vjp(ctx: Any, dy: Any) -> Any:
        return tuple(dy if need else None for need in ctx.needs)

    try:
        leaves = [fastnn.tensor(np.full(2, float(i)), requires_grad=i % 2 == 0) for i in range(40)]
        y = total(*leaves)
        y.backward(np.ones(2))
        assert y.numpy().tolist() == [780.0, 780.0]
        assert [leaf.grad is not None for leaf in leaves] == [i % 2 == 0 for i in range(40)]
    finally:
        del autograd.registry["total"]


def test_errors_in_an_op_leave_nothing_behind() -> None:
    x = fastnn.tensor(np.ones((2, 3)), requires_grad=True)
    alive = weakref.ref(x)
    with pytest.raises(ValueError, match="matmul"):
        ops.matmul(x, x)
    del x
    gc.collect()
    assert alive() is None


def test_a_tensor_without_init_is_refused() -> None:
    with pytest.raises(AttributeError, match="not been initialised"):
        ops.negative(fastnn.Tensor.__new__(fastnn.Tensor))


def test_calls_keep_no_references() -> None:
    x = fastnn.tensor(np.ones(3), requires_grad=True)
    constant, array = fastnn.tensor(np.ones(3)), np.ones(3)
    before = [sys.getrefcount(o) for o in (None, x, constant, array, x.numpy(), constant.numpy())]
    for _ in range(1000):
        ops.multiply(x, constant)
        ops.add(constant, array)
        ops.add(array, array)
    after = [sys.getrefcount(o) for o in (None, x, constant, array, x.numpy(), constant.numpy())]
    assert all(abs(a - b) < 100 for a, b in zip(after, before, strict=True))
