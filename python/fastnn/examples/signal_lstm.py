"""An LSTM learns a signal and goes on with it: regression on sequences, and a forecast of many steps.

The signal is a sum of two waves whose periods do not fit, with noise on it. The network sees a window of it and is
taught the next value. To forecast, it reads the end of what is known, and then its own guesses, one after the other:
small mistakes come back as inputs, so a long forecast shows what it has understood.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from fastnn import layers, models, optimizers, random, utils


def signal(length: int) -> Any:
    """Return the signal without noise, float32 values within [-1, 1]."""
    t = np.arange(length, dtype="float64")
    return (0.6 * np.sin(2 * np.pi * t / 25) + 0.4 * np.sin(2 * np.pi * t / 58)).astype("float32")


def windows(values: Any, width: int) -> tuple[Any, Any]:
    """Return all stretches of ``width`` values, shape (n, width, 1), and the value behind each, shape (n, 1)."""
    x = np.lib.stride_tricks.sliding_window_view(values, width)[:-1, :, np.newaxis]
    return x, values[width:, np.newaxis]


def network(width: int, units: int) -> Any:
    """Return the network: a window of the signal in, the next value out."""
    net = models.Sequential([layers.Input((width, 1)), layers.LSTM(units), layers.Dense(1)])
    net.compile(optimizers.Adam(0.005), loss="mse")
    return net


def forecast(net: Any, known: Any, steps: int, width: int) -> Any:
    """Return the ``steps`` values that the network expects behind those known."""
    values = list(known[-width:])
    for _ in range(steps):
        guess = net(np.array(values[-width:], "float32")[np.newaxis, :, np.newaxis])
        values.append(float(guess.numpy()[0, 0]))
    return np.array(values[width:], "float32")


def draw(file: str, known: Any, truth: Any, expected: Any, losses: list[float]) -> None:
    """Draw the loss, and the forecast against the truth behind the end of what was known."""
    from fastnn.examples._plot import panels

    figure, (left, right) = panels(2, width_ratios=[1, 2])
    left.semilogy(range(1, len(losses) + 1), losses, ".-")
    left.set(title="training", xlabel="epoch", ylabel="mean squared error")
    seen = min(len(known), 100)
    right.plot(range(-seen, 0), known[-seen:], color="grey", linewidth=0.8, label="known, with noise")
    right.plot(range(len(truth)), truth, color="black", label="truth")
    right.plot(range(len(truth)), expected, "--", color="tab:red", label="forecast")
    right.axvline(0, color="black", linewidth=0.5)
    right.set(title="forecast from its own guesses", xlabel="step", ylim=(-1.5, 1.2))
    right.legend(loc="lower center", ncols=3)
    figure.savefig(file)


def main(
    length: int = 1500,
    width: int = 60,
    units: int = 32,
    epochs: int = 40,
    steps: int = 150,
    plot: str | None = None,
) -> dict[str, Any]:
    """Return the loss of every epoch, the forecast and the truth, and the forecast's mean absolute error."""
    utils.set_random_seed(3)
    whole = signal(length + steps)
    known = whole[:length] + 0.03 * random.normal((length,))
    net = network(width, units)
    history = net.fit(*windows(known, width), batch_size=32, epochs=epochs, verbose=0)
    expected, truth = forecast(net, known, steps, width), whole[length:]
    losses = [float(loss) for loss in history.history["loss"]]
    if plot:
        draw(plot, known, truth, expected, losses)
    error = float(np.mean(np.abs(expected - truth)))
    return {"losses": losses, "forecast": expected, "truth": truth, "error": error}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--length", type=int, default=1500, help="how many values are known")
    parser.add_argument("--width", type=int, default=60, help="how many the network sees at once")
    parser.add_argument("--units", type=int, default=32)
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--steps", type=int, default=150, help="how many to forecast")
    parser.add_argument("--plot", metavar="FILE", help="draw the forecast to this image file")
    found = main(**vars(parser.parse_args()))
    print(
        f"mean squared error of the next value: {found['losses'][0]:.4f} at first, {found['losses'][-1]:.5f} at last"
    )
    print(f"mean absolute error of the forecast: {found['error']:.3f}, of a signal within [-1, 1]")
