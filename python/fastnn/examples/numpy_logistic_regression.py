"""Logistic regression in NumPy alone; only the import has been exchanged.

Two clouds of points in twenty dimensions, told apart by gradient descent on the cross-entropy.
"""

from typing import Any

import fastnn.numpy as np


def probability(w: Any, b: Any, x: Any) -> Any:
    """Return the probability of class 1 for every row of x."""
    return 1 / (1 + np.exp(-(np.dot(x, w) + b)))


def cross_entropy(p: Any, y: Any) -> Any:
    """Return the mean of -y log p - (1 - y) log (1 - p)."""
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def main(samples: int = 20000, features: int = 20, steps: int = 200, rate: float = 0.5) -> dict[str, float]:
    """Fit the weights, and return the cross-entropy and the accuracy."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, samples).astype(np.float64)
    x = rng.normal(size=(samples, features)) + 0.4 * np.outer(2 * y - 1, np.ones(features))
    w, b = np.zeros(features), 0.0
    for _ in range(steps):
        error = probability(w, b, x) - y
        w = w - rate * np.dot(x.T, error) / samples
        b = b - rate * np.mean(error)
    p = probability(w, b, x)
    return {"loss": float(cross_entropy(p, y)), "accuracy": float(np.mean((p > 0.5) == y))}


if __name__ == "__main__":
    for name, value in main().items():
        print(f"{name:9} {value:.4f}")
