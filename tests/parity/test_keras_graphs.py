"""Graph models as Keras has them: from one program the same layers, the same order of weights, the same numbers."""

from __future__ import annotations

import itertools
import os
import warnings
from importlib.util import find_spec

import fastnn
import numpy as np
import pytest

if find_spec("keras") is None:
    pytest.skip("parity with Keras needs Keras and a backend", allow_module_level=True)
os.environ.setdefault("KERAS_BACKEND", "jax" if find_spec("jax") else "tensorflow")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import keras

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def two_branch(k):
    a, b = k.Input((4,), name="a"), k.Input((3,), name="b")
    x = k.layers.Concatenate()([k.layers.Dense(5, activation="relu")(a), k.layers.Dense(2)(b)])
    return k.Model([a, b], k.layers.Dense(3, activation="softmax")(x))


def shared(k):
    a, b = k.Input((4,)), k.Input((4,))
    encode = k.Sequential([k.layers.Dense(6, activation="tanh"), k.layers.Dense(3)])
    return k.Model([a, b], k.layers.Dot(axes=1, normalize=True)([encode(a), encode(b)]))


def residual(k):
    x = inputs = k.Input((4,))
    for _ in range(3):
        y = k.layers.Dense(4, activation="relu")(x)
        y = k.layers.Dense(4)(y)
        x = k.layers.Activation("relu")(k.layers.Add()([x, y]))
    return k.Model(inputs, k.layers.Dense(2)(x))


def nested(k):
    x = k.Input((4,))
    inner_input = k.Input((4,))
    inner = k.Model(
        inner_input, [k.layers.Dense(2)(inner_input), k.layers.Dense(3)(inner_input)], name="inner"
    )
    left, right = inner(x)
    again, _ = inner(k.layers.Dense(4)(x))
    return k.Model(x, k.layers.Concatenate()([left, right, again]))


def heads(k):
    x = k.Input((4,))
    body = k.layers.Dense(5, activation="relu", name="body")(x)
    parity = k.layers.Dense(1, activation="sigmoid", name="parity_layer")(body)
    digit = k.layers.Dense(3, activation="softmax", name="digit_layer")(k.layers.Dense(4)(body))
    return k.Model(x, [digit, parity])


def dicts(k):
    z, y = k.Input((4,), name="z"), k.Input((3,), name="y")
    q, p = k.layers.Dense(2)(z), k.layers.Dense(2)(y)
    return k.Model({"z": z, "y": y}, {"sum": k.layers.Add()([q, p]), "first": q})


def inception(k):
    x = k.Input((4,))
    towers = [k.layers.Dense(2)(x)]
    towers += [k.layers.Dense(width)(k.layers.Dense(2, activation="relu")(x)) for width in (3, 4)]
    towers.append(k.layers.Dense(2)(k.layers.Rescaling(0.5)(x)))
    y = k.layers.Concatenate()(towers)
    return k.Model(x, k.layers.Reshape((11, 1))(y))


def operators(k):
    x = k.Input((4,))
    y = k.layers.Dense(4)(x)
    y = k.ops.relu(y * 2.0 - x) / (1.0 + k.ops.square(x)) + np.arange(4, dtype="float32")
    y = k.ops.concatenate([y, -x, k.ops.sum(y, axis=1, keepdims=True) @ np.ones((1, 2), "float32")], axis=-1)
    return k.Model(x, k.layers.Dense(2)(y))


def merges(k):
    a, b = k.Input((3, 4)), k.Input((4,))
    names = ("Add", "Multiply", "Average", "Maximum", "Minimum")
    found = [getattr(k.layers, name)()([a, b, a]) for name in names]
    found.append(k.layers.subtract([a, b]))
    found.append(k.layers.dot([a, b], axes=(2, 1)))
    found.append(k.layers.dot([a, a], axes=2))
    found.append(k.layers.concatenate([a, found[0]], axis=1))
    return k.Model([a, b], found)


def subclass(k):
    class Block(k.layers.Layer):
        def __init__(self, units):
            super().__init__()
            self.parts = []
            self.gate = k.layers.Dense(units, activation="sigmoid")
            self.parts.append(k.layers.Dense(units))
            self.parts.append(k.layers.Dense(units))

        def build(self, input_shape):
            self.gain = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="gain")

        def call(self, x):
            y = x * self.gain
            for part in self.parts:
                y = part(y)
            return y * self.gate(x)

    class Net(k.Model):
        def __init__(self):
            super().__init__()
            self.blocks = {"b": Block(4), "a": [Block(4)]}
            self.head = k.layers.Dense(2)

        def call(self, x, training=False):
            return self.head(self.blocks["a"][0](self.blocks["b"](x)) + x)

    x = k.Input((4,))
    return k.Model(x, Net()(x))


MODELS = [two_branch, shared, residual, nested, heads, dicts, inception, operators, merges, subclass]


def pair(make):
    """Return a model of Keras's, and the same of ours with its weights, named from the same beginning."""
    keras.utils.clear_session()
    fastnn.utils.clear_session()
    theirs, ours = make(keras), make(fastnn)
    rng = np.random.default_rng(0)
    ours.set_weights([rng.normal(0.4, 0.5, w.shape).astype("float32") for w in theirs.get_weights()])
    theirs.set_weights(ours.get_weights())
    return theirs, ours


def data(model):
    rng = np.random.default_rng(1)
    return fastnn.tree.map_shapes(
        lambda shape: rng.normal(size=(7, *shape[1:])).astype("float32"),
        fastnn.tree.map_structure(lambda t: t.shape, model.input),
    )


@pytest.mark.parametrize("make", MODELS, ids=lambda make: make.__name__)
def test_the_same_outputs_from_the_same_weights(make):
    theirs, ours = pair(make)
    x = data(ours)
    expected, found = theirs(x), ours(x)
    assert fastnn.tree.map_structure(lambda y: y.shape, found) == fastnn.tree.map_structure(
        lambda y: y.shape, expected
    )
    for mine, other in zip(fastnn.tree.flatten(found), fastnn.tree.flatten(expected), strict=True):
        np.testing.assert_allclose(np.asarray(mine), np.asarray(other), rtol=2e-5, atol=1e-5)


@pytest.mark.parametrize("make", MODELS, ids=lambda make: make.__name__)
def test_the_same_layers_names_and_counts(make):
    theirs, ours = pair(make)
    assert [layer.name for layer in ours.layers] == [layer.name for layer in theirs.layers]
    assert [type(layer).__name__ for layer in ours.layers] == [
        type(layer).__name__ for layer in theirs.layers
    ]
    assert [layer.count_params() for layer in ours.layers] == [
        layer.count_params() for layer in theirs.layers
    ]
    assert [w.shape for w in ours.weights] == [w.shape for w in theirs.weights]
    assert len(ours.operations) == len(theirs.operations)
    if make is not shared:  # a Sequential of Keras's makes, and counts, a Functional of its own
        assert ours.name == theirs.name
    assert [t._keras_history[0].name for t in theirs.inputs] == ours.input_names
    if make is dicts:  # our names of a dict's outputs are its keys; Keras's those of the layers
        assert ours.output_names == ["first", "sum"]
    elif make is not operators:
        assert ours.output_names == theirs.output_names
    assert [t.shape for t in ours.outputs] == [t.shape for t in theirs.outputs]


@pytest.mark.parametrize("make", MODELS, ids=lambda make: make.__name__)
def test_the_same_summary(make, monkeypatch):
    """Rows in one order, with one type, shape and count each, and the same connections."""
    monkeypatch.setenv("COLUMNS", "300")
    theirs, ours = pair(make)

    def rows(model):
        text = []
        model.summary(print_fn=lambda *lines, **_: text.extend(lines), line_length=300)
        found = []
        for line in "\n".join(text).splitlines():
            if line.startswith("│"):
                cells = [cell.strip() for cell in line.strip("│").split("│")]
                if cells[0]:
                    found.append(cells)
                elif len(cells) > 3:  # connections go on
                    found[-1][-1] += " " + cells[-1]
        totals = [line.strip() for line in "\n".join(text).splitlines() if "params:" in line]
        return [row for row in found if row[0] != "Layer (type)"], totals

    expected, found = rows(theirs), rows(ours)
    assert found[1] == expected[1]
    assert len(found[0]) == len(expected[0])
    for mine, other in zip(found[0], expected[0], strict=True):
        assert mine[2] == other[2]
        if make not in (
            operators,
            nested,
        ):  # ops have other class names; Keras counts a call more of nested models
            assert mine[0] == other[0]
            assert mine[3:] == other[3:]
        if make not in (nested, dicts, merges):
            assert mine[1] == other[1]


def test_trainable_weights_agree():
    for choice in itertools.product((False, True), repeat=2):
        theirs, ours = pair(nested)
        for model in (theirs, ours):
            model.get_layer("inner").trainable, model.layers[-1].trainable = choice
        assert len(ours.trainable_weights) == len(theirs.trainable_weights)
        assert len(ours.non_trainable_weights) == len(theirs.non_trainable_weights)


def test_losses_of_training_agree():
    theirs, ours = pair(residual)
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(64, 4)).astype("float32"), rng.normal(size=(64, 2)).astype("float32")
    for model, library in ((theirs, keras), (ours, fastnn)):
        model.compile(library.optimizers.SGD(0.01), "mean_squared_error")
    expected = [float(theirs.train_on_batch(x, y)) for _ in range(10)]
    found = [ours.train_on_batch(x, y) for _ in range(10)]
    np.testing.assert_allclose(found, expected, rtol=1e-4)
    assert found[-1] < found[0]
