"""Four graphs on the digits: two branches, two heads, residual connections, Inception modules.

Each is a few lines of `fastnn.Input`, layers called on it, and `fastnn.Model`. Run with
``python -m fastnn.examples.graph_models``: each prints its summary, trains in seconds, and tells its accuracy on
held-out digits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import fastnn
from fastnn import layers, ops
from fastnn.datasets import digits
from fastnn.examples import inception_digits
from fastnn.utils import plot_model, set_random_seed

Data = dict[str, np.ndarray[Any, Any]]


def two_branches() -> fastnn.Model:
    """Read the upper and the lower half of an image apart, then join what was read."""
    upper = fastnn.Input((4, 8), name="upper")
    lower = fastnn.Input((4, 8), name="lower")
    branches = [layers.Dense(48, activation="relu")(layers.Flatten()(half)) for half in (upper, lower)]
    joined = layers.Dense(48, activation="relu")(layers.Concatenate()(branches))
    return fastnn.Model([upper, lower], layers.Dense(10, activation="softmax")(joined), name="two_branches")


def two_heads() -> fastnn.Model:
    """Tell the digit, and whether it is odd, from one body."""
    image = fastnn.Input((8, 8), name="image")
    body = layers.Dense(96, activation="relu", name="body")(layers.Flatten()(image))
    heads = {
        "digit": layers.Dense(10, activation="softmax", name="digit")(body),
        "odd": layers.Dense(1, activation="sigmoid", name="odd")(body),
    }
    return fastnn.Model(image, heads, name="two_heads")


def residual(blocks: int = 3, units: int = 64) -> fastnn.Model:
    """Add to each block's input what the block computes, so that gradients find a short way back."""
    image = fastnn.Input((8, 8), name="image")
    x = layers.Dense(units, activation="relu")(layers.Flatten()(image))
    for _ in range(blocks):
        y = layers.Dense(units, activation="relu")(x)
        y = layers.Dense(units)(y)
        x = ops.relu(x + y)
    return fastnn.Model(image, layers.Dense(10, activation="softmax")(x), name="residual")


def inception(width: int = 8) -> fastnn.Model:
    """Look at every place of an image in four ways at once, twice: see `fastnn.examples.inception_digits`."""
    return inception_digits.inception((8, 8), width)


def load() -> tuple[Data, Data]:
    """Return the digits, to learn from and held out, as inputs and labels by name."""
    found = []
    for images, labels in digits.load_data():
        x = images.astype("float32") / 16
        found.append({"image": x, "upper": x[:, :4], "lower": x[:, 4:], "digit": labels, "odd": labels % 2})
    return found[0], found[1]


def train(model: fastnn.Model, data: Data, held_out: Data, epochs: int) -> float:
    """Train a model on what its inputs and outputs are called; return the accuracy on held-out digits."""
    inputs, several = model.input_names, len(model.output_names) > 1
    losses = {"digit": "sparse_categorical_crossentropy", "odd": "binary_crossentropy"}

    def part(of: Data) -> tuple[Any, Any]:
        return {name: of[name] for name in inputs}, {n: of[n] for n in losses} if several else of["digit"]

    model.compile(
        "adam",
        losses if several else losses["digit"],
        loss_weights={"digit": 1.0, "odd": 0.5} if several else None,
        metrics={"digit": "accuracy", "odd": "accuracy"} if several else ["accuracy"],
    )
    model.fit(*part(data), epochs=epochs, batch_size=32, verbose=0)
    found = model.evaluate(*part(held_out), verbose=0, return_dict=True)
    accuracy: float = found["digit_accuracy" if several else "accuracy"]
    return accuracy


def main(epochs: int = 40, show: Any = print) -> dict[str, float]:
    """Train all four, and return their accuracies on held-out digits."""
    set_random_seed(0)
    data, held_out = load()
    accuracies = {}
    for make in (two_branches, two_heads, residual, inception):
        model = make()
        model.summary(print_fn=show)
        show(plot_model(model, to_file=None, show_shapes=True))
        accuracies[model.name] = train(model, data, held_out, epochs)
        show(f"{model.name}: {accuracies[model.name]:.1%} of the held-out digits are told right\n")
    return accuracies


if __name__ == "__main__":
    main()
