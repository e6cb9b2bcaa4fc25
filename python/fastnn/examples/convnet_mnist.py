"""The convolutional network of the textbooks on MNIST: 32, 64 and 64 filters of 3x3, with pooling between.

Five epochs tell more than 99% of the test images right. ``--plot`` draws what the network sees: the filters of the
first convolution, and what the three convolutions make of one image.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from fastnn import Model, layers, models, optimizers, utils
from fastnn.examples._images import load
from fastnn.optimizers import schedules


def convnet(input_shape: tuple[int, int, int] = (28, 28, 1)) -> models.Sequential:
    """Return the network; small images leave out the poolings that would leave nothing of them."""
    pool = [layers.MaxPooling2D(2)] if input_shape[0] >= 18 else [layers.ZeroPadding2D(1)]
    again = [layers.MaxPooling2D(2)] if input_shape[0] >= 18 else []
    return models.Sequential(
        [
            layers.Conv2D(32, 3, activation="relu", input_shape=input_shape, name="conv1"),
            *pool,
            layers.Conv2D(64, 3, activation="relu", name="conv2"),
            *again,
            layers.Conv2D(64, 3, activation="relu", name="conv3"),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ],
        name="convnet",
    )


def seen(net: models.Sequential, image: Any) -> list[Any]:
    """Return what each convolution makes of one image (height, width, 1): arrays (height, width, filters)."""
    convolutions = [layer.output for layer in net.layers if isinstance(layer, layers.Conv2D)]
    return [maps[0] for maps in Model(net.input, convolutions).predict(image[np.newaxis], verbose=0)]


def draw(path: str, net: models.Sequential, image: Any) -> None:
    """Draw the first filters, and the image as the convolutions see it."""
    from fastnn.examples._plot import panels

    figure, (filters, *maps) = panels(2, 2)
    kernel = net.get_layer("conv1").get_weights()[0]
    edge = np.abs(kernel).max()
    filters.imshow(tiles(np.moveaxis(kernel[:, :, 0], -1, 0), 8), cmap="RdBu_r", vmin=-edge, vmax=edge)
    filters.set(title="32 filters of 3x3: blue subtracts, red adds")
    for panel, name, seen_by in zip(maps, ("first", "second", "third"), seen(net, image), strict=True):
        shown = np.moveaxis(seen_by, -1, 0)[:32]
        shown = shown / np.maximum(shown.max(axis=(1, 2), keepdims=True), 1e-6)
        panel.imshow(tiles(shown, 8), cmap="gray", vmin=0, vmax=1)
        panel.set(title=f"what the {name} convolution sees: {len(shown)} of {seen_by.shape[-1]} filters")
    for panel in (filters, *maps):
        panel.set(xticks=[], yticks=[])
    figure.savefig(path)


def tiles(pictures: Any, columns: int) -> Any:
    """Put pictures (n, height, width) side by side, ``columns`` in a row, with gaps."""
    n, height, width = pictures.shape
    sheet = np.full((-(-n // columns) * (height + 1) + 1, columns * (width + 1) + 1), np.nan)
    for i, picture in enumerate(pictures):
        row, column = 1 + i // columns * (height + 1), 1 + i % columns * (width + 1)
        sheet[row : row + height, column : column + width] = picture
    return sheet


def main(
    epochs: int = 5,
    data: str = "mnist",
    batch_size: int = 128,
    seed: int = 0,
    plot: str | None = None,
    say: Any = print,
) -> list[float]:
    """Train the network; return the share of test images that it tells right after each epoch."""
    utils.set_random_seed(seed)
    (x, y), (x_test, y_test) = load(data)
    net = convnet(x.shape[1:])
    net.summary(print_fn=say)
    rate = schedules.CosineDecay(2e-3, epochs * -(-len(x) // batch_size))  # small steps at the end
    net.compile(optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    accuracies = []
    for epoch in range(epochs):
        net.fit(x, y, batch_size=batch_size, verbose=0)
        accuracies.append(net.evaluate(x_test, y_test, verbose=0)[1])
        say(f"epoch {epoch + 1}: {accuracies[-1]:.4f} of the test images are told right")
    if plot:
        draw(plot, net, x_test[0])
    return accuracies


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--data", choices=["mnist", "digits"], default="mnist")
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--plot", metavar="FILE", help="draw what the filters see to this image file")
    main(**vars(parser.parse_args()))
