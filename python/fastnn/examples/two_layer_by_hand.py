"""A network of two layers whose gradient is derived by hand, checked by differences, and then left to the tape.

A sigmoid hidden layer, softmax, cross-entropy; all parameters in one flat vector, as optimizers for functions of a
vector want them: the cost function returns ``(cost, gradient)``. The data are the bundled digits.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

import fastnn
from fastnn import ops
from fastnn.datasets import digits

PIXELS, HIDDEN, CLASSES = 64, 25, 10


def unpack(theta: Any) -> tuple[Any, Any, Any, Any]:
    """Return the matrices and biases that the flat vector holds, one behind the other."""
    at = np.cumsum([PIXELS * HIDDEN, HIDDEN, HIDDEN * CLASSES, CLASSES])
    return (
        theta[: at[0]].reshape(PIXELS, HIDDEN),
        theta[at[0] : at[1]],
        theta[at[1] : at[2]].reshape(HIDDEN, CLASSES),
        theta[at[2] : at[3]],
    )


def first_theta(seed: int = 0) -> Any:
    """Return small random weights, and biases of zero."""
    rng = np.random.default_rng(seed)
    w1 = rng.normal(0, PIXELS**-0.5, PIXELS * HIDDEN)
    w2 = rng.normal(0, HIDDEN**-0.5, HIDDEN * CLASSES)
    return np.concatenate([w1, np.zeros(HIDDEN), w2, np.zeros(CLASSES)])


def sigmoid(z: Any) -> Any:
    """Return 1 / (1 + exp(-z))."""
    return 1 / (1 + np.exp(-z))


def softmax(z: Any) -> Any:
    """Return exp(z) / sum(exp(z)) for every row; the largest is subtracted first, so that nothing overflows."""
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def cost_and_gradient(theta: Any, x: Any, labels: Any) -> tuple[float, Any]:
    """Return the mean cross-entropy and its gradient, derived by hand.

    With p = softmax(z2) and one-hot labels y, the derivative of -sum(y log p) by z2 is just p - y. From there the
    chain rule goes back: through z2 = h @ w2 + b2 to w2, b2 and h, through h = sigmoid(z1), whose derivative is
    h (1 - h), to z1, and through z1 = x @ w1 + b1 to w1 and b1.
    """
    w1, b1, w2, b2 = unpack(theta)
    rows = np.arange(len(x))

    h = sigmoid(x @ w1 + b1)
    p = softmax(h @ w2 + b2)
    cost = -np.mean(np.log(p[rows, labels]))

    dz2 = p.copy()
    dz2[rows, labels] -= 1
    dz2 /= len(x)
    dw2, db2 = h.T @ dz2, dz2.sum(axis=0)
    dz1 = (dz2 @ w2.T) * h * (1 - h)
    dw1, db1 = x.T @ dz1, dz1.sum(axis=0)
    return cost, np.concatenate([dw1.ravel(), db1, dw2.ravel(), db2])


def cost(theta: Any, x: Any, labels: Any) -> Any:
    """Return the same cost, forwards only: what the tape needs."""
    w1, b1, w2, b2 = unpack(theta)
    h = ops.sigmoid(x @ w1 + b1)
    p = ops.softmax(h @ w2 + b2)
    return -ops.mean(ops.log(p[np.arange(len(x)), labels]))


def main(steps: int = 300, rate: float = 2.0, checked: int = 20) -> dict[str, float]:
    """Compare the gradients, train, and return what came out.

    ``checked`` is the number of images on which the gradient is held against differences.
    """
    (x, labels), (x_test, labels_test) = digits.load_data()
    x, x_test = (images.reshape(len(images), -1) / 16.0 for images in (x, x_test))
    theta = first_theta()

    # 1. By hand against central differences: raises AssertionError where the derivation is wrong.
    fastnn.check_gradients(lambda t: cost_and_gradient(t, x[:checked], labels[:checked]), theta)

    # 2. By hand against the tape.
    by_hand = cost_and_gradient(theta, x, labels)[1]
    by_tape = fastnn.grad(cost)(theta, x, labels)
    difference = np.max(np.abs(by_hand - by_tape))

    # 3. Gradient descent along either.
    for _ in range(steps):
        value, gradient = cost_and_gradient(theta, x, labels)
        theta -= rate * gradient
    w1, b1, w2, b2 = unpack(theta)
    predicted = np.argmax(sigmoid(x_test @ w1 + b1) @ w2 + b2, axis=1)
    return {
        "parameters": theta.size,
        "difference": float(difference),
        "loss": float(value),
        "accuracy": float(np.mean(predicted == labels_test)),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--rate", type=float, default=2.0, help="learning rate")
    found = main(**vars(parser.parse_args()))
    print(
        f"the gradient of {found['parameters']} parameters, derived by hand, agrees with central differences"
    )
    print(f"the tape's differs from it by {found['difference']:.1e} at most")
    print(f"after training: loss {found['loss']:.4f}, accuracy on held-out digits {found['accuracy']:.4f}")
