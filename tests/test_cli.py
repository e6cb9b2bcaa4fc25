"""The program `fastnn`: what it prints, what it leaves behind, and how it refuses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from fastnn.cli import main
from fastnn.datasets import digits, mnist

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def accuracy(output: str) -> float:
    found = re.search(r"accuracy on [0-9,]+ test images: ([0-9.]+)", output)
    assert found, output
    return float(found[1])


def refused(arguments: list[str], capsys: Capture) -> str:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    output = capsys.readouterr()
    assert output.out == ""
    return output.err


@pytest.mark.parametrize("start", [["-m", "fastnn"], ["-c", "from fastnn.__main__ import main; main()"]])
def test_version(start: list[str]) -> None:
    result = subprocess.run([sys.executable, *start, "--version"], capture_output=True, text=True, check=True)
    assert re.fullmatch(r"fastnn [0-9]+\.[0-9]+\.[0-9]+\n", result.stdout)
    assert result.stderr == ""


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_help(arguments: list[str], capsys: Capture) -> None:
    if arguments:
        with pytest.raises(SystemExit, match="0"):
            main(arguments)
    else:
        assert main(arguments) == 0
    output = capsys.readouterr().out
    assert "fastnn train --dataset mnist" in output
    assert "info" in output


def test_help_of_train(capsys: Capture) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["train", "--help"])
    output = capsys.readouterr().out
    for option in ("dataset", "epochs", "batch-size", "hidden", "optimizer", "seed", "output"):
        assert f"--{option}" in output
    assert "None" not in output


def test_help_needs_no_model_code() -> None:
    program = """if True:
        import sys
        from fastnn.cli import main
        try:
            main(["train", "--help"])
        except SystemExit:
            pass
        loaded = {"pooch", "safetensors", "tqdm", "fastnn.models", "fastnn.datasets"} & set(sys.modules)
        sys.exit(f"imported: {loaded}" if loaded else 0)
        """
    subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.DEVNULL)


def test_info(capsys: Capture) -> None:
    assert main(["info"]) == 0
    output = capsys.readouterr().out
    assert re.search(r"^fastnn +[0-9]+\.[0-9]+\.[0-9]+$", output, re.MULTILINE)
    assert re.search(r"^CPU level +\w+.*\(built: .*; this processor: \w+\)$", output, re.MULTILINE)
    assert re.search(r"^threads +[0-9]+ \(", output, re.MULTILINE)
    assert re.search(rf"^NumPy +{re.escape(np.__version__)}$", output, re.MULTILINE)
    assert re.search(r"^package +.*fastnn \([0-9.]+ MB\)$", output, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--epochs", "0"], "argument --epochs: must be at least 1; received 0"),
        (["--batch-size", "0"], "argument --batch-size: must be at least 1; received 0"),
        (["--batch-size", "-3"], "argument --batch-size: must be at least 1; received -3"),
        (["--hidden", "many"], "argument --hidden: must be an integer; received 'many'"),
        (["--seed", "-1"], "argument --seed: must be at least 0; received -1"),
        (["--dataset", "cifar10"], "argument --dataset: invalid choice: 'cifar10'"),
        (["--optimizer", "adamm"], "argument --optimizer: invalid choice: 'adamm'"),
        (["--output", "nowhere/model"], "argument --output: 'nowhere/model': the folder"),
        (["--output", "."], "argument --output: '.': is not a file"),
        (["--output", "file/model"], "argument --output: 'file/model': the folder"),
        (["--speed", "11"], "unrecognized arguments: --speed 11"),
        (["digits"], "unrecognized arguments: digits"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_arguments(arguments: list[str], message: str, folder: Path, capsys: Capture) -> None:
    (folder / "file").write_text("")
    assert message in refused(["train", *arguments], capsys)
    assert os.listdir(folder) == ["file"]


def test_folder_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # whatever this user's rights
    assert "cannot be written to" in refused(["train", "--output", "model"], capsys)


def test_unknown_command(capsys: Capture) -> None:
    assert "invalid choice: 'trian'" in refused(["trian"], capsys)


def test_train_as_it_stands(folder: Path, capsys: Capture) -> None:
    from fastnn.models import load_model

    assert main(["train"]) == 0
    output = capsys.readouterr().out
    assert accuracy(output) >= 0.965
    assert os.listdir(folder) == ["fastnn-digits.safetensors"]
    assert "load_model('fastnn-digits.safetensors')" in output
    _, (x_test, y_test) = digits.load_data()
    predicted = load_model("fastnn-digits.safetensors").predict(x_test.astype("float32") / 16, verbose=0)
    assert np.mean(predicted.argmax(1) == y_test) == pytest.approx(accuracy(output), abs=5e-5)


@pytest.mark.slow
@pytest.mark.parametrize("optimizer", ["rmsprop", "adam"])
@pytest.mark.parametrize("seed", range(1, 11))
def test_accuracy_does_not_hang_on_the_seed(optimizer: str, seed: int, capsys: Capture) -> None:
    assert main(["train", "--seed", str(seed), "--optimizer", optimizer]) == 0
    assert accuracy(capsys.readouterr().out) >= 0.965


def test_equal_seeds_give_equal_files(folder: Path) -> None:
    options = ["train", "--epochs", "1", "--hidden", "64", "--batch-size", "100", "--optimizer", "sgd"]
    for name, seed, threads in (("a", "5", "1"), ("b", "5", "2"), ("c", "6", "1")):
        subprocess.run(
            [sys.executable, "-m", "fastnn", *options, "--seed", seed, "--output", name],
            env={**os.environ, "OMP_NUM_THREADS": threads},
            check=True,
        )
    assert (folder / "a").read_bytes() == (folder / "b").read_bytes()
    assert (folder / "a").read_bytes() != (folder / "c").read_bytes()


def test_train_mnist(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    rng = np.random.default_rng(0)
    part = rng.integers(0, 256, (20, 28, 28), np.uint8), rng.integers(0, 10, 20).astype(np.uint8)
    monkeypatch.setattr(mnist, "load_data", lambda: (part, part))
    assert main(["train", "--dataset", "mnist", "--epochs", "2"]) == 0
    output = capsys.readouterr().out
    assert "784-512-10" in output
    assert "divided by 255" in output
    assert os.listdir(folder) == ["fastnn-mnist.safetensors"]


def test_no_network(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setenv("FASTNN_DATA_HOME", str(folder / "data"))
    monkeypatch.setattr(mnist, "MIRRORS", ())
    assert main(["train", "--dataset", "mnist"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("fastnn: error: mnist: train-images-idx3-ubyte.gz could not be downloaded")
    assert "Traceback" not in error


def test_disk_full(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert main(["train", "--epochs", "1"]) == 1
    assert "fastnn: error: [Errno 28] No space left on device" in capsys.readouterr().err
    assert os.listdir(folder) == []


def test_interrupt(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(digits, "load_data", interrupt)
    assert main(["train"]) == 130
    assert "fastnn: interrupted" in capsys.readouterr().err
    assert os.listdir(folder) == []
