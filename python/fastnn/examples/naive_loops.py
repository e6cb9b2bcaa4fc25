"""What Python's loops cost: ReLU, a sum, and products of matrices, written out and called.

The loops are those with which deep-learning books explain what a layer does.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import fastnn.numpy as np


def naive_relu(x: Any) -> Any:
    """Return max(x, 0), element by element."""
    x = x.copy()
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            x[i, j] = max(x[i, j], 0)
    return x


def naive_add(x: Any, y: Any) -> Any:
    """Return x + y, element by element."""
    x = x.copy()
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            x[i, j] += y[i, j]
    return x


def naive_vector_dot(x: Any, y: Any) -> Any:
    """Return the sum of x_i y_i."""
    z = 0.0
    for i in range(x.shape[0]):
        z += x[i] * y[i]
    return z


def naive_matrix_vector_dot(x: Any, y: Any) -> Any:
    """Return the product of a matrix and a vector."""
    z = np.zeros(x.shape[0], x.dtype)
    for i in range(x.shape[0]):
        z[i] = naive_vector_dot(x[i], y)
    return z


def naive_matrix_dot(x: Any, y: Any) -> Any:
    """Return the product of two matrices."""
    z = np.zeros((x.shape[0], y.shape[1]), x.dtype)
    for i in range(x.shape[0]):
        for j in range(y.shape[1]):
            z[i, j] = naive_vector_dot(x[i], y[:, j])
    return z


def seconds(call: Callable[[], Any], repeats: int) -> float:
    """Return the shortest time of several calls."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
    return best


def main(rows: int = 200, columns: int = 300) -> dict[str, tuple[float, float]]:
    """Return, for every function, the largest difference between loop and call, and how many times faster."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, rows, columns)).astype(np.float32)
    square = rng.normal(size=(columns, rows // 2)).astype(np.float32)
    pairs: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
        "relu": (lambda: naive_relu(x), lambda: np.maximum(x, 0)),
        "add": (lambda: naive_add(x, y), lambda: np.add(x, y)),
        "matrix . vector": (lambda: naive_matrix_vector_dot(x, y[0]), lambda: np.dot(x, y[0])),
        "matrix . matrix": (lambda: naive_matrix_dot(x, square), lambda: np.dot(x, square)),
    }
    return {
        name: (float(np.max(np.absolute(loop() - call()))), seconds(loop, 1) / seconds(call, 20))
        for name, (loop, call) in pairs.items()
    }


if __name__ == "__main__":
    print("native instead of a loop in Python:")
    for name, (difference, speedup) in main().items():
        print(f"{name:16} {speedup:9,.0f} times faster, largest difference {difference:.1e}")
