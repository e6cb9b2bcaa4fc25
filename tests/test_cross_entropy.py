"""Cross-entropies beyond the op table: clipping, special values, and the step past a softmax."""

import numpy as np
import pytest
from fastnn import Tensor, no_grad, ops
from fastnn._core import native

DTYPES = ["float32", "float64"]


def gradient(op, target, output, **options):
    x = Tensor(output, requires_grad=True)
    loss = op(target, x, **options)
    loss.backward(np.ones(loss.shape))
    return loss.numpy(), x.grad.numpy()


@pytest.mark.parametrize("dtype", DTYPES)
def test_probabilities_are_clipped_and_flat_there(dtype):
    p = np.array([[0, 1], [1, 0], [1e-9, 1]], dtype)
    t = np.array([[1, 0]] * 3, dtype)
    high = np.array(1 - 1e-7, dtype)
    want = -np.log(np.array([1e-7, high, 1e-7], dtype))
    for op, target in [
        (ops.categorical_crossentropy, t),
        (ops.sparse_categorical_crossentropy, np.zeros(3, int)),
    ]:
        loss, dx = gradient(op, target, p)
        np.testing.assert_allclose(loss, want, rtol=1e-6)
        np.testing.assert_array_equal(dx, np.zeros_like(p))
    loss, dx = gradient(ops.binary_crossentropy, t, p)
    np.testing.assert_allclose(loss, [-np.log(1e-7), -np.log(high), -np.log(1e-7)], rtol=0.1)
    np.testing.assert_array_equal(dx, np.zeros_like(p))


@pytest.mark.parametrize("dtype", DTYPES)
def test_logits_of_any_size_are_exact(dtype):
    x = np.array([[1000, 0], [0, 1000], [-1000, 0], [0, 0]], dtype)
    t = np.array([[1, 0]] * 4, dtype)
    want = np.array([0, 1000, 1000, np.log(2)])
    for op, target in [
        (ops.categorical_crossentropy, t),
        (ops.sparse_categorical_crossentropy, np.zeros(4, int)),
    ]:
        loss, dx = gradient(op, target, x, from_logits=True)
        np.testing.assert_allclose(loss, want, rtol=1e-6)
        np.testing.assert_allclose(dx, [[0, 0], [-1, 1], [-1, 1], [-0.5, 0.5]], atol=1e-7)
    loss, dx = gradient(ops.binary_crossentropy, t, x, from_logits=True)
    np.testing.assert_allclose(loss, np.log(2) * np.array([0.5, 0.5, 0.5, 1]) + [0, 500, 500, 0], rtol=1e-6)
    np.testing.assert_allclose(dx, [[0, 0.25], [-0.25, 0.5], [-0.5, 0.25], [-0.25, 0.25]], atol=1e-7)


@pytest.mark.parametrize("from_logits", [False, True])
@pytest.mark.parametrize("classes", [2, 10, 40])
def test_nan_shows_in_its_row_alone(classes, from_logits):
    p = np.full((3, classes), 1 / classes, "float32")
    p[1, -1] = np.nan
    t = np.zeros_like(p)
    t[:, 0] = 1
    for op, target in [
        (ops.categorical_crossentropy, t),
        (ops.sparse_categorical_crossentropy, [0, 0, 0]),
        (ops.binary_crossentropy, t),
    ]:
        loss, dx = gradient(op, target, p, from_logits=from_logits)
        assert np.isnan(loss).tolist() == [False, True, False]
        assert np.isnan(dx).any(-1).tolist() == [False, True, False]


def test_classes_of_no_weight_do_not_count():
    x = np.array([[0.0, -np.inf, 0.0]])
    loss, dx = gradient(ops.sparse_categorical_crossentropy, [0], x, from_logits=True)
    np.testing.assert_allclose(loss, np.log(2))
    np.testing.assert_allclose(dx, [[-0.5, 0, 0.5]])
    np.testing.assert_allclose(ops.categorical_crossentropy([[1.0, 0, 0]], x, from_logits=True), np.log(2))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(10,), (6, 10), (2, 3, 4)])
@pytest.mark.parametrize("sparse", [False, True])
def test_the_gradient_goes_past_a_softmax(sparse, shape, dtype):
    rng = np.random.default_rng(0)
    x = (rng.normal(size=shape) * 4).astype(dtype)
    weight = rng.random(shape[:-1])
    if sparse:
        op, t = ops.sparse_categorical_crossentropy, rng.integers(0, shape[-1], shape[:-1])
    else:
        op, t = ops.categorical_crossentropy, rng.random(shape).astype(dtype)
    results = {}
    for kind, axis in [
        ("past", -1),
        ("counted from the front", len(shape) - 1),
        ("through", None),
        ("logits", None),
    ]:
        logits = Tensor(x, requires_grad=True)
        if kind == "logits":
            loss = op(t, logits, from_logits=True)
        elif kind == "through":  # a node in between hides the softmax
            loss = op(t, ops.reshape(ops.softmax(logits), shape))
        else:
            loss = op(t, ops.softmax(logits, axis))
        loss.backward(weight)
        results[kind] = loss.numpy(), logits.grad.numpy()
    np.testing.assert_array_equal(results["past"][0], results["through"][0])
    np.testing.assert_array_equal(results["past"][1], results["counted from the front"][1])
    tight, loose = (1e-5, 1e-5) if dtype == "float32" else (1e-12, 1e-12)
    np.testing.assert_allclose(results["past"][0], results["logits"][0], rtol=tight)
    np.testing.assert_allclose(results["past"][1], results["logits"][1], rtol=loose, atol=tight / 10)
    np.testing.assert_allclose(results["past"][1], results["through"][1], rtol=loose, atol=tight)


@pytest.mark.parametrize("dtype", DTYPES)
def test_past_a_softmax_the_gradient_holds_where_the_loss_is_clipped(dtype):
    x = Tensor(np.array([[0, 2000, 0]], dtype), requires_grad=True)
    y = ops.softmax(x)
    loss = ops.sparse_categorical_crossentropy([0], y)
    loss.backward(np.ones(1))
    np.testing.assert_allclose(loss.numpy(), -np.log(1e-7), rtol=1e-6)
    np.testing.assert_array_equal(x.grad, [[-1, 1, 0]])


def test_a_softmax_that_is_used_twice_gets_both_gradients():
    rng = np.random.default_rng(0)
    x, t, w = rng.normal(size=(3, 4, 5))
    t = np.abs(t)
    once, twice = Tensor(x, requires_grad=True), Tensor(x, requires_grad=True)
    y = ops.softmax(twice)
    (ops.sum(ops.categorical_crossentropy(t, y)) + ops.sum(y * w)).backward()
    ops.sum(ops.categorical_crossentropy(t, ops.softmax(once))).backward()
    ops.sum(ops.softmax(once) * w).backward()
    np.testing.assert_allclose(twice.grad, once.grad, rtol=1e-12)


def test_a_softmax_over_another_axis_is_not_passed():
    rng = np.random.default_rng(0)
    x, t = Tensor(rng.normal(size=(5, 5)), requires_grad=True), np.eye(5)
    ops.sum(ops.categorical_crossentropy(t, ops.softmax(x, 0))).backward()
    y = ops.softmax(x.numpy(), 0)
    dy = native.categorical_crossentropy_backward(t, y, np.ones(5), False)
    np.testing.assert_allclose(x.grad, native.softmax_backward(y, dy, 0))


def test_nothing_is_recorded_without_a_tape():
    t, p = np.eye(3), np.full((3, 3), 1 / 3)
    assert type(ops.categorical_crossentropy(t, p)) is np.ndarray
    x = Tensor(p, requires_grad=True)
    with no_grad():
        assert not ops.categorical_crossentropy(t, ops.softmax(x)).requires_grad
    assert not ops.categorical_crossentropy(t, Tensor(p)).requires_grad


def test_the_target_follows_the_prediction():
    p = np.full((2, 2), 0.5, "float32")
    t = np.eye(2)
    for op in (ops.categorical_crossentropy, ops.binary_crossentropy, ops.mean_squared_error):
        for target in (t, t.astype("uint8"), t.astype(bool), t.tolist(), Tensor(t, requires_grad=True)):
            x = Tensor(p, requires_grad=True)
            loss = op(target, x)
            loss.backward(np.ones(2))
            assert loss.dtype == np.float32
            assert x.grad.dtype == np.float32
            if isinstance(target, Tensor):
                assert target.grad is None


@pytest.mark.parametrize("rows", [7, 3000])
def test_same_bits_at_any_thread_count_and_layout(rows):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, 10)).astype("float32")
    p = ops.softmax(x)
    t = rng.random((rows, 10)).astype("float32")
    labels = rng.integers(0, 10, rows)
    dy = rng.random(rows).astype("float32")

    def everything(lay_out):
        for output, from_logits in ((p, False), (x, True)):
            a, y, u = lay_out(output), lay_out(t), lay_out(dy)
            for name in ("categorical_crossentropy", "binary_crossentropy"):
                yield getattr(native, name + "_forward")(y, a, from_logits)
                yield getattr(native, name + "_backward")(y, a, u, from_logits)
            k = lay_out(labels)
            yield native.sparse_categorical_crossentropy_forward(k, a, from_logits)
            yield native.sparse_categorical_crossentropy_backward(k, a, u, from_logits)
            yield native.softmax_categorical_crossentropy_backward(y, a, u)
            yield native.softmax_sparse_categorical_crossentropy_backward(k, a, u)
        yield native.mean_squared_error_forward(lay_out(t), lay_out(x))
        yield native.mean_squared_error_backward(lay_out(t), lay_out(x), lay_out(dy))

    want = list(everything(np.asarray))
    before = native.get_num_threads()
    try:
        for threads in (1, 2, 4):
            native.set_num_threads(threads)
            for a, b in zip(want, everything(np.asarray), strict=True):
                np.testing.assert_array_equal(a, b)
    finally:
        native.set_num_threads(before)
    for lay_out in (np.asfortranarray, lambda a: np.repeat(a, 2, 0)[::2], lambda a: a[::-1].copy()[::-1]):
        for a, b in zip(want, everything(lay_out), strict=True):
            np.testing.assert_array_equal(a, b)
