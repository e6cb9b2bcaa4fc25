"""Edges: a kernel of 3x3 numbers by hand, what padding and strides do to it, and the kernel learned back.

A vertical edge is where a picture is brighter on the left than on the right. The kernel

    1  0  -1
    1  0  -1
    1  0  -1

finds it: on a picture of 6x6, half 10 and half 0, it gives 30 in the two columns where its window meets the edge, and
0 elsewhere. A network does not need to be told: from pictures and their edges alone, a convolution with one filter
learns the nine numbers.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from fastnn import layers, models, ops, optimizers, utils

Array = np.ndarray[Any, Any]

VERTICAL = np.array([[1.0, 0.0, -1.0]] * 3, "float32")


def picture(height: int = 48, width: int = 64) -> Array:
    """Return a house with a sun, as grey values from 0 to 1."""
    y, x = np.mgrid[:height, :width]
    scene = 0.55 + 0.3 * (1 - y / height)  # the sky
    scene[y > 0.85 * height] = 0.35  # the ground
    house = (abs(x - 0.4 * width) < 0.2 * width) & (y > 0.45 * height) & (y <= 0.85 * height)
    roof = (y > 0.2 * height) & (y <= 0.45 * height) & (abs(x - 0.4 * width) < (y - 0.2 * height) * 1.3)
    door = (abs(x - 0.4 * width) < 0.05 * width) & (y > 0.6 * height) & (y <= 0.85 * height)
    sun = (x - 0.85 * width) ** 2 + (y - 0.2 * height) ** 2 < (0.1 * height) ** 2
    for where, grey in ((house, 0.8), (roof, 0.3), (door, 0.1), (sun, 1.0)):
        scene[where] = grey
    return scene.astype("float32")


def edges(pictures: Array, kernel: Array = VERTICAL, **options: Any) -> Array:
    """Convolve one picture (height, width), or several, with one kernel."""
    x = pictures.reshape((-1, *pictures.shape[-2:], 1))
    y = ops.conv(x, kernel[:, :, np.newaxis, np.newaxis], **options)
    found: Array = y.reshape((*pictures.shape[:-2], *y.shape[1:3]))
    return found


def by_hand() -> dict[str, Array]:
    """Return the edges of half a white page, vertical and horizontal ones, and of one turned round."""
    half = np.zeros((6, 6), "float32")
    half[:, :3] = 10.0
    return {
        "picture": half,
        "vertical": edges(half),
        "from dark to bright": edges(half[:, ::-1]),
        "horizontal": edges(half, np.ascontiguousarray(VERTICAL.T)),
    }


def learn(steps: int = 400, seed: int = 0) -> tuple[Array, list[float]]:
    """Learn the kernel from random pictures and their edges; return it and the loss of every step."""
    utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    net = models.Sequential([layers.Conv2D(1, 3, use_bias=False, input_shape=(12, 12, 1))])
    net.compile(optimizers.Adam(0.03), "mean_squared_error")
    losses = []
    for _ in range(steps):
        pictures = rng.random((16, 12, 12), "float32")
        loss = net.train_on_batch(pictures[..., np.newaxis], edges(pictures)[..., np.newaxis])
        losses.append(float(np.ravel(loss)[0]))
    return net.get_weights()[0][:, :, 0, 0], losses


def draw(path: str, learned: Array) -> None:
    """Draw the picture, its edges with paddings and strides, and what was learned."""
    from fastnn.examples._plot import panels

    scene = picture()
    shown = [
        ("the picture", scene),
        ("vertical edges, padding 'valid'", edges(scene)),
        ("padding 'same': as large as the picture", edges(scene, padding="same")),
        ("strides of 2: half as large", edges(scene, padding="same", strides=2)),
        ("horizontal edges", edges(scene, np.ascontiguousarray(VERTICAL.T))),
        ("vertical edges by the learned kernel", edges(scene, learned)),
    ]
    figure, axes = panels(3, 2)
    for panel, (title, values) in zip(axes, shown, strict=True):
        is_picture = values is scene
        edge = 1.0 if is_picture else float(np.abs(values[1:-1, 1:-1]).max())
        drawn = panel.imshow(
            values,
            cmap="gray" if is_picture else "RdBu_r",
            vmin=0 if is_picture else -edge,
            vmax=edge,
            interpolation="nearest",
        )
        panel.set(title=f"{title}\n{values.shape[0]} x {values.shape[1]}")
        figure.colorbar(drawn, ax=panel, shrink=0.8)
    figure.savefig(path)


def main(steps: int = 400, seed: int = 0, plot: str | None = None, say: Any = print) -> dict[str, Any]:
    """Find edges by hand, learn the kernel back; return the pictures, the shapes and the kernel."""
    found: dict[str, Any] = by_hand()
    for name, values in found.items():
        say(f"{name}:\n{values}")
    scene = picture()
    found["shapes"] = {
        "valid": edges(scene).shape,
        "same": edges(scene, padding="same").shape,
        "same, strides 2": edges(scene, padding="same", strides=2).shape,
    }
    say(f"a picture of {scene.shape} gives {found['shapes']}")
    found["learned"], losses = learn(steps, seed)
    say(f"loss {losses[0]:.3f} at first, {losses[-1]:.2g} after {steps} steps; the kernel that was learned:")
    say(str(np.round(found["learned"], 3)))
    if plot:
        draw(plot, found["learned"])
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--plot", metavar="FILE", help="draw the edges to this image file")
    main(**vars(parser.parse_args()))
