"""An autoencoder: images squeezed into a few numbers, and drawn again from these alone.

Two convolutions with strides of 2 and a dense layer make a code of each image; a dense layer and two transposed
convolutions draw it again. Nothing but the images themselves says what the code should hold. ``--plot`` draws images
above what became of them, and images that lie between two codes.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from fastnn import layers, models, utils
from fastnn.examples._images import load
from fastnn.examples.convnet_mnist import tiles


def autoencoder(input_shape: tuple[int, int, int] = (28, 28, 1), code: int = 16) -> models.Sequential:
    """Return encoder and decoder in one network; height and width must be multiples of 4."""
    height, width = input_shape[0] // 4, input_shape[1] // 4
    encoder = models.Sequential(
        [
            layers.Conv2D(16, 3, strides=2, padding="same", activation="relu", input_shape=input_shape),
            layers.Conv2D(32, 3, strides=2, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dense(code),
        ],
        name="encoder",
    )
    decoder = models.Sequential(
        [
            layers.Dense(height * width * 32, activation="relu", input_shape=(code,)),
            layers.Reshape((height, width, 32)),
            layers.Conv2DTranspose(16, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2DTranspose(1, 3, strides=2, padding="same", activation="sigmoid"),
        ],
        name="decoder",
    )
    return models.Sequential([encoder, decoder], name="autoencoder")


def between(net: Any, first: Any, second: Any, steps: int = 8) -> Any:
    """Return images (steps, height, width) whose codes lie in line from one image's to another's."""
    encoder, decoder = net.layers[-2:]
    codes = encoder.predict(np.stack([first, second]), verbose=0)
    way = np.linspace(0, 1, steps, dtype="float32")[:, np.newaxis]
    return decoder.predict(codes[0] + way * (codes[1] - codes[0]), verbose=0)[..., 0]


def draw(path: str, net: models.Sequential, images: Any) -> None:
    """Draw images, what became of them, and the ways between some of them."""
    from fastnn.examples._plot import panels

    again = net.predict(images[:16], verbose=0)
    rows = [images[:8], again[:8], images[8:16], again[8:16]]
    ways = [between(net, images[i], images[i + 1]) for i in (0, 2, 4, 6)]
    figure, (left, right) = panels(2)
    left.imshow(tiles(np.concatenate(rows)[..., 0], 8), cmap="gray", vmin=0, vmax=1)
    left.set(title="images, and below each what its code gives", xticks=[], yticks=[])
    right.imshow(tiles(np.concatenate(ways), 8), cmap="gray", vmin=0, vmax=1)
    right.set(title="from one image's code to another's", xticks=[], yticks=[])
    figure.savefig(path)


def main(
    epochs: int = 5,
    code: int = 16,
    data: str = "mnist",
    seed: int = 0,
    plot: str | None = None,
    say: Any = print,
) -> dict[str, float]:
    """Train the autoencoder; return its error on test images, and that of the mean image for comparison."""
    utils.set_random_seed(seed)
    (x, _), (x_test, _) = load(data)
    net = autoencoder(x.shape[1:], code)
    for part in net.layers:
        if isinstance(part, models.Sequential):
            part.summary(print_fn=say)
    net.compile("adam", "binary_crossentropy")
    for epoch in range(epochs):
        net.fit(x, x, batch_size=64, verbose=0)
        loss = net.evaluate(x_test, x_test, verbose=0)
        say(f"epoch {epoch + 1}: loss {np.ravel(loss)[0]:.4f} on the test images")
    again = net.predict(x_test, verbose=0)
    found = {
        "error": float(np.mean(np.square(again - x_test))),
        "error of the mean image": float(np.mean(np.square(x.mean(axis=0) - x_test))),
    }
    say(f"{x[0].size} pixels from {code} numbers: mean squared error {found['error']:.4f}")
    say(f"drawing the mean image every time: {found['error of the mean image']:.4f}")
    if plot:
        draw(plot, net, x_test)
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--code", type=int, default=16, help="how many numbers stand for an image")
    parser.add_argument("--data", choices=["mnist", "digits"], default="mnist")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--plot", metavar="FILE", help="draw images and what became of them to this file")
    main(**vars(parser.parse_args()))
