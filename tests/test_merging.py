"""Layers that join inputs: what NumPy computes, and what they refuse."""

import fastnn
import numpy as np
import pytest
from fastnn import layers

RNG = np.random.default_rng(1)
A, B, C = (RNG.normal(size=(3, 4)).astype("float32") for _ in range(3))
EXPECTED = {
    "add": A + B + C,
    "multiply": A * B * C,
    "average": (A + B + C) / 3,
    "maximum": np.maximum(np.maximum(A, B), C),
    "minimum": np.minimum(np.minimum(A, B), C),
    "concatenate": np.concatenate([A, B, C], 1),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_three_inputs(name):
    cls = getattr(layers, name.capitalize())
    np.testing.assert_allclose(cls()([A, B, C]), EXPECTED[name], rtol=1e-6)
    np.testing.assert_allclose(getattr(layers, name)([A, B, C]), EXPECTED[name], rtol=1e-6)


def test_two_inputs():
    np.testing.assert_array_equal(layers.subtract([A, B]), A - B)
    np.testing.assert_allclose(layers.dot([A, B]), (A * B).sum(1, keepdims=True), rtol=1e-6)
    unit = [x / np.linalg.norm(x, axis=1, keepdims=True) for x in (A, B)]
    np.testing.assert_allclose(
        layers.dot([A, B], axes=1, normalize=True), (unit[0] * unit[1]).sum(1, keepdims=True), rtol=1e-5
    )


@pytest.mark.parametrize(
    ("axes", "shapes", "formula"),
    [
        (1, [(3, 4), (3, 4, 2)], "ba,bad->bd"),
        ((2, 1), [(3, 5, 4), (3, 4, 2)], "bca,bad->bcd"),
        ((1, 2), [(3, 4, 5), (3, 2, 4)], "bac,bda->bcd"),
        ((-1, 1), [(3, 2, 5, 4), (3, 4, 6, 2)], "bcda,baef->bcdef"),
    ],
)
def test_dot_of_matrices(axes, shapes, formula):
    x, y = (RNG.normal(size=shape) for shape in shapes)
    found = layers.Dot(axes, dtype="float64")([x, y])
    np.testing.assert_allclose(found, np.einsum(formula, x, y), rtol=1e-12)


def test_dot_of_zeros_has_a_gradient():
    x = fastnn.tensor(np.zeros((2, 3)), requires_grad=True)
    layers.Dot(1, normalize=True, dtype="float64")([x, fastnn.tensor(np.ones((2, 3)))]).sum().backward()
    assert np.isfinite(np.asarray(x.grad)).all()


def test_inputs_of_fewer_dimensions_get_ones_behind_the_batch():
    x, y = RNG.normal(size=(3, 4)).astype("float32"), RNG.normal(size=(3, 5, 4)).astype("float32")
    np.testing.assert_array_equal(layers.Add()([x, y]), x[:, None] + y)
    assert layers.add([fastnn.Input((4,)), fastnn.Input((5, 4))]).shape == (None, 5, 4)


def test_unknown_sizes():
    a, b = fastnn.Input((None, 4)), fastnn.Input((None, 4))
    assert layers.Add()([a, b]).shape == (None, None, 4)
    assert layers.Add()([a, fastnn.Input((1, 4))]).shape == (None, None, 4)
    assert layers.Add()([a, fastnn.Input((3, 4))]).shape == (None, None, 4)  # the other may be 1
    assert layers.Concatenate(1)([a, b]).shape == (None, None, 4)
    assert layers.Concatenate()([a, fastnn.Input((3, 4))]).shape == (None, 3, 8)
    assert layers.Reshape((-1, 2))(a).shape == (None, None, 2)


ONE = fastnn.Input((4,), name="one")
OTHER = fastnn.Input((5,), name="other")
CUBE = fastnn.Input((4, 5), name="cube")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (
            lambda: layers.Add(name="a")([ONE, OTHER]),
            r"layer 'a' \(Add\): .* must broadcast; received \[\(None, 4\)",
        ),
        (lambda: layers.Add()(ONE), r"takes a list of inputs; received one of shape \(None, 4\)"),
        (lambda: layers.Add()(A), "takes a list of inputs; received one of shape"),
        (lambda: layers.Add()([A, A[:2]]), "same batch size"),
        (lambda: layers.Subtract()([ONE, ONE, ONE]), "takes 2 inputs; received 3"),
        (lambda: layers.Concatenate()([ONE, CUBE]), "same number of dimensions"),
        (lambda: layers.Concatenate(1)([CUBE, fastnn.Input((4, 6))]), "may differ along axis 1 only"),
        (lambda: layers.Concatenate(2)([ONE, ONE]), "more than axis=2"),
        (lambda: layers.Concatenate(0), "axis must be an integer other than 0"),
        (lambda: layers.Dot(1)([ONE, OTHER]), "same size along the axes 1"),
        (lambda: layers.Dot(2)([ONE, ONE]), "must have the axes 2"),
        (lambda: layers.Dot(1)([ONE, ONE, ONE]), "takes 2 inputs; received 3"),
        (lambda: layers.Dot((0, 1)), "axes must be an integer or two, other than 0"),
        (lambda: layers.Reshape((3, 2))(CUBE), "cannot take the shape"),
        (lambda: layers.Reshape((3, -1))(CUBE), "cannot take the shape"),
        (lambda: layers.Reshape((-1, -1)), "at most one of them -1"),
    ],
)
def test_what_does_not_fit(make, words):
    with pytest.raises(ValueError, match=words):
        make()
