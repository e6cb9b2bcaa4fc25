"""A line through 100 points by 100,000 steps of gradient descent, in NumPy alone; only the import is exchanged.

Every step is a handful of calls on 100 numbers: what counts is the cost of a call.
"""

from typing import Any

import fastnn.numpy as np


def gradient(w: Any, b: Any, x: Any, y: Any) -> tuple[Any, Any]:
    """Return the derivatives of half the mean squared error."""
    error = np.subtract(np.add(np.multiply(x, w), b), y)
    return np.dot(error, x) / len(x), np.mean(error)


def main(steps: int = 100_000, rate: float = 0.001) -> dict[str, float]:
    """Fit y = w x + b to noisy points of y = 2 x + 1, and return w, b and the loss."""
    rng = np.random.default_rng(0)
    x = np.linspace(-10, 10, 100)
    y = 2 * x + 1 + rng.normal(0, 0.3, 100)
    w = b = 0.0
    for _ in range(steps):
        dw, db = gradient(w, b, x, y)
        w -= rate * dw
        b -= rate * db
    return {"w": float(w), "b": float(b), "loss": float(0.5 * np.mean(np.square(w * x + b - y)))}


if __name__ == "__main__":
    for name, value in main().items():
        print(f"{name:5} {value:.4f}")
