"""Inception: convolutions of several sizes look at the same place, and what they see is joined.

A module of C. Szegedy et al., "Going Deeper with Convolutions" (2014), has four branches: 1x1; 1x1, then 3x3; 1x1,
then 5x5; and the largest value of a 3x3 window, then 1x1. The 1x1 convolutions mix channels at one place, and make the
others cheap by leaving them fewer channels. Two modules tell the handwritten digits that are bundled with fastnn.
"""

from __future__ import annotations

import argparse
from typing import Any

from fastnn import Input, Model, layers, utils
from fastnn.examples._images import load


def module(x: Any, width: int, name: str) -> Any:
    """Return four branches of ``x``, joined along the channels: 4 * width of them."""

    def convolution(x: Any, filters: int, size: int, of: str) -> Any:
        return layers.Conv2D(filters, size, padding="same", activation="relu", name=f"{name}_{of}")(x)

    one = convolution(x, width, 1, "1x1")
    three = convolution(convolution(x, width, 1, "3x3_reduce"), 2 * width, 3, "3x3")
    five = convolution(convolution(x, width // 2, 1, "5x5_reduce"), width // 2, 5, "5x5")
    pooled = layers.MaxPooling2D(3, strides=1, padding="same", name=f"{name}_pool")(x)
    pooled = convolution(pooled, width // 2, 1, "pool_1x1")
    return layers.Concatenate(name=name)([one, three, five, pooled])


def inception(input_shape: tuple[int, ...] = (8, 8, 1), width: int = 16) -> Model:
    """Return two modules with pooling between; images without channels get one."""
    image = Input(input_shape, name="image")
    x = image if len(input_shape) == 3 else layers.Reshape((*input_shape, 1))(image)
    x = module(x, width, "first")
    x = layers.MaxPooling2D(2, name="pool")(x)
    x = module(x, width, "second")
    x = layers.Flatten(name="flatten")(x)
    return Model(image, layers.Dense(10, activation="softmax", name="digit")(x), name="inception")


def main(epochs: int = 30, width: int = 16, data: str = "digits", seed: int = 0, say: Any = print) -> float:
    """Train the network; return the share of held-out digits that it tells right."""
    utils.set_random_seed(seed)
    (x, y), (x_test, y_test) = load(data)
    net = inception(x.shape[1:], width)
    net.summary(print_fn=say)
    say(utils.plot_model(net, to_file=None, show_shapes=True))
    net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    net.fit(x, y, epochs=epochs, batch_size=32, verbose=0)
    accuracy: float = net.evaluate(x_test, y_test, verbose=0)[1]
    say(f"{accuracy:.4f} of the held-out digits are told right after {epochs} epochs")
    return accuracy


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--width", type=int, default=16)
    parser.add_argument("--data", choices=["mnist", "digits"], default="digits")
    parser.add_argument("--seed", type=int, default=0)
    main(**vars(parser.parse_args()))
