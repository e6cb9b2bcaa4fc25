"""K-means in NumPy alone (Lloyd's algorithm); only the import has been exchanged."""

from typing import Any

import fastnn.numpy as np


def squared_distances(x: Any, centres: Any) -> Any:
    """Return |x_i - c_j|^2 for every point and centre, as |x|^2 - 2 x.c + |c|^2."""
    return (
        np.sum(np.square(x), axis=1, keepdims=True)
        - 2 * np.dot(x, centres.T)
        + np.sum(np.square(centres), axis=1)
    )


def far_apart(x: Any, k: int) -> Any:
    """Return k of the points, each the farthest from those before it."""
    centres = x[:1]
    while len(centres) < k:
        distance = np.min(squared_distances(x, centres), axis=1)
        centres = np.concatenate([centres, x[np.argmax(distance)][np.newaxis]])
    return centres


def main(points: int = 20000, dims: int = 16, k: int = 10, steps: int = 20) -> dict[str, float]:
    """Find the centres of ten clouds, and return the mean squared distance to the nearest one."""
    rng = np.random.default_rng(0)
    truth = rng.normal(0, 5, (k, dims))
    x = truth[rng.integers(0, k, points)] + rng.normal(size=(points, dims))
    centres = far_apart(x, k)
    for _ in range(steps):
        nearest = np.argmin(squared_distances(x, centres), axis=1)
        for j in range(k):
            members = x[nearest == j]
            if len(members):
                centres[j] = np.mean(members, axis=0)
    return {"inertia": float(np.mean(np.min(squared_distances(x, centres), axis=1)))}


if __name__ == "__main__":
    print(f"mean squared distance to the nearest centre: {main()['inertia']:.4f}")
