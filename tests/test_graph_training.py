"""Every kind of model compiles, trains, evaluates, predicts, and comes back from a file with how it was trained."""

import fastnn
import numpy as np
import pytest
from fastnn import layers, models, tree, utils
from fastnn.utils import set_random_seed

RNG = np.random.default_rng(0)
A, B = RNG.normal(size=(40, 4)).astype("float32"), RNG.normal(size=(40, 3)).astype("float32")
CLASS = (A[:, 0] > 0).astype("int64") + (B[:, 0] > 0)
SIZE = A.sum(1, keepdims=True)
LOSSES = {"kind": "sparse_categorical_crossentropy", "size": "mse"}


def heads(body):
    kind = layers.Dense(3, activation="softmax", name="kind")(body)
    return {"kind": kind, "size": layers.Dense(1, name="size")(body)}


def inputs():
    return {"a": fastnn.Input((4,), name="a"), "b": fastnn.Input((3,), name="b")}


def by_names():
    x = inputs()
    return fastnn.Model(x, heads(layers.Dense(8, activation="relu")(layers.Concatenate()([x["a"], x["b"]]))))


def by_lists():
    x = list(inputs().values())
    outputs = heads(layers.Dense(8, activation="relu")(layers.Concatenate()(x)))
    return fastnn.Model(x, [outputs["kind"], outputs["size"]])


def nested():
    x = inputs()
    inner = fastnn.Model(
        [x["a"], x["b"]], layers.Dense(8)(layers.Concatenate()([x["a"], x["b"]])), name="inner"
    )
    stack = fastnn.Sequential([layers.Activation("relu"), layers.Dense(8, activation="tanh")])
    return fastnn.Model(x, heads(stack(inner([x["a"], x["b"]]))))


@utils.register_keras_serializable("tests")
class Heads(fastnn.Model):
    def __init__(self, units=8):
        super().__init__()
        self.join = layers.Concatenate()
        self.body = [layers.Dense(units, activation="relu")]
        self.kind = layers.Dense(3, activation="softmax")
        self.size = layers.Dense(1)

    def call(self, x, training=False):
        h = self.join([x["a"], x["b"]])
        for layer in self.body:
            h = layer(h)
        return {"kind": self.kind(h), "size": self.size(h)}


@pytest.mark.parametrize("make", [by_names, by_lists, nested, Heads], ids=lambda make: make.__name__)
def test_the_whole_life_of_a_model(make, tmp_path):
    set_random_seed(1)
    model = make()
    if make is by_lists:
        x, y = [A, B], [CLASS, SIZE]
        options = {
            "loss": list(LOSSES.values()),
            "loss_weights": [1.0, 0.1],
            "metrics": [["accuracy"], ["mse"]],
        }
    else:
        x, y = {"a": A, "b": B}, {"kind": CLASS, "size": SIZE}
        options = {
            "loss": LOSSES,
            "loss_weights": {"kind": 1.0, "size": 0.1},
            "metrics": {"kind": ["accuracy"], "size": ["mse"]},
        }
    model.compile(fastnn.optimizers.Adam(0.01), **options)
    before = model.evaluate(x, y, verbose=0, return_dict=True)
    history = model.fit(x, y, epochs=30, batch_size=8, verbose=0).history
    after = model.evaluate(x, y, verbose=0, return_dict=True)
    assert history["loss"][-1] < 0.7 * history["loss"][0]
    assert after["loss"] < 0.7 * before["loss"]
    assert after["kind_accuracy"] > 0.6
    assert after["loss"] == pytest.approx(after["kind_loss"] + 0.1 * after["size_loss"], rel=1e-5)
    predicted = model.predict(x, verbose=0)
    assert tree.map_structure(np.shape, predicted) == tree.map_structure(np.shape, model(x))
    model.save(tmp_path / "model")
    twin = models.load_model(tmp_path / "model")
    assert twin.evaluate(x, y, verbose=0, return_dict=True) == after
    for one in (model, twin):
        set_random_seed(2)
        one.fit(x, y, epochs=2, verbose=0)
    for mine, other in zip(model.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, other)


def test_a_graph_on_the_tape():
    model = by_names()
    optimizer = fastnn.optimizers.Adam(0.01)
    losses = []
    for _ in range(40):
        with fastnn.GradientTape() as tape:
            y = model({"a": A, "b": B}, training=True)
            loss = fastnn.ops.mean(fastnn.ops.square(y["size"] - SIZE))
        gradients = tape.gradient(loss, model.trainable_variables)
        names = [layer.name for layer in model.layers for _ in layer.weights]
        assert [g is None for g in gradients] == [
            name == "kind" for name in names
        ]  # it has no part in this loss
        pairs = [(g, w) for g, w in zip(gradients, model.trainable_variables, strict=True) if g is not None]
        optimizer.apply_gradients(pairs)
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]
