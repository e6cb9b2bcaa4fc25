"""The example programs run and find what they promise; small in the default run, in full where marked slow."""

from __future__ import annotations

import builtins
import os
import runpy
import sys
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
from fastnn.examples import (
    char_lstm,
    gru_vs_rnn,
    linear_regression,
    momentum_paths,
    perceptron_to_xor,
    raw_variables,
    sequence_lengths,
    signal_lstm,
    tape_mnist,
    torch_style,
    two_layer_by_hand,
    word_vectors,
)

needs_mnist = pytest.mark.skipif(
    "FASTNN_DATA_HOME" not in os.environ, reason="MNIST is read from FASTNN_DATA_HOME"
)
needs_matplotlib = pytest.mark.skipif(find_spec("matplotlib") is None, reason="needs Matplotlib")


def run(name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """Run ``python -m fastnn.examples.NAME options`` and return what it prints."""
    monkeypatch.setattr(sys, "argv", [name, *options])
    monkeypatch.delitem(sys.modules, f"fastnn.examples.{name}")
    runpy.run_module(f"fastnn.examples.{name}", run_name="__main__")
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("tape_mnist", ("--data=digits", "--epochs=1", "--rates", "0.05"), "learning rate 0.05"),
        ("raw_variables", ("--data=digits", "--epochs=1"), "in the last epoch"),
        ("torch_style", ("--steps=10", "--epochs=1"), "weights unchanged: True"),
        ("linear_regression", ("--steps=10",), "as_a_model"),
        ("perceptron_to_xor", ("--steps=10", "--samples=20"), "by three perceptrons: [0, 1, 1, 0]"),
        ("two_layer_by_hand", ("--steps=5",), "agrees with central differences"),
        ("momentum_paths", ("--steps=5",), "Nesterov"),
        ("char_lstm", ("--sentences=8", "--epochs=1", "--units=4", "--length=20"), "bidirectional: "),
        (
            "sequence_lengths",
            ("--count=32", "--epochs=1", "--units=4", "--alone=2"),
            "alone and masked differ",
        ),
        (
            "gru_vs_rnn",
            ("--steps=5", "--epochs=1", "--samples=50"),
            "gradient at the first step / at the last",
        ),
        ("signal_lstm", ("--length=100", "--epochs=1", "--steps=3"), "mean absolute error of the forecast"),
        ("word_vectors", ("--sentences=50", "--epochs=1", "--size=4"), "negative sampling, similar words"),
    ],
)
def test_programs_run(name, options, words, monkeypatch, capsys):
    assert words in run(name, monkeypatch, capsys, *options)


@pytest.mark.parametrize(("program", "options"), [(tape_mnist, {}), (raw_variables, {"last_relu": False})])
def test_tape_learns_digits(program, options):
    lines: list[str] = []
    found = program.main(epochs=30, rate=0.01, data="digits", say=lines.append, **options)
    assert lines[0].startswith("epoch 0, step 0: loss")
    assert len(lines) == 30
    assert found["last"] < 0.5 * found["first"]
    assert found["accuracy"] > 0.5


@needs_mnist
@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "options", "first", "last", "accuracy"),
    [
        (tape_mnist, {"rate": 0.001, "seed": 7}, (1.05, 1.25), (0.18, 0.29), 0.86),
        (tape_mnist, {"rate": 0.001}, (1.05, 1.25), (0.18, 0.4), 0.75),
        (tape_mnist, {"rate": 0.1}, (1.05, 1.25), (0.02, 0.06), 0.97),
        (raw_variables, {}, (4.0, 7.0), (0.4, 0.95), 0.2),
        (raw_variables, {"last_relu": False}, (6.0, 11.0), (0.4, 0.6), 0.8),
    ],
)
def test_tape_learns_mnist_in_ten_epochs(program, options, first, last, accuracy):
    found = program.main(**options, say=lambda line: None)
    assert first[0] < found["first"] < first[1]
    assert last[0] < found["last"] < last[1]
    assert found["accuracy"] > accuracy


def test_line_by_three_ways():
    found = linear_regression.main()
    ours = found.pop("by_hand")
    assert abs(ours["w"] - 2) < 0.01
    assert abs(ours["b"] - 1) < 0.05
    assert 0.03 < ours["losses"][-1] < 0.05
    assert found.keys() == {"on_the_tape", "as_a_model"}
    for other in found.values():
        for key in ("w", "b", "losses"):
            np.testing.assert_allclose(other[key], ours[key], rtol=1e-12)


def test_torch_style():
    found = torch_style.main()
    np.testing.assert_allclose(found["by hand"], found["with optimizer"], rtol=1e-12)
    w, b, loss = found["by hand"]
    assert abs(w - 2) < 0.01
    assert abs(b - 1) < 0.05
    assert 0.03 < loss < 0.05
    assert found["losses"][-1] < 0.15 < found["losses"][0]
    assert found["eval mode"] > 0.96
    assert found["eval mode"] != found["train mode"]
    assert found["even or odd"] > 0.93
    assert found["unchanged"]


def test_perceptron_to_xor():
    found = perceptron_to_xor.main()
    mistakes = found["mistakes"]
    assert mistakes["AND"][-1] == mistakes["OR"][-1] == 0
    assert len(mistakes["XOR"]) == 100
    assert min(mistakes["XOR"]) > 0
    assert found["xor"] == [0, 1, 1, 0]
    shares = found["accuracy"]
    assert shares["logistic regression on XOR"] <= 0.75
    assert shares["two layers on XOR"] == 1.0
    assert 0.8 < shares["logistic regression on two moons"] < 0.92
    assert shares["two layers on two moons"] > 0.98


def test_two_layer_by_hand():
    found = two_layer_by_hand.main()
    assert found["difference"] < 1e-10
    assert found["loss"] < 0.1
    assert found["accuracy"] > 0.96


def test_a_wrong_derivation_is_found(monkeypatch):
    monkeypatch.setattr(
        two_layer_by_hand, "sigmoid", lambda z: np.tanh(z) + 2
    )  # whose derivative is not h (1 - h)
    with pytest.raises(AssertionError, match="wrong gradient of input 0 at index"):
        two_layer_by_hand.main(steps=1, checked=2)


def test_gru_vs_rnn():
    found = gru_vs_rnn.main()
    assert found["GRU"]["accuracy"] > 0.95
    first_to_last = {kind: of["after"][0] / of["after"][-1] for kind, of in found.items()}
    assert first_to_last["GRU"] > 1 > 0.1 > first_to_last["SimpleRNN"]
    assert found["SimpleRNN"]["accuracy"] < found["GRU"]["accuracy"]


def test_signal_lstm():
    found = signal_lstm.main(epochs=30)
    assert found["losses"][-1] < 0.003  # the noise has a variance of 0.0009
    assert found["error"] < 0.3
    assert np.corrcoef(found["forecast"], found["truth"])[0, 1] > 0.9


def test_momentum_paths():
    found = momentum_paths.main()
    lowest, _, shallow = momentum_paths.flat_places()
    assert found.keys() == {"SGD", "momentum", "Nesterov", "Adagrad", "RMSprop", "Adam"}
    for name, end in found.items():
        minimum = lowest if name == "momentum" else shallow
        assert end["valley"] == ("global" if name == "momentum" else "local")
        assert abs(end["x"] - minimum) < 0.02, name
        assert abs(end["y"]) < 0.02, name


@pytest.mark.slow
def test_char_lstm():
    found = char_lstm.main(say=lambda line: None)
    assert found.keys() == {"one LSTM", "deep", "bidirectional"}
    for name, result in found.items():
        assert result["accuracy"] > 0.84, name
        assert result["words"] > 0.85, name
        assert result["losses"][-1] < 0.5 * result["losses"][0], name


def test_padding_changes_nothing():
    found = sequence_lengths.main(epochs=10, say=lambda line: None)
    losses = found["losses"]
    assert found["difference"] < 1e-5
    np.testing.assert_allclose(losses["masked"][:20], losses["alone"], rtol=1e-4)
    assert abs(losses["padded"][0] - losses["alone"][0]) > 1e-3
    assert found["last"]["masked"] < 0.02 < 0.1 < found["last"]["padded"]


def test_word_vectors():
    found = word_vectors.main(say=lambda line: None)
    assert found.keys() == {"softmax", "negative_sampling"}
    assert min(found.values()) > 0.9


PLOTS: dict[str, tuple[Any, dict[str, int]]] = {
    "linear_regression": (linear_regression, {"steps": 20}),
    "perceptron_to_xor": (perceptron_to_xor, {"steps": 20, "samples": 40}),
    "gru_vs_rnn": (gru_vs_rnn, {"steps": 5, "epochs": 1, "samples": 50}),
    "momentum_paths": (momentum_paths, {"steps": 20}),
    "char_lstm": (char_lstm, {"sentences": 8, "epochs": 2, "units": 4, "length": 5}),
    "sequence_lengths": (sequence_lengths, {"count": 32, "epochs": 2, "units": 4, "alone": 4}),
    "signal_lstm": (signal_lstm, {"length": 100, "epochs": 1, "steps": 3}),
    "word_vectors": (word_vectors, {"sentences": 50, "epochs": 1}),
}


@needs_matplotlib
@pytest.mark.parametrize("name", PLOTS)
def test_plots(name, tmp_path):
    from matplotlib.image import imread

    program, options = PLOTS[name]
    program.main(**options, plot=str(tmp_path / "plot.png"))
    image = imread(tmp_path / "plot.png")
    assert min(image.shape[:2]) > 400
    assert len(np.unique(image.reshape(-1, image.shape[-1]), axis=0)) > 50  # something is drawn


def test_plots_ask_for_matplotlib(monkeypatch, tmp_path):
    imported = builtins.__import__

    def without(name, *args, **kwargs):
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return imported(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=r"pip install 'fastnn\[plot\]'"):
        linear_regression.main(steps=1, plot=str(tmp_path / "plot.png"))
