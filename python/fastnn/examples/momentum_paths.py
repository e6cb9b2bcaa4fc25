"""Six update rules on one surface: who gets stuck in the local minimum, and who finds the global one?

Everybody starts at the same place on the slope of the shallower valley and takes as many steps. Plain descent stops
at the first bottom that it comes to. Momentum remembers how it came down and rolls over the ridge; Nesterov's looks
ahead, feels the ridge and brakes. The adaptive rules divide by the size of the gradient, so that they move along x as
fast as along y at first, however steep each is; that alone leads out of no valley.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

import fastnn
from fastnn import optimizers

START = (2.2, 1.6)


def surface(x: Any, y: Any) -> Any:
    """Return the height: two valleys with a ridge between them, the left one deeper."""
    return 0.25 * x * x * x * x - x * x + 0.35 * x + 2.0 * y * y


def rules() -> dict[str, Any]:
    """Return an optimizer for each rule, at a rate that suits it."""
    return {
        "SGD": optimizers.SGD(0.05),
        "momentum": optimizers.SGD(0.05, momentum=0.9),
        "Nesterov": optimizers.SGD(0.05, momentum=0.9, nesterov=True),
        "Adagrad": optimizers.Adagrad(0.5),
        "RMSprop": optimizers.RMSprop(0.05),
        "Adam": optimizers.Adam(0.2),
    }


def path(optimizer: Any, steps: int) -> Any:
    """Return the places that an optimizer comes by, shape (steps + 1, 2), the start first."""
    x, y = (fastnn.tensor(place, requires_grad=True) for place in START)
    optimizer.build([x, y])
    places = [START]
    for _ in range(steps):
        optimizer.zero_grad()
        surface(x, y).backward()
        optimizer.step()
        places.append((x.item(), y.item()))
    return np.array(places)


def flat_places() -> Any:
    """Return where the slope along x is zero: the global minimum, the ridge, the local minimum."""
    return np.sort(np.roots([1.0, 0.0, -2.0, 0.35]).real)


def draw(file: str, paths: dict[str, Any]) -> None:
    """Draw every rule's path over the surface's contours."""
    from fastnn.examples._plot import panels

    lowest, _, shallow = flat_places()
    across, up = np.meshgrid(np.linspace(-2.6, 2.6, 300), np.linspace(-1.7, 1.9, 300))
    heights = surface(across, up)
    levels = heights.min() + np.linspace(0, (heights.max() - heights.min()) ** 0.5, 22) ** 2
    figure, axes = panels(3, rows=2, sharex=True, sharey=True)
    for panel, (name, places) in zip(axes, paths.items()):
        panel.contourf(across, up, heights, levels, cmap="viridis", alpha=0.8)
        panel.contour(across, up, heights, levels, colors="white", linewidths=0.4)
        panel.plot(
            places[:, 0], places[:, 1], ".-", color="tab:red", linewidth=1.3, markersize=5, label="path"
        )
        panel.plot(*START, "ws", markeredgecolor="black", label="start")
        panel.plot(shallow, 0, "w^", markersize=9, markeredgecolor="black", label="local minimum")
        panel.plot(lowest, 0, "w*", markersize=14, markeredgecolor="black", label="global minimum")
        panel.plot(*places[-1], "o", color="tab:red", markersize=5, markeredgecolor="black", label="end")
        panel.set_title(f"{name}: ends at a height of {surface(*places[-1]):.3f}")
    axes[0].legend(loc="lower left", fontsize="small")
    figure.supxlabel("x")
    figure.supylabel("y")
    figure.savefig(file)


def main(steps: int = 100, plot: str | None = None) -> dict[str, dict[str, Any]]:
    """Return, for every rule, where it ends, how high, and in which minimum's valley."""
    paths = {name: path(optimizer, steps) for name, optimizer in rules().items()}
    if plot:
        draw(plot, paths)
    ridge = flat_places()[1]
    return {
        name: {
            "x": float(places[-1, 0]),
            "y": float(places[-1, 1]),
            "height": float(surface(*places[-1])),
            "valley": "global" if places[-1, 0] < ridge else "local",
        }
        for name, places in paths.items()
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--plot", metavar="FILE", help="draw the paths to this image file")
    print(f"{'rule':10} {'x':>8} {'y':>8} {'f(x, y)':>9}  minimum")
    for name, end in main(**vars(parser.parse_args())).items():
        print(f"{name:10} {end['x']:8.4f} {end['y']:8.4f} {end['height']:9.4f}  {end['valley']}")
