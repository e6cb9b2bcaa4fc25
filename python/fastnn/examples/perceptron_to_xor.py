"""From the perceptron to networks of two layers: why XOR needs a second one, and what it can do beyond.

A perceptron answers 1 where w . x + b > 0: on one side of a straight line. That is enough for AND and OR. For XOR it
would have to be that b <= 0 (for 0, 0), w1 + b > 0 and w2 + b > 0 (for 1, 0 and 0, 1), and w1 + w2 + b <= 0 (for
1, 1). But the second and third add up to w1 + w2 + 2 b > 0, so w1 + w2 + b > -b >= 0: there is no such line. Two
layers have one: XOR is "OR, and not AND". Logistic regression is a perceptron with a slope that gradients can follow;
it too draws a straight line, through the two moons as well, until it gets a hidden layer.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

import fastnn
from fastnn import Variable, layers, losses, models, ops, optimizers, utils

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
AND, OR, XOR = np.array([0, 0, 0, 1]), np.array([0, 1, 1, 1]), np.array([0, 1, 1, 0])


def fires(x: Any, w: Any, b: float) -> Any:
    """Answer 1 where w . x + b > 0, else 0."""
    return (x @ w + b > 0).astype(int)


def perceptron(x: Any, y: Any, epochs: int = 100) -> tuple[Any, float, list[int]]:
    """Learn by Rosenblatt's rule: at every mistake move the line towards the point.

    Returns w, b and the number of mistakes in each epoch, of which there are no more once there are no mistakes.
    """
    w, b = np.zeros(x.shape[1]), 0.0
    mistakes: list[int] = []
    while len(mistakes) < epochs and (not mistakes or mistakes[-1]):
        mistakes.append(0)
        for point, label in zip(x, y):
            error = label - fires(point, w, b)
            w, b = w + error * point, b + error
            mistakes[-1] += abs(int(error))
    return w, b, mistakes


def xor_of_perceptrons(x: Any) -> Any:
    """Compute XOR as "OR, and not AND": the first layer's two perceptrons feed a third."""
    hidden = np.stack([fires(x, *perceptron(CORNERS, y)[:2]) for y in (OR, AND)], axis=1)
    return fires(hidden, np.array([1.0, -1.0]), -0.5)


def logistic_regression(x: Any, y: Any, steps: int = 2000, rate: float = 0.5) -> Any:
    """Fit sigmoid(x @ w + b) to labels 0 and 1 by the gradient of the cross-entropy; return it as a function."""
    w, b = Variable(np.zeros(x.shape[1])), Variable(0.0)

    def probability(points: Any) -> Any:
        return ops.sigmoid(points @ w + b)

    for _ in range(steps):
        with fastnn.GradientTape() as tape:
            p = probability(x)
            loss = -ops.mean(ops.log(ops.where(y == 1, p, 1 - p)))
        dw, db = tape.gradient(loss, [w, b])
        w.assign_sub(rate * dw)
        b.assign_sub(rate * db)
    return probability


def two_layers(x: Any, y: Any, hidden: int, steps: int = 1000) -> Any:
    """Fit a network with a hidden layer of tanh units; return its probability of class 1 as a function."""
    net = models.Sequential([layers.Dense(hidden, activation="tanh"), layers.Dense(1, activation="sigmoid")])
    cross_entropy = losses.BinaryCrossentropy()
    optimizer = optimizers.Adam(learning_rate=0.05)
    for _ in range(steps):
        with fastnn.GradientTape() as tape:
            loss = cross_entropy(y[:, np.newaxis], net(x))
        grads = tape.gradient(loss, net.trainable_variables)
        optimizer.apply_gradients(zip(grads, net.trainable_variables))
    return lambda points: net(points)[:, 0]


def two_moons(samples: int = 400, noise: float = 0.15, seed: int = 0) -> tuple[Any, Any]:
    """Return two half circles that reach into each other, with noise, and which one each point is of."""
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, np.pi, samples)
    y = np.arange(samples) % 2
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    return np.where(y[:, np.newaxis] == 0, upper, lower) + rng.normal(0, noise, (samples, 2)), y


def accuracy(probability: Any, x: Any, y: Any) -> float:
    """Return the share of points on the right side."""
    return float(np.mean((np.asarray(probability(x)) > 0.5) == y))


def main(samples: int = 400, steps: int = 1000, plot: str | None = None) -> dict[str, Any]:
    """Return the perceptrons' mistakes, and the accuracies on XOR and on the moons."""
    utils.set_random_seed(0)
    mistakes = {name: perceptron(CORNERS, y)[2] for name, y in (("AND", AND), ("OR", OR), ("XOR", XOR))}
    x, y = two_moons(samples)
    fitted = {
        "logistic regression on XOR": (logistic_regression(CORNERS, XOR), CORNERS, XOR),
        "two layers on XOR": (two_layers(CORNERS, XOR, 4, steps), CORNERS, XOR),
        "logistic regression on two moons": (logistic_regression(x, y), x, y),
        "two layers on two moons": (two_layers(x, y, 16, steps), x, y),
    }
    if plot:
        from fastnn.examples._plot import boundary, panels

        figure, axes = panels(2, rows=2)
        for panel, (name, (probability, points, labels)) in zip(axes, fitted.items()):
            title = f"{name}: {accuracy(probability, points, labels):.1%} right"
            boundary(panel, probability, points, labels, title)
        figure.savefig(plot)
    return {
        "mistakes": mistakes,
        "xor": xor_of_perceptrons(CORNERS).tolist(),
        "accuracy": {name: accuracy(*what) for name, what in fitted.items()},
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=400, help="points of the two moons")
    parser.add_argument("--steps", type=int, default=1000, help="of the networks with two layers")
    parser.add_argument("--plot", metavar="FILE", help="draw the decision boundaries to this image file")
    found = main(**vars(parser.parse_args()))
    for name, counts in found["mistakes"].items():
        end = (
            f"none after {len(counts)} epochs"
            if not counts[-1]
            else f"still {counts[-1]} in epoch {len(counts)}"
        )
        print(f"perceptron, mistakes on {name}: {end}")
    print(f"OR and not AND, by three perceptrons: {found['xor']}")
    for name, share in found["accuracy"].items():
        print(f"{name}: {share:.1%} right")
