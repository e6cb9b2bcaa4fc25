"""Residual networks: what a deep stack of convolutions gains from a short way past each pair of them.

A block of K. He, X. Zhang, S. Ren, J. Sun, "Deep Residual Learning for Image Recognition" (2015), adds to its input
what two convolutions with batch normalisation make of it; where it halves the image, a 1x1 convolution carries the
input over. The same stack of forty convolutions with and without the additions is trained on the handwritten digits
that are bundled with fastnn. Normalisation alone does not make it learn: the gradients that reach the first convolution
in the first step have grown ten- to twentyfold on their way, and the stack without additions stays far behind.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from fastnn import GradientTape, Input, Model, layers, losses, ops, utils
from fastnn.examples._images import load


def block(x: Any, filters: int, stride: int, shortcut: bool) -> Any:
    """Return two convolutions of ``x``, to which ``x`` is added unless told otherwise."""

    def convolution(x: Any, size: int, step: int) -> Any:
        y = layers.Conv2D(
            filters, size, step, padding="same", use_bias=False, kernel_initializer="he_normal"
        )(x)
        return layers.BatchNormalization(momentum=0.9)(y)

    y = convolution(ops.relu(convolution(x, 3, stride)), 3, 1)
    if shortcut:
        y = layers.Add()([y, x if x.shape == y.shape else convolution(x, 1, stride)])
    return ops.relu(y)


def resnet(
    input_shape: tuple[int, ...] = (8, 8, 1),
    blocks: int = 10,
    widths: tuple[int, ...] = (16, 32),
    shortcut: bool = True,
) -> Model:
    """Return ``blocks`` blocks for each width, the image halved from width to width."""
    image = Input(input_shape, name="image")
    x = layers.Conv2D(widths[0], 3, padding="same", activation="relu", name="first")(image)
    for stage, filters in enumerate(widths):
        for i in range(blocks):
            x = block(x, filters, 2 if stage > 0 and i == 0 else 1, shortcut)
    x = layers.GlobalAveragePooling2D()(x)
    outputs = layers.Dense(10, activation="softmax", name="digit")(x)
    return Model(image, outputs, name="resnet" if shortcut else "plain")


def first_gradient(net: Model, x: Any, y: Any) -> float:
    """Return how large the gradient of the first kernel is, by the root of its mean square."""
    with GradientTape() as tape:
        loss = ops.mean(losses.sparse_categorical_crossentropy(y, net(x, training=True)))
    (gradient,) = tape.gradient(loss, net.get_layer("first").trainable_weights[:1])
    return float(np.sqrt(np.mean(np.square(gradient.numpy()))))


def main(
    epochs: int = 10, blocks: int = 10, data: str = "digits", seed: int = 0, say: Any = print
) -> dict[str, dict[str, float]]:
    """Train the stack with and without the short ways; return accuracies and first gradients of each."""
    (x, y), (x_test, y_test) = load(data)
    found = {}
    for shortcut in (True, False):
        utils.set_random_seed(seed)
        net = resnet(x.shape[1:], blocks, shortcut=shortcut)
        if shortcut:
            net.summary(print_fn=say)
        gradient = first_gradient(net, x[:64], y[:64])
        net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        net.fit(x, y, epochs=epochs, batch_size=64, verbose=0)
        accuracy = net.evaluate(x_test, y_test, verbose=0)[1]
        found[net.name] = {"accuracy": accuracy, "gradient": gradient}
        say(
            f"{net.name}: {accuracy:.4f} of the held-out digits are told right; first gradient {gradient:.2g}"
        )
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--blocks", type=int, default=10, help="blocks for each width")
    parser.add_argument("--data", choices=["mnist", "digits"], default="digits")
    parser.add_argument("--seed", type=int, default=0)
    main(**vars(parser.parse_args()))
