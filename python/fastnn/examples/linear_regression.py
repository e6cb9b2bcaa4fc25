"""A line through 100 points, three times: gradient by hand, on the tape, and as a model. All three agree.

The points lie on y = 2 x + 1 with noise of 0.2, so the best possible loss is about 0.2 squared, 0.04.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

import fastnn
from fastnn import layers, models, ops, optimizers

Result = dict[str, Any]


def points(seed: int = 0) -> tuple[Any, Any]:
    """Return 100 numbers from -10 to 10, and 2 x + 1 with noise for each."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-10.0, 10.0, 100)
    return x, 2.0 * x + 1.0 + rng.normal(0.0, 0.2, 100)


def by_hand(x: Any, y: Any, steps: int, rate: float) -> Result:
    """Descend along the derivatives of the mean squared error, worked out on paper."""
    w = b = 0.0
    losses = []
    for _ in range(steps):
        error = w * x + b - y
        losses.append(np.mean(error**2))
        # d/dw of mean((w x + b - y)^2) is mean(2 (w x + b - y) x), d/db is mean(2 (w x + b - y))
        w, b = w - rate * np.mean(2 * error * x), b - rate * np.mean(2 * error)
    return {"w": w, "b": b, "losses": losses}


def on_the_tape(x: Any, y: Any, steps: int, rate: float) -> Result:
    """Write down the loss alone: the tape knows its derivatives."""
    w, b = fastnn.Variable(0.0), fastnn.Variable(0.0)
    losses = []
    for _ in range(steps):
        with fastnn.GradientTape() as tape:
            loss = ops.mean(ops.square(w * x + b - y))
        dw, db = tape.gradient(loss, [w, b])
        w.assign_sub(rate * dw)
        b.assign_sub(rate * db)
        losses.append(loss.item())
    return {"w": w.item(), "b": b.item(), "losses": losses}


def as_a_model(x: Any, y: Any, steps: int, rate: float) -> Result:
    """A line is a Dense layer with one input and one output; an epoch with one batch is a step."""
    model = models.Sequential(
        [layers.Dense(1, kernel_initializer="zeros", dtype="float64", input_shape=(1,))], dtype="float64"
    )
    model.compile(optimizers.SGD(learning_rate=rate), loss="mse")
    history = model.fit(
        x[:, np.newaxis], y[:, np.newaxis], batch_size=len(x), epochs=steps, shuffle=False, verbose=0
    )
    w, b = model.get_weights()
    return {"w": w.item(), "b": b.item(), "losses": history.history["loss"]}


def draw(path: str, x: Any, y: Any, found: Result) -> None:
    """Draw the points with the line, and the way of the loss."""
    from fastnn.examples._plot import panels

    figure, (left, right) = panels(2)
    left.scatter(x, y, 12, "tab:gray", label="100 points")
    ends = np.array([-10.0, 10.0])
    left.plot(
        ends, found["w"] * ends + found["b"], "tab:red", label=f"y = {found['w']:.3f} x + {found['b']:.3f}"
    )
    left.set(title="The line that was found", xlabel="x", ylabel="y")
    left.legend()
    right.loglog(np.arange(1, len(found["losses"]) + 1), found["losses"])
    right.axhline(0.04, color="tab:gray", linestyle="--", label="noise: 0.2² = 0.04")
    right.set(title="Loss at every step", xlabel="step", ylabel="mean squared error")
    right.legend()
    figure.savefig(path)


def main(steps: int = 1000, rate: float = 0.01, plot: str | None = None) -> dict[str, Result]:
    """Return w, b and the losses of all three ways."""
    x, y = points()
    found = {way.__name__: way(x, y, steps, rate) for way in (by_hand, on_the_tape, as_a_model)}
    if plot:
        draw(plot, x, y, found["by_hand"])
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=0.01, help="learning rate")
    parser.add_argument("--plot", metavar="FILE", help="draw points, line and loss to this image file")
    for way, result in main(**vars(parser.parse_args())).items():
        print(f"{way:12} w {result['w']:.12f}  b {result['b']:.12f}  loss {result['losses'][-1]:.12f}")
