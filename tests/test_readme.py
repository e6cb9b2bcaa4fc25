"""The README's programs run as they stand, and learn what they promise."""

import os
import re
from pathlib import Path

import numpy as np
import pytest
from fastnn import layers
from fastnn.utils import set_random_seed

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
PROGRAMS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def program(words: str) -> str:
    """Return the only program that holds these words."""
    (found,) = [text for text in PROGRAMS if words in text]
    return found


def test_tape():
    set_random_seed(0)
    found = {}
    text = program("w.grad")
    exec(text, found)
    np.testing.assert_allclose(found["x"] @ found["w"].numpy(), 0.5, atol=0.45)  # uniform targets
    assert found["loss"].item() < 0.25


def test_tape_in_other_habits():
    found = {}
    for words in ("w.grad", "GradientTape() as tape", "check_gradients", "cube_vjp"):
        exec(program(words), found)
    x, y = found["x"], found["y"]
    assert found["loss"].item() < np.mean(np.square(y))
    np.testing.assert_allclose(found["gradient"], -2 * x.T @ y, rtol=1e-12)
    np.testing.assert_allclose(found["hessian"], 2 * x.T @ x, rtol=1e-12)
    assert found["fastnn"].grad(found["fastnn"].grad(found["cube"]))(2.0) == 12.0


def test_numpys_namespace(capsys):
    exec(program("fastnn.numpy"), {})
    total, place, product = capsys.readouterr().out.split()
    assert abs(float(total) - 41663.9) < 0.1
    assert int(place) in (49_999, 50_000)
    assert abs(float(product)) < 1e-6


def test_graph_model(capsys):
    found = {}
    exec(program("loss_weights="), found)
    assert "Connected to" in capsys.readouterr().out
    x = np.random.default_rng(0).normal(size=(32, 64))
    y = {"digit": np.arange(32) % 10, "parity": np.arange(32) % 2}
    assert set(found["net"].fit(x, y, verbose=0).history) >= {"loss", "digit_accuracy"}
    assert found["features"](x).shape == (32, 64)


def test_layer_of_ones_own():
    found = {}
    exec("from fastnn.layers.layer import Layer, _registry\n" + program("class Scale(Layer)"), found)
    try:
        assert found["Scale"]()(np.ones((2, 3))).shape == (2, 3)
    finally:
        del found["_registry"]._known["Scale"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.skipif("FASTNN_DATA_HOME" not in os.environ, reason="MNIST is read from FASTNN_DATA_HOME")
def test_first_program_reaches_the_books_accuracy(seed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    set_random_seed(seed)
    found = {}
    exec(program("mnist.load_data").replace("net.fit(", "history = net.fit("), found)
    assert found["test_acc"] >= 0.978
    assert found["history"].history["accuracy"][-1] >= 0.985
    predicted = found["again"].predict(found["x_test"][:100], verbose=0)
    np.testing.assert_array_equal(predicted, found["net"].predict(found["x_test"][:100], verbose=0))


def test_layers():
    found = {}
    exec(program("mask_zero=True"), found)
    assert found["net"].predict(found["sentences"], verbose=0).shape == (3, 1)


def test_every_layer_is_listed():
    """By its name, or by that of its kin in another number of dimensions."""
    section = README.split("### Layers")[1].split("### Programs")[0]
    shorter = {"MaxPool", "AvgPool", "GlobalMaxPool", "GlobalAvgPool"}  # Keras's other names
    for name in layers.__all__:
        stem = re.sub(r"[123]D(Transpose)?$", "", name)
        if name[0].isupper() and stem not in shorter and "Convolution" not in name:
            assert stem in section or stem in ("Input", "InputLayer", "Layer"), name
