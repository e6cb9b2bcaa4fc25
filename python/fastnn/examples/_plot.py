"""What the examples' plots share: Matplotlib, asked for only when something is drawn, and drawn to a file."""

from __future__ import annotations

from typing import Any

import numpy as np


def panels(columns: int, rows: int = 1, **options: Any) -> tuple[Any, list[Any]]:
    """Return a figure and its axes, row by row; no display is needed.

    Raises
    ------
    ImportError
        Matplotlib is not installed; the message says how to install it.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError("plots need Matplotlib: pip install 'fastnn[plot]'") from error
    figure = Figure(figsize=(1 + 4.5 * columns, 1 + 3.7 * rows), dpi=100, layout="constrained")
    return figure, list(figure.subplots(rows, columns, squeeze=False, **options).flat)


def boundary(axes: Any, probability: Any, x: Any, labels: Any, title: str) -> None:
    """Draw points of two classes over the probability of class 1, and the line where it is one half.

    ``probability`` takes an array of points, shape (n, 2), and returns n numbers.
    """
    low, high = x.min(axis=0) - 0.5, x.max(axis=0) + 0.5
    across, up = np.meshgrid(np.linspace(low[0], high[0], 200), np.linspace(low[1], high[1], 200))
    p = np.reshape(probability(np.stack([across.ravel(), up.ravel()], axis=1)), across.shape)
    shades = axes.contourf(across, up, p, np.linspace(0, 1, 11), cmap="RdBu_r", alpha=0.6)
    axes.contour(across, up, p, [0.5], colors="black", linewidths=1.5)
    for label, colour, marker in ((0, "tab:blue", "o"), (1, "tab:red", "s")):
        points = x[labels == label]
        axes.scatter(
            points[:, 0],
            points[:, 1],
            25,
            colour,
            marker=marker,
            edgecolors="white",
            linewidths=0.6,
            label=f"class {label}",
        )
    axes.set(title=title, xlabel="$x_1$", ylabel="$x_2$")
    axes.legend(loc="upper right")
    axes.figure.colorbar(shades, ax=axes, label="probability of class 1")
