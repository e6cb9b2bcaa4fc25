"""Sequential models: building, summary, saving, loading."""

import subprocess
import sys

import numpy as np
import pytest
from fastnn import layers, models, saving
from fastnn.utils import set_random_seed


def small_model(**options):
    return models.Sequential(
        [layers.Dense(8, activation="relu", input_shape=(4,)), layers.Dense(3, activation="softmax")],
        **options,
    )


def trained_model():
    set_random_seed(1)
    model = small_model()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(30, 4)), rng.integers(0, 3, 30)
    model.fit(x, y, epochs=2, verbose=0)
    return model, x, y


def test_four_ways_to_begin_give_the_same_model():
    x = np.ones((2, 4), "float32")
    by_add = models.Sequential()
    by_add.add(layers.Input((4,)))
    by_add.add(layers.Dense(8, activation="relu"))
    by_add.add(layers.Dense(3, activation="softmax"))
    late = models.Sequential([layers.Dense(8, activation="relu"), layers.Dense(3, activation="softmax")])
    assert not late.built
    late(x)
    by_list = models.Sequential(
        [layers.Input((4,)), *[layers.deserialize(layers.serialize(a)) for a in late.layers]]
    )
    for model in (by_add, late, by_list, small_model()):
        assert [w.shape for w in model.weights] == [(4, 8), (8,), (8, 3), (3,)]
        assert model.input_shape == (None, 4)
        assert model.output_shape == (None, 3)
        np.testing.assert_allclose(np.asarray(model(x)).sum(-1), 1, rtol=1e-6)


def test_summary_shows_shapes_and_counts(capsys):
    models.Sequential(
        [layers.Input((28, 28)), layers.Flatten(), layers.Dense(512, name="hidden"), layers.Dense(10)],
        name="net",
    ).summary()
    text = capsys.readouterr().out
    for words in (
        'Model: "net"',
        "(None, 784)",
        "hidden (Dense)",
        "401,920",
        "Total params: 407,050 (1.55 MB)",
    ):
        assert words in text
    assert len({len(line) for line in text.splitlines() if line[0] in "│├┌└"}) == 1


def test_summary_before_building(capsys):
    models.Sequential([layers.Dense(3)]).summary()
    assert "0 (unbuilt)" in capsys.readouterr().out


def test_get_layer_and_pop():
    model = small_model()
    assert model.get_layer(index=1) is model.layers[1]
    assert model.get_layer(model.layers[0].name) is model.layers[0]
    with pytest.raises(ValueError, match="no layer is named 'x'"):
        model.get_layer("x")
    model.pop()
    assert model.output_shape == (None, 8)


def test_a_layer_that_does_not_fit_is_not_added():
    class Square(layers.Layer):
        def compute_output_shape(self, input_shape):
            raise ValueError("never fits")

    model = small_model()
    with pytest.raises(ValueError, match="never fits"):
        model.add(Square())
    assert len(model.layers) == 2
    with pytest.raises(TypeError, match="takes a layer"):
        model.add("dense")
    with pytest.raises(ValueError, match="must be the first layer"):
        model.add(layers.Input((3,)))
    with pytest.raises(ValueError, match="names must differ"):
        model.add(layers.Dense(2, name=model.layers[0].name))


def test_save_and_load_is_the_same_model(tmp_path):
    model, x, y = trained_model()
    path = tmp_path / "model.safetensors"
    model.save(path)
    twin = models.load_model(path)
    np.testing.assert_array_equal(twin.predict(x, verbose=0), model.predict(x, verbose=0))
    assert twin.get_config() == model.get_config()
    # training goes on from the optimizer's state: same bits as without the detour
    set_random_seed(2)
    model.fit(x, y, epochs=1, verbose=0)
    set_random_seed(2)
    twin.fit(x, y, epochs=1, verbose=0)
    for a, b in zip(model.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_load_in_another_process_without_compiling(tmp_path):
    model, x, _ = trained_model()
    path = tmp_path / "ümlaut model"
    model.save(path)
    np.save(tmp_path / "x.npy", x)
    code = (
        "import sys, numpy as np; from fastnn.models import load_model\n"
        "m = load_model(sys.argv[1], compile=False); assert m.optimizer is None\n"
        "np.save(sys.argv[3], m.predict(np.load(sys.argv[2]), verbose=0))"
    )
    out = tmp_path / "y.npy"
    subprocess.run([sys.executable, "-c", code, path, tmp_path / "x.npy", out], check=True)
    np.testing.assert_array_equal(np.load(out), model.predict(x, verbose=0))


def test_weights_alone(tmp_path):
    model, x, _ = trained_model()
    path = tmp_path / "weights.safetensors"
    model.save_weights(path)
    twin = small_model()
    twin.load_weights(path)
    np.testing.assert_array_equal(twin.predict(x, verbose=0), model.predict(x, verbose=0))
    other = models.Sequential([layers.Dense(2, input_shape=(4,))])
    before = other.get_weights()
    with pytest.raises(ValueError, match="do not fit"):
        other.load_weights(path)
    np.testing.assert_array_equal(other.get_weights()[0], before[0])


def test_more_than_ten_layers_keep_their_order(tmp_path):
    model = models.Sequential(
        [layers.Dense(n, input_shape=(2,)) if n == 1 else layers.Dense(n) for n in range(1, 14)]
    )
    path = tmp_path / "deep"
    model.save(path)
    twin = models.load_model(path)
    for a, b in zip(model.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"model": 3},
        {"model": {"class_name": "Dense", "config": {"units": 3}}},
        {"model": {"class_name": "Sequential", "config": {"name": "a", "layers": 4}}},
        {"model": {"class_name": "Sequential", "config": {"name": "a", "layers": [{"class_name": "eval"}]}}},
        {"model": {"class_name": "Sequential", "config": {"name": "a", "layers": [], "input_shape": "x"}}},
    ],
)
def test_foreign_configurations_are_value_errors(tmp_path, config):
    path = tmp_path / "hostile"
    saving.save(path, {"weights/0": np.zeros(2)}, config)
    with pytest.raises(ValueError, match="hostile"):
        models.load_model(path)


def test_what_cannot_be_saved_says_so_and_leaves_the_old_file(tmp_path):
    path = tmp_path / "model"
    model, _, _ = trained_model()
    model.save(path)
    old = path.read_bytes()
    with pytest.raises(ValueError, match="no weights to save yet"):
        models.Sequential([layers.Dense(3)]).save(path)
    model.compile("sgd", lambda y_true, y_pred: y_pred)
    with pytest.raises(ValueError, match="function of your own"):
        model.save(path)
    with pytest.raises(ValueError, match="cannot be saved by name"):
        models.Sequential([layers.Dense(3, activation=lambda x: x, input_shape=(2,))]).save(path)
    assert path.read_bytes() == old
