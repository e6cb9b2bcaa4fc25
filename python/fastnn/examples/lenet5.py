"""LeNet-5, the network that read cheques: two convolutions with pooling, and three dense layers.

The shapes are those of Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-Based Learning Applied to Document
Recognition" (1998), with what one would use today: ReLU, the largest value of each window, softmax. On colour images
of 32x32 pixels the first convolution has (5 * 5 * 3 + 1) * 6 = 456 parameters and gives 28x28x6, and pooling
14x14x6, as the summary shows; MNIST has one channel, and a border of two pixels makes its images 32x32.
"""

from __future__ import annotations

import argparse
from typing import Any

from fastnn import layers, models, optimizers, utils
from fastnn.examples._images import load
from fastnn.optimizers import schedules


def lenet5(input_shape: tuple[int, int, int] = (32, 32, 1)) -> models.Sequential:
    """Return the network for images of 32x32 pixels."""
    return models.Sequential(
        [
            layers.Conv2D(6, 5, activation="relu", input_shape=input_shape, name="conv1"),
            layers.MaxPooling2D(2, name="pool1"),
            layers.Conv2D(16, 5, activation="relu", name="conv2"),
            layers.MaxPooling2D(2, name="pool2"),
            layers.Flatten(name="flatten"),
            layers.Dense(120, activation="relu", name="dense1"),
            layers.Dense(84, activation="relu", name="dense2"),
            layers.Dense(10, activation="softmax", name="digit"),
        ],
        name="lenet5",
    )


def main(epochs: int = 5, data: str = "mnist", batch_size: int = 128, seed: int = 0, say: Any = print) -> Any:
    """Show the network on colour images, train it on digits, and return its shapes and its accuracy."""
    utils.set_random_seed(seed)
    colour = lenet5((32, 32, 3))
    colour.summary(print_fn=say)
    first, pool = colour.get_layer("conv1"), colour.get_layer("pool1")

    (x, y), (x_test, y_test) = load(data, size=32)
    net = lenet5()
    rate = schedules.CosineDecay(2e-3, epochs * -(-len(x) // batch_size))  # small steps at the end
    net.compile(optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    accuracies = []
    for epoch in range(epochs):
        net.fit(x, y, batch_size=batch_size, verbose=0)
        accuracies.append(net.evaluate(x_test, y_test, verbose=0)[1])
        say(f"epoch {epoch + 1}: {accuracies[-1]:.4f} of the test images are told right")
    return {
        "parameters": first.count_params(),
        "shapes": (first.output_shape[1:], pool.output_shape[1:]),
        "accuracies": accuracies,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--data", choices=["mnist", "digits"], default="mnist")
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--seed", type=int, default=0)
    main(**vars(parser.parse_args()))
