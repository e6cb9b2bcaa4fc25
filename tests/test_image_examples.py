"""The example programs of convolutions: small in the default run, in full where marked slow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from fastnn.examples import (
    alexnet,
    autoencoder_mnist,
    convnet_mnist,
    edge_detection,
    inception_digits,
    lenet5,
    resnet_digits,
)
from test_examples import needs_matplotlib, needs_mnist, run


def silent(line: str) -> None:
    """Print nothing."""


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("lenet5", ("--data=digits", "--epochs=1"), "epoch 1: "),
        ("convnet_mnist", ("--data=digits", "--epochs=1"), "epoch 1: "),
        ("edge_detection", ("--steps=5",), "the kernel that was learned"),
        ("alexnet", ("--small-only", "--epochs=1"), "told right after 1 epochs"),
        ("inception_digits", ("--epochs=1", "--width=4"), "told right after 1 epochs"),
        ("resnet_digits", ("--epochs=1", "--blocks=1"), "plain: "),
        ("autoencoder_mnist", ("--data=digits", "--epochs=1"), "from 16 numbers"),
    ],
)
def test_programs_run(name, options, words, monkeypatch, capsys):
    assert words in run(name, monkeypatch, capsys, *options)


def test_lenet5():
    lines: list[str] = []
    found = lenet5.main(epochs=4, data="digits", batch_size=32, say=lines.append)
    assert found["parameters"] == 456
    assert found["shapes"] == ((28, 28, 6), (14, 14, 6))
    shown = "\n".join(lines)
    assert all(part in shown for part in ("456", "28, 28, 6", "14, 14, 6"))
    assert found["accuracies"][-1] > 0.9


@needs_mnist
@pytest.mark.slow
def test_lenet5_on_mnist():
    assert lenet5.main(say=silent)["accuracies"][-1] >= 0.988


@needs_mnist
@pytest.mark.slow
def test_convnet_on_mnist():
    assert convnet_mnist.main(say=silent)[-1] >= 0.990


def test_convnet_on_digits():
    assert convnet_mnist.main(epochs=4, data="digits", batch_size=32, say=silent)[-1] > 0.93


def test_edges():
    found = edge_detection.main(say=silent)
    np.testing.assert_array_equal(found["vertical"], [[0, 30, 30, 0]] * 4)
    np.testing.assert_array_equal(found["from dark to bright"], [[0, -30, -30, 0]] * 4)
    assert not found["horizontal"].any()
    assert found["shapes"] == {"valid": (46, 62), "same": (48, 64), "same, strides 2": (24, 32)}
    np.testing.assert_allclose(found["learned"], edge_detection.VERTICAL, atol=0.02)


@pytest.mark.slow
def test_alexnet_in_full_size():
    found = alexnet.main(epochs=1, say=silent)
    assert found["parameters"] == 62_378_344
    assert 6 < found["loss"] < 8.5  # ln 1000 is 6.9


@pytest.mark.slow
def test_small_alexnet_learns():
    assert alexnet.main(full=False, say=silent)["accuracy"] > 0.93


def test_inception():
    assert inception_digits.main(epochs=6, say=silent) > 0.93


@pytest.mark.slow
def test_inception_learns():
    assert inception_digits.main(say=silent) > 0.96


def test_resnet():
    found = resnet_digits.main(epochs=3, say=silent)
    assert found["resnet"]["accuracy"] > 0.75 > 0.6 > found["plain"]["accuracy"]
    assert found["plain"]["gradient"] > 4 * found["resnet"]["gradient"] > 0


@pytest.mark.slow
def test_resnet_learns():
    assert resnet_digits.main(say=silent)["resnet"]["accuracy"] > 0.93


def test_autoencoder():
    found = autoencoder_mnist.main(epochs=20, data="digits", say=silent)
    assert found["error"] < 0.4 * found["error of the mean image"]


@needs_mnist
@pytest.mark.slow
def test_autoencoder_on_mnist():
    found = autoencoder_mnist.main(say=silent)
    assert found["error"] < 0.2 * found["error of the mean image"]


PLOTS: dict[str, tuple[Any, dict[str, Any]]] = {
    "convnet_mnist": (convnet_mnist, {"data": "digits", "epochs": 1}),
    "edge_detection": (edge_detection, {"steps": 5}),
    "autoencoder_mnist": (autoencoder_mnist, {"data": "digits", "epochs": 1}),
}


@needs_matplotlib
@pytest.mark.parametrize("name", PLOTS)
def test_plots(name, tmp_path):
    from matplotlib.image import imread

    program, options = PLOTS[name]
    program.main(**options, plot=str(tmp_path / "plot.png"), say=silent)
    image = imread(tmp_path / "plot.png")
    assert min(image.shape[:2]) > 400
    assert len(np.unique(image.reshape(-1, image.shape[-1]), axis=0)) > 50  # something is drawn
