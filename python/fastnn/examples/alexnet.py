"""AlexNet, which began the years of deep learning: five convolutions and three dense layers.

The full network (A. Krizhevsky, I. Sutskever, G. E. Hinton, "ImageNet Classification with Deep Convolutional Neural
Networks", 2012) in one tower takes 227x227 colour images to 1000 classes and has 62,378,344 parameters, of which the
first dense layer alone has 37.8 million. It is built, counted, and run forward and backward once. A small form of the
same eight layers is then trained on handwritten digits.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy as np

from fastnn import GradientTape, layers, losses, models, utils
from fastnn.examples._images import load


def alexnet(input_shape: tuple[int, int, int] = (227, 227, 3), classes: int = 1000) -> models.Sequential:
    """Return the full network."""
    return models.Sequential(
        [
            layers.Conv2D(96, 11, strides=4, activation="relu", input_shape=input_shape, name="conv1"),
            layers.MaxPooling2D(3, strides=2, name="pool1"),
            layers.Conv2D(256, 5, padding="same", activation="relu", name="conv2"),
            layers.MaxPooling2D(3, strides=2, name="pool2"),
            layers.Conv2D(384, 3, padding="same", activation="relu", name="conv3"),
            layers.Conv2D(384, 3, padding="same", activation="relu", name="conv4"),
            layers.Conv2D(256, 3, padding="same", activation="relu", name="conv5"),
            layers.MaxPooling2D(3, strides=2, name="pool5"),
            layers.Flatten(name="flatten"),
            layers.Dense(4096, activation="relu", name="dense6"),
            layers.Dropout(0.5, name="dropout6"),
            layers.Dense(4096, activation="relu", name="dense7"),
            layers.Dropout(0.5, name="dropout7"),
            layers.Dense(classes, activation="softmax", name="classes"),
        ],
        name="alexnet",
    )


def small(input_shape: tuple[int, int, int] = (32, 32, 1), classes: int = 10) -> models.Sequential:
    """Return the same eight layers for small images."""
    return models.Sequential(
        [
            layers.Conv2D(16, 5, strides=2, activation="relu", input_shape=input_shape, name="conv1"),
            layers.MaxPooling2D(3, strides=2, name="pool1"),
            layers.Conv2D(32, 5, padding="same", activation="relu", name="conv2"),
            layers.Conv2D(48, 3, padding="same", activation="relu", name="conv3"),
            layers.Conv2D(48, 3, padding="same", activation="relu", name="conv4"),
            layers.Conv2D(32, 3, padding="same", activation="relu", name="conv5"),
            layers.MaxPooling2D(3, strides=2, name="pool5"),
            layers.Flatten(name="flatten"),
            layers.Dense(128, activation="relu", name="dense6"),
            layers.Dropout(0.5, name="dropout6"),
            layers.Dense(128, activation="relu", name="dense7"),
            layers.Dropout(0.5, name="dropout7"),
            layers.Dense(classes, activation="softmax", name="classes"),
        ],
        name="small_alexnet",
    )


def forward_and_backward(net: models.Sequential, say: Any = print) -> float:
    """Run one image of noise through the network and the gradient back; return the loss."""
    x = np.random.default_rng(0).random((1, *net.input_shape[1:]), "float32")
    begun = time.perf_counter()
    with GradientTape() as tape:
        loss = losses.sparse_categorical_crossentropy(np.array([7]), net(x, training=True))
    middle = time.perf_counter()
    grads = tape.gradient(loss, net.trainable_variables)
    ended = time.perf_counter()
    if not all(np.isfinite(g.numpy()).all() and g.shape == w.shape for g, w in zip(grads, net.weights)):
        raise FloatingPointError("a gradient is not finite")
    say(f"forward {middle - begun:.2f} s, backward {ended - middle:.2f} s, loss {loss.numpy().item():.3f}")
    return float(loss.numpy().item())


def main(
    epochs: int = 15, full: bool = True, data: str = "digits", seed: int = 0, say: Any = print
) -> dict[str, float]:
    """Build, count and run the full network; train the small one; return what was found."""
    utils.set_random_seed(seed)
    found: dict[str, float] = {}
    if full:
        net = alexnet()
        net.summary(print_fn=say)
        found["parameters"] = net.count_params()
        found["loss"] = forward_and_backward(net, say)
        del net
    (x, y), (x_test, y_test) = load(data, size=32)
    net = small()
    net.summary(print_fn=say)
    net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    net.fit(x, y, epochs=epochs, batch_size=64, verbose=0)
    found["accuracy"] = net.evaluate(x_test, y_test, verbose=0)[1]
    say(f"{found['accuracy']:.4f} of the held-out digits are told right after {epochs} epochs")
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--small-only", dest="full", action="store_false", help="leave the full network out")
    parser.add_argument("--data", choices=["mnist", "digits"], default="digits")
    parser.add_argument("--seed", type=int, default=0)
    main(**vars(parser.parse_args()))
