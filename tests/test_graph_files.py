"""Graphs and classes in files: what is loaded computes the same, and a file runs nothing."""

import copy
import json
import pickle

import fastnn
import numpy as np
import pytest
from fastnn import layers, models, ops, saving, utils
from fastnn.utils import set_random_seed

X = np.random.default_rng(0).normal(size=(6, 4)).astype("float32")


def reloaded(model, path, **options):
    model.save(path)
    return models.load_model(path, **options)


def rich():
    """A graph with all that JSON has to be told: operators, constants, slices, sharing, nesting, structures."""
    a, b = fastnn.Input((4,), name="a"), fastnn.Input((4,), name="b")
    shared = layers.Dense(3, activation="tanh", name="shared")
    inner = fastnn.Model(a, {"y": shared(a), "x": layers.Dense(2)(a)}, name="inner")
    stack = fastnn.Sequential([layers.Dense(4), layers.Activation("relu")], name="stack")
    parts = inner(stack(b))
    y = shared(a) * np.array([1.0, np.inf, -0.5], "float32") + shared(stack(a)) - 0.1
    y = ops.clip(y, -np.inf, 5.0)
    z = ops.get_item(parts["y"], (Ellipsis, slice(None, 2), None))
    z = ops.concatenate([ops.squeeze(z, -1), parts["x"]], axis=-1)
    return fastnn.Model({"a": a, "b": b}, [y, {"z": layers.Dot(1)([z, z]), "w": z}], name="rich")


def test_a_rich_graph(tmp_path):
    model = rich()
    twin = reloaded(model, tmp_path / "model")
    data = {"a": X, "b": -X}
    for mine, other in zip(fastnn.tree.flatten(model(data)), fastnn.tree.flatten(twin(data)), strict=True):
        np.testing.assert_array_equal(np.asarray(mine), np.asarray(other))
    assert twin.get_config() == model.get_config()
    assert (twin.input_shape, twin.output_shape) == (model.input_shape, model.output_shape)
    assert [w.shape for w in twin.weights] == [w.shape for w in model.weights]
    inner = twin.get_layer("inner")
    assert inner.get_layer("shared") is twin.get_layer("shared")  # one layer, as before
    assert [layer.name for layer in twin.layers] == [layer.name for layer in model.layers]
    again = reloaded(twin, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == (tmp_path / "model").read_bytes()
    assert again.name == "rich"


def test_training_goes_on(tmp_path):
    x = fastnn.Input((4,))
    h = layers.Dense(5, activation="relu")(x)
    model = fastnn.Model(x, layers.Dense(1)(layers.Concatenate()([h, x])))
    model.get_layer(index=1).trainable = False
    model.compile("adam", "mse")
    model.fit(X, X[:, :1], epochs=2, verbose=0)
    twin = reloaded(model, tmp_path / "model")
    assert [w.trainable for w in twin.weights] == [w.trainable for w in model.weights]
    for one in (model, twin):
        set_random_seed(1)
        one.fit(X, X[:, :1], epochs=2, verbose=0)
    for mine, other in zip(model.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, other)


def test_loaded_models_are_built_upon(tmp_path, run_python):
    rich().save(tmp_path / "model")
    run_python(
        "import sys, fastnn\nfrom fastnn import layers, models\n"
        "model = models.load_model(sys.argv[1])\n"
        "x = layers.Dense(3)(model.outputs[0]) * 2.0 + 1.0\n"
        "fastnn.Model(model.inputs, x)\n",
        str(tmp_path / "model"),
    )


def test_weights_alone(tmp_path):
    model, twin = rich(), rich()
    model.save_weights(tmp_path / "weights")
    twin.load_weights(tmp_path / "weights")
    for mine, other in zip(model.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, other)


@utils.register_keras_serializable("tests")
class Registered(fastnn.Model):
    def __init__(self, units, options=None, **rest):
        super().__init__(**rest)
        self.hidden = layers.Dense(units, activation="relu")
        self.out = layers.Dense(**(options or {"units": 1}))

    def call(self, x):
        return self.out(self.hidden(x))


class Unknown(layers.Layer):
    def __init__(self, factor, **options):
        super().__init__(**options)
        self.factor = factor

    def call(self, x):
        return x * self.factor


def test_registered_classes(tmp_path):
    model = Registered(3, {"units": 2}, name="mine")
    with pytest.raises(ValueError, match="no weights to save yet"):
        model.save(tmp_path / "model")
    model.compile("adam", "mse")
    model.fit(X, X[:, :2], verbose=0)
    twin = reloaded(model, tmp_path / "model")
    assert type(twin) is Registered
    assert twin.name == "mine"
    np.testing.assert_array_equal(twin.predict(X, verbose=0), model.predict(X, verbose=0))
    x = fastnn.Input((4,))
    graph = fastnn.Model(x, model(x))
    np.testing.assert_array_equal(np.asarray(reloaded(graph, tmp_path / "graph")(X)), np.asarray(graph(X)))


def test_classes_that_are_not_registered(tmp_path):
    model = fastnn.Sequential([fastnn.Input((4,)), Unknown(2.0)])
    model.save(tmp_path / "model")
    with pytest.raises(
        ValueError, match=r"unknown layer 'Unknown'.*register_keras_serializable, or in custom_objects"
    ):
        models.load_model(tmp_path / "model")
    twin = models.load_model(tmp_path / "model", custom_objects={"Unknown": Unknown})
    np.testing.assert_array_equal(np.asarray(twin(X)), 2 * X)
    with utils.custom_object_scope({"Unknown": Unknown}):
        assert models.load_model(tmp_path / "model").layers[0].factor == 2.0


def test_weights_of_a_class_need_no_registration(tmp_path):
    class Plain(fastnn.Model):
        def __init__(self):
            super().__init__()
            self.scale = fastnn.Variable(np.ones(4), name="scale")
            self.dense = layers.Dense(2)

        def call(self, x):
            return self.dense(x * self.scale)

    model, twin = Plain(), Plain()
    model.scale.assign([1, 2, 3, 4])
    model(X)
    twin(X)
    model.save_weights(tmp_path / "weights")
    twin.load_weights(tmp_path / "weights")
    np.testing.assert_array_equal(np.asarray(twin(X)), np.asarray(model(X)))


def test_what_cannot_be_told(tmp_path):
    x = fastnn.Input((4,))
    scale = fastnn.Variable(np.ones(4), dtype="float32")
    with pytest.raises(ValueError, match="make it a weight of a layer"):
        fastnn.Model(x, x * scale).save(tmp_path / "model")
    with pytest.raises(ValueError, match="Unknown must define get_config to be saved: its argument factor="):
        fastnn.Sequential([fastnn.Input((4,)), Unknown(np.float32(2))]).save(tmp_path / "model")
    assert not (tmp_path / "model").exists()


@pytest.fixture
def hostile(tmp_path):
    """Return a function that saves a rich model with its configuration changed, and loads it."""
    rich().save(tmp_path / "model")
    tensors, config = saving.load(tmp_path / "model")

    def load(change):
        changed = json.loads(json.dumps(config))
        change(changed["model"]["config"])
        saving.save(tmp_path / "hostile", tensors, changed)
        return models.load_model(tmp_path / "hostile")

    assert load(lambda config: None).name == "rich"
    return load


def _calls(config, name):
    (found,) = [layer for layer in config["layers"] if layer["name"] == name]
    return found["calls"]


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.pop("layers"),
        lambda c: c.pop("inputs"),
        lambda c: c.update(outputs={"tensor": ["nobody", 0, 0]}),
        lambda c: c.update(outputs={"tensor": ["a", 0]}),
        lambda c: c.update(outputs={"tensor": ["a", 0, 7]}),
        lambda c: c.update(outputs=[]),
        lambda c: c.update(outputs={"eval": "1"}),
        lambda c: c.update(inputs={"float": "nonsense"}),
        lambda c: c["layers"].append(c["layers"][0]),
        lambda c: c["layers"][-1].update(op="__import__"),
        lambda c: c["layers"][-1].update(class_name="os.system", op=None),
        lambda c: c["layers"][0].pop("name"),
        lambda c: _calls(c, "shared").append({"args": 3, "kwargs": []}),
        lambda c: _calls(c, "stack")[0].update(args={"tuple": [{"tensor": ["shared", 0, 0]}]}),  # a cycle
        lambda c: _calls(c, "stack")[0].update(args={"tuple": [{"array": ["O", [1], "AAAA"]}]}),
        lambda c: _calls(c, "stack")[0].update(args={"tuple": [{"slice": [1]}, {"two": 1, "tags": 2}]}),
        lambda c: _calls(c, "stack")[0].update(kwargs={"dict": {"unknown": 1}}),
    ],
)
def test_hostile_graphs_are_value_errors(hostile, change):
    with pytest.raises(ValueError, match="holds no model that can be loaded"):
        hostile(change)


def test_a_cycle_in_a_file_names_its_layers(hostile):
    def turn(config):
        _calls(config, "stack")[1].update(args={"tuple": [{"tensor": ["shared", 1, 0]}]})

    with pytest.raises(
        ValueError, match=r"a cycle or a call of what is not in it, at the layers \[.*'shared', .*'stack'"
    ):
        hostile(turn)


def test_ten_thousand_layers_in_a_file(tmp_path):
    x = y = fastnn.Input((2,))
    relu = layers.Activation("relu")
    for _ in range(5_000):
        y = relu(layers.Rescaling(1.0, offset=1.0)(y))  # one layer called 5,000 times, and 5,000 layers
    twin = reloaded(fastnn.Model(x, y), tmp_path / "model")
    assert float(np.asarray(twin(np.zeros((1, 2))))[0, 0]) == 5_000
    assert len(twin.layers) == 5_002


def test_clones_and_copies():
    model = rich()
    data = {"a": X, "b": -X}
    for twin in (models.clone_model(model), copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        twin.set_weights(model.get_weights())
        for mine, other in zip(
            fastnn.tree.flatten(model(data)), fastnn.tree.flatten(twin(data)), strict=True
        ):
            np.testing.assert_array_equal(np.asarray(mine), np.asarray(other))
        before = model.get_weights()
        twin.set_weights([w + 1 for w in before])
        np.testing.assert_array_equal(model.get_weights()[0], before[0])
        assert twin.get_layer("inner").get_layer("shared") is twin.get_layer("shared")
    plain = Registered(3)
    plain(X)
    assert [w.shape for w in models.clone_model(plain).weights] == [w.shape for w in plain.weights]
