"""A network of two layers in NumPy alone: forward and backward by hand, the gradient checked numerically.

The program is NumPy's; only its import has been exchanged. Sigmoid units, squared error, gradient descent;
the data are the bundled digits.
"""

from typing import Any

import fastnn.numpy as np
from fastnn.datasets import digits


def sigmoid(z: Any) -> Any:
    """Give 1 / (1 + exp(-z))."""
    return 1 / (1 + np.exp(-z))


def forward(weights: Any, x: Any) -> tuple[Any, Any]:
    """Return the activations of the hidden and the output layer."""
    w1, b1, w2, b2 = weights
    hidden = sigmoid(np.dot(x, w1) + b1)
    return hidden, sigmoid(np.dot(hidden, w2) + b2)


def loss(weights: Any, x: Any, y: Any) -> Any:
    """Return half the squared error, averaged over the samples."""
    return 0.5 * np.sum(np.square(forward(weights, x)[1] - y)) / len(x)


def backward(weights: Any, x: Any, y: Any) -> list[Any]:
    """Return the gradient of the loss with respect to every weight, by the chain rule."""
    _, _, w2, _ = weights
    hidden, output = forward(weights, x)
    delta2 = (output - y) * output * (1 - output) / len(x)
    delta1 = np.dot(delta2, w2.T) * hidden * (1 - hidden)
    return [
        np.dot(x.T, delta1),
        np.sum(delta1, axis=0),
        np.dot(hidden.T, delta2),
        np.sum(delta2, axis=0),
    ]


def check_gradient(weights: Any, x: Any, y: Any, step: float = 1e-5, places: int = 20) -> float:
    """Return the largest difference from central differences, at a few places of every array."""
    worst = 0.0
    rng = np.random.default_rng(1)
    for array, gradient in zip(weights, backward(weights, x, y), strict=True):
        for place in rng.choice(array.size, min(places, array.size), replace=False):
            before = array.flat[place]
            array.flat[place] = before + step
            above = loss(weights, x, y)
            array.flat[place] = before - step
            below = loss(weights, x, y)
            array.flat[place] = before
            worst = max(worst, abs(gradient.flat[place] - (above - below) / (2 * step)))
    return worst


def main(steps: int = 300, rate: float = 3.0, hidden: int = 64) -> dict[str, float]:
    """Train the network, and return the loss, the accuracy on held-out digits and the gradient's error."""
    (x, labels), (x_test, labels_test) = digits.load_data()
    x, x_test = (a.reshape(len(a), -1) / 16.0 for a in (x, x_test))
    y = np.eye(10)[labels]
    rng = np.random.default_rng(0)
    weights = [
        rng.normal(0, 1 / np.sqrt(64), (64, hidden)),
        np.zeros(hidden),
        rng.normal(0, 1 / np.sqrt(hidden), (hidden, 10)),
        np.zeros(10),
    ]
    error = check_gradient(weights, x[:50], y[:50])
    for _ in range(steps):
        for array, gradient in zip(weights, backward(weights, x, y), strict=True):
            np.subtract(array, rate * gradient, out=array)
    predicted = np.argmax(forward(weights, x_test)[1], axis=1)
    return {
        "loss": float(loss(weights, x, y)),
        "accuracy": float(np.mean(predicted == labels_test)),
        "gradient_error": error,
    }


if __name__ == "__main__":
    for name, value in main().items():
        print(f"{name:15} {value:.3g}")
