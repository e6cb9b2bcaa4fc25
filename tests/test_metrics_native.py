"""Counts of right predictions against NumPy's argmax and comparisons."""

import numpy as np
import pytest
from fastnn._core import native


def layouts(x):
    yield x
    yield np.asfortranarray(x)
    wide = np.zeros(tuple(2 * n for n in x.shape), x.dtype)
    view = wide[tuple(slice(None, None, -2) for _ in x.shape)]
    view[...] = x
    yield view
    yield x.astype(x.dtype.newbyteorder(">"))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "shape", [(1, 1), (7, 3), (128, 10), (5000, 10), (3, 40000), (4, 5, 6), (0, 3), (9,)]
)
def test_argmax_metrics_equal_numpy(shape, dtype):
    rng = np.random.default_rng(0)
    t = np.round(rng.normal(size=shape), 1).astype(dtype)  # rounded, so that rows hold ties
    p = np.round(t + rng.normal(size=shape) * 0.3, 1).astype(dtype)
    labels = t.argmax(-1)
    want = int((labels == p.argmax(-1)).sum())
    for a, b in zip(layouts(t), layouts(p), strict=True):
        assert native.categorical_matches(a, b) == want
        assert native.sparse_categorical_matches(labels, b) == want
    assert native.categorical_matches(t.astype("float64"), p) == want
    assert native.sparse_categorical_matches(labels[..., None].astype("uint16"), p) == want


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_nan_and_infinities_as_numpy(dtype):
    values = np.array([np.nan, -np.inf, np.inf, 0.0, -0.0, 1.0], dtype)
    rng = np.random.default_rng(0)
    t, p = values[rng.integers(0, 6, (2, 2000, 4))]
    want = int((t.argmax(-1) == p.argmax(-1)).sum())
    assert native.categorical_matches(t, p) == want
    assert native.sparse_categorical_matches(t.argmax(-1), p) == want
    truth = (values > 0).astype(dtype)
    assert native.binary_matches(truth, values, 0.5) == 6
    assert native.binary_matches(np.full(6, np.nan, dtype), values, 0.5) == 0


@pytest.mark.parametrize("threshold", [0.5, 0.25])
@pytest.mark.parametrize("shape", [(), (1,), (1000, 1), (300, 257)])
def test_binary_equals_numpy(shape, threshold):
    rng = np.random.default_rng(1)
    p = np.round(rng.random(shape) * 8) / 8  # some lie on the threshold
    t = rng.integers(0, 2, shape)
    want = int((t == (p > threshold)).sum())
    for kind in ("bool", "uint8", "float32", "float64"):
        assert native.binary_matches(t.astype(kind), p.astype("float32"), threshold) == want


def test_labels_outside_the_classes_match_nothing():
    p = np.eye(3, dtype="float32")
    assert native.sparse_categorical_matches([0, -1, 3], p) == 1


def test_bad_arguments():
    p = np.ones((4, 3))
    with pytest.raises(ValueError, match=r"y_true.shape must be \(4, 3\); received \(4,\)"):
        native.categorical_matches(np.ones(4), p)
    with pytest.raises(
        ValueError, match=r"labels.shape must be y_pred.shape\[:-1\], \(4,\); received \(3,\)"
    ):
        native.sparse_categorical_matches([0, 1, 2], p)
    with pytest.raises(ValueError, match=r"at least one class; received shape \(4, 0\)"):
        native.sparse_categorical_matches([0, 1, 2, 0], np.ones((4, 0)))
    with pytest.raises(TypeError, match="must hold integers; received dtype float64"):
        native.sparse_categorical_matches([0.5] * 4, p)
    with pytest.raises(ValueError, match=r"\[binary_matches\] y_true.shape must be \(4, 3\)"):
        native.binary_matches(np.ones(3), p, 0.5)
