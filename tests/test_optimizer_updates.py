"""The native optimizer steps against plain NumPy in float64, for every variant, layout and error."""

import itertools

import numpy as np
import pytest
from fastnn._core import native

SHAPES = [(784, 33), (5,), (), (0, 3), (33, 10), (17, 3, 2)]


def sgd(w, g, slots, step, lr=0.05, momentum=0.0, nesterov=False, weight_decay=0.0):
    w -= w * weight_decay * lr
    if not slots:
        w -= lr * g
        return
    (m,) = slots
    m[...] = m * momentum - lr * g
    w += m * momentum - lr * g if nesterov else m


def rmsprop(w, g, slots, step, lr=0.05, rho=0.9, momentum=0.0, epsilon=1e-7, weight_decay=0.0):
    w -= w * weight_decay * lr
    v, m, a = slots
    v[...] = rho * v + (1 - rho) * g**2
    denominator = v + epsilon
    if a is not None:
        a[...] = rho * a + (1 - rho) * g
        denominator = denominator - a**2
    increment = lr * g / np.sqrt(denominator)
    if m is not None:
        m[...] = momentum * m + increment
        increment = m
    w -= increment


def adagrad(w, g, slots, step, lr=0.05, epsilon=1e-7, weight_decay=0.0):
    w -= w * weight_decay * lr
    (a,) = slots
    a += g**2
    w -= lr * g / np.sqrt(a + epsilon)


def adam(w, g, slots, step, lr=0.05, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.0):
    w -= w * weight_decay * lr
    m, v, largest = slots
    m += (g - m) * (1 - beta_1)
    v += (g**2 - v) * (1 - beta_2)
    if largest is not None:
        v = np.maximum(largest, v, out=largest)
    w -= lr * np.sqrt(1 - beta_2**step) / (1 - beta_1**step) * m / (np.sqrt(v) + epsilon)


def native_sgd(w, g, slots, step, lr=0.05, momentum=0.0, nesterov=False, weight_decay=0.0):
    native.sgd_update(w, g, slots[0] if slots else None, lr, momentum, nesterov, weight_decay)


def native_rmsprop(w, g, slots, step, lr=0.05, rho=0.9, momentum=0.0, epsilon=1e-7, weight_decay=0.0):
    native.rmsprop_update(w, g, *slots, lr, rho, momentum, epsilon, weight_decay)


def native_adagrad(w, g, slots, step, lr=0.05, epsilon=1e-7, weight_decay=0.0):
    native.adagrad_update(w, g, *slots, lr, epsilon, weight_decay)


def native_adam(w, g, slots, step, lr=0.05, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=0.0):
    native.adam_update(w, g, *slots, lr, beta_1, beta_2, epsilon, step, weight_decay)


VARIANTS = [
    *[(sgd, native_sgd, {"weight_decay": wd}, ()) for wd in (0.0, 0.1)],
    *[
        (sgd, native_sgd, {"momentum": 0.9, "nesterov": n, "weight_decay": wd}, (True,))
        for n, wd in itertools.product((False, True), (0.0, 0.1))
    ],
    *[
        (rmsprop, native_rmsprop, {"momentum": mu, "weight_decay": wd}, (True, mu != 0, centered))
        for mu, centered, wd in itertools.product((0.0, 0.9), (False, True), (0.0, 0.1))
    ],
    *[
        (adam, native_adam, {"weight_decay": wd, "beta_1": b}, (True, True, amsgrad))
        for wd in (0.0, 0.1)
        for b in (0.9, 0.5)
        for amsgrad in (False, True)
    ],
    *[(adagrad, native_adagrad, {"weight_decay": wd}, (True,)) for wd in (0.0, 0.1)],
]
IDS = [f"{f.__name__}-{'-'.join(f'{k}={v}' for k, v in o.items())}-{s}" for f, _, o, s in VARIANTS]


def stepped(x):
    """The same values with a gap between neighbours, and reversed."""
    wide = np.full(tuple(2 * n for n in x.shape), 7, x.dtype)
    view = wide[tuple(slice(None, None, -2) for _ in x.shape)] if x.ndim else wide
    view[...] = x
    return view


def run(reference, update, options, used, dtype, lay_out=np.array, steps=6):
    rng = np.random.default_rng(1)
    want = [rng.normal(size=s) for s in SHAPES]
    got = [lay_out(w.astype(dtype)) for w in want]
    want_slots = [[np.zeros(s) for s in SHAPES] if u else None for u in used]
    got_slots = [[lay_out(np.zeros(s, dtype)) for s in SHAPES] if u else None for u in used]
    for step in range(1, steps + 1):
        grads = [rng.normal(size=s).astype(dtype) for s in SHAPES]
        for i, (w, g) in enumerate(zip(want, grads, strict=True)):
            reference(w, g.astype("float64"), [s and s[i] for s in want_slots], step, **options)
        update(got, [lay_out(g) for g in grads], got_slots, step, **options)
    return got, got_slots, want, want_slots


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("variant", VARIANTS, ids=IDS)
def test_equals_numpy(variant, dtype):
    got, got_slots, want, want_slots = run(*variant, dtype)
    # Keras's 1 - beta^t in float32 is off by some 2^-24 / (1 - beta): what the steps of Adam carry along.
    rtol = {"float32": 2e-4 if variant[0] is adam else 2e-5, "float64": 1e-12}[dtype]
    for g, w in zip(got, want, strict=True):
        assert g.dtype == dtype
        np.testing.assert_allclose(g, w, rtol=rtol, atol=rtol / 10)
    for gs, ws in zip(got_slots, want_slots, strict=True):
        for g, w in zip(gs or [], ws or [], strict=True):
            np.testing.assert_allclose(g, w, rtol=2e-5 if dtype == "float32" else 1e-12, atol=rtol / 10)


@pytest.mark.parametrize("lay_out", [np.asfortranarray, stepped], ids=["fortran", "stepped"])
@pytest.mark.parametrize("variant", VARIANTS, ids=IDS)
def test_layouts_give_the_same_bits_in_place(variant, lay_out):
    got, slots, *_ = run(*variant, "float32")
    again, again_slots, *_ = run(*variant, "float32", lay_out)
    for a, b in zip(got, again, strict=True):
        np.testing.assert_array_equal(a, b)
    for a, b in zip(slots, again_slots, strict=True):
        for x, y in zip(a or [], b or [], strict=True):
            np.testing.assert_array_equal(x, y)


def test_gaps_between_elements_are_left_alone():
    wide = np.full((4, 6), 7.0, np.float32)
    native.sgd_update([wide[::2, ::3]], [np.ones((2, 2), np.float32)], None, 1.0, 0.0, False, 0.0)
    assert (wide[::2, ::3] == 6).all()
    wide[::2, ::3] = 7
    assert (wide == 7).all()


@pytest.mark.parametrize("variant", VARIANTS, ids=IDS)
def test_same_bits_at_any_thread_count(variant):
    before = native.get_num_threads()
    try:
        results = []
        for threads in (1, 2, 4):
            native.set_num_threads(threads)
            results.append(run(*variant, "float32", steps=2)[0])
    finally:
        native.set_num_threads(before)
    for other in results[1:]:
        for a, b in zip(results[0], other, strict=True):
            np.testing.assert_array_equal(a, b)


def test_parameters_of_both_types_in_one_call():
    w = [np.ones(3, np.float32), np.ones(4), np.ones(5, np.float32)]
    native.sgd_update(w, [np.full(a.shape, 2.0) for a in w], None, 0.5, 0.0, False, 0.0)
    assert [a.dtype.name for a in w] == ["float32", "float64", "float32"]
    assert all((a == 0).all() for a in w)


def test_nan_gradients_show():
    g = np.zeros(20, np.float32)
    g[7] = np.nan
    for amsgrad in (False, True):
        w, m, v, largest = ([np.ones(20, np.float32)] for _ in range(4))
        native.adam_update(w, [g], m, v, largest if amsgrad else None, 0.1, 0.9, 0.999, 1e-7, 1, 0.0)
        assert np.flatnonzero(np.isnan(w[0])).tolist() == [7]


def test_no_parameters():
    native.sgd_update([], [], None, 0.1, 0.0, False, 0.0)


def readonly():
    a = np.ones(3, np.float32)
    a.flags.writeable = False
    return a


@pytest.mark.parametrize(
    ("w", "g", "m", "error", "message"),
    [
        (np.ones(3), np.ones(4), np.ones(3), ValueError, r"\[sgd_update\] grads\[0\].shape must be \(3,\)"),
        (np.ones(3), np.ones(3), np.ones(2), ValueError, r"slots\[0\].shape must be \(3,\); received \(2,\)"),
        (np.ones(3), np.ones(3), np.ones(3, "float32"), TypeError, "dtype of their parameter"),
        (np.ones(3, int), np.ones(3), np.ones(3), TypeError, "must be an aligned float32 or float64"),
        ([1.0], np.ones(1), np.ones(1), TypeError, "must be an aligned float32 or float64"),
        (readonly(), np.ones(3), np.ones(3, "float32"), ValueError, "read-only"),
    ],
)
def test_bad_arrays_change_nothing(w, g, m, error, message):
    good = np.ones(3)
    before = np.array(w)
    with pytest.raises(error, match=message):
        native.sgd_update([w, good], [g, good.copy()], [m, good.copy()], 0.1, 0.9, False, 0.0)
    np.testing.assert_array_equal(w, before)
    np.testing.assert_array_equal(good, 1)


def test_bad_lists():
    w = [np.ones(3)]
    with pytest.raises(ValueError, match="equally many; received 1 and 0"):
        native.sgd_update(w, [], None, 0.1, 0.0, False, 0.0)
    with pytest.raises(ValueError, match="as many slots as params, 1; received 2"):
        native.sgd_update(w, w, [w[0], w[0]], 0.1, 0.9, False, 0.0)
    with pytest.raises(ValueError, match="momentum needs a list"):
        native.sgd_update(w, w, None, 0.1, 0.9, False, 0.0)
    with pytest.raises(TypeError, match="list of arrays"):
        native.sgd_update(w, w, (w[0],), 0.1, 0.9, False, 0.0)
    with pytest.raises(ValueError, match="step must be at least 1"):
        native.adam_update(w, w, w, w, None, 0.1, 0.9, 0.999, 1e-7, 0, 0.0)
