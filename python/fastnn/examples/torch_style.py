"""PyTorch's habits: requires_grad, backward, no_grad, an optimizer's zero_grad and step, train and eval modes, detach.

What differs from PyTorch: losses take the labels first, as in Keras; a layer learns the size of its input at its
first call, so the network is called once before the optimizer is given its weights; and instead of switching a model
between ``model.train()`` and ``model.eval()``, each call says whether it is for training.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

import fastnn
from fastnn import layers, losses, models, ops, optimizers, random, utils
from fastnn.data import Dataset
from fastnn.datasets import digits


def line_by_hand(x: Any, y: Any, steps: int, rate: float) -> tuple[float, float, float]:
    """Fit y = w x + b; the update is written out. Returns w, b and the loss."""
    w: Any = fastnn.tensor([0.0], requires_grad=True)
    b: Any = fastnn.tensor([0.0], requires_grad=True)
    for _ in range(steps):
        loss = ((w * x + b - y) ** 2).mean()
        loss.backward()
        with fastnn.no_grad():  # the update itself is not to be recorded
            w -= rate * w.grad
            b -= rate * b.grad
        w.grad = b.grad = None  # backward adds to what is there
    return w.item(), b.item(), loss.item()


def line_with_optimizer(x: Any, y: Any, steps: int, rate: float) -> tuple[float, float, float]:
    """Fit the same line; the optimizer knows its parameters and how to change them."""
    w = fastnn.tensor([0.0], requires_grad=True)
    b = fastnn.tensor([0.0], requires_grad=True)
    optimizer = optimizers.SGD([w, b], lr=rate)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = ((w * x + b - y) ** 2).mean()
        loss.backward()
        optimizer.step()
    return w.item(), b.item(), loss.item()


class Noise(layers.Layer):
    """Multiplies by random numbers around 1 in training, and does nothing in evaluation."""

    def call(self, x: Any, training: bool = False) -> Any:
        """Compute the output."""
        return x * random.normal(x.shape, mean=1.0, stddev=0.5) if training else x


class Net(models.Model):
    """A classifier for images of 8 x 8 pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = layers.Dense(64, activation="relu")
        self.noise = Noise()
        self.output_layer = layers.Dense(10)

    def features(self, x: Any, training: bool = False) -> Any:
        """Return what the hidden layer makes of the images."""
        return self.noise(self.hidden(x), training=training)

    def call(self, x: Any, training: bool = False) -> Any:
        """Return one number per class; softmax is part of the loss."""
        return self.output_layer(self.features(x, training))


def train(net: Net, loader: Dataset, epochs: int) -> list[float]:
    """Train a classifier; return the mean loss of every epoch."""
    criterion = losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = optimizers.Adam(net.trainable_variables, lr=0.003)
    history = []
    for _ in range(epochs):
        running_loss = 0.0
        for inputs, labels in loader:
            optimizer.zero_grad()
            outputs = net(inputs, training=True)
            loss = criterion(labels, outputs)
            loss.backward()
            optimizer.step()
            running_loss += loss.item()
        history.append(running_loss / len(loader))
    return history


def accuracy(net: Net, x: Any, labels: Any, training: bool = False) -> float:
    """Return the share of images whose largest output is that of the label."""
    with fastnn.no_grad():
        predicted = ops.argmax(net(x, training=training), axis=1)
    return float(np.mean(predicted.numpy() == labels))


def even_or_odd(net: Net, x: Any, labels: Any, steps: int) -> float:
    """Fit a line of its own on features that the trained network gives, and return its accuracy.

    ``detach`` takes the features off the tape: the gradient ends there, and the network stays as it is.
    """
    features = net.features(x).detach()
    odd = (labels % 2).astype("float32")
    w = fastnn.tensor(np.zeros(features.shape[1], "float32"), requires_grad=True)
    b = fastnn.tensor(np.zeros(1, "float32"), requires_grad=True)
    optimizer = optimizers.Adam([w, b], lr=0.05)
    criterion = losses.BinaryCrossentropy(from_logits=True)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = criterion(odd, features @ w + b)
        loss.backward()
        optimizer.step()
    return float(np.mean((features @ w + b > 0).numpy() == (odd > 0)))


def main(steps: int = 1000, epochs: int = 20) -> dict[str, Any]:
    """Fit the line twice, then the digits; return what came out."""
    utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    x = fastnn.tensor(rng.uniform(-10, 10, 100))
    y = 2 * x + 1 + rng.normal(0, 0.2, 100)
    found: dict[str, Any] = {
        "by hand": line_by_hand(x, y, steps, 0.01),
        "with optimizer": line_with_optimizer(x, y, steps, 0.01),
    }

    (images, labels), (images_test, labels_test) = digits.load_data()
    images, images_test = ((i.reshape(-1, 64) / 16).astype("float32") for i in (images, images_test))
    net = Net()
    net(images[:1])
    found["losses"] = train(net, Dataset.from_tensor_slices((images, labels)).shuffle(2000).batch(32), epochs)
    found["eval mode"] = accuracy(net, images_test, labels_test)
    found["train mode"] = accuracy(net, images_test, labels_test, training=True)
    before = net.get_weights()
    found["even or odd"] = even_or_odd(net, images, labels, 200)
    found["unchanged"] = all(np.array_equal(a, b) for a, b in zip(before, net.get_weights()))
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1000, help="of the linear regression")
    parser.add_argument("--epochs", type=int, default=20, help="of the classifier")
    found = main(**vars(parser.parse_args()))
    for way in ("by hand", "with optimizer"):
        print("line {:15} w {:.6f}  b {:.6f}  loss {:.6f}".format(way, *found[way]))
    print(f"digits: loss {found['losses'][0]:.4f} in the first epoch, {found['losses'][-1]:.4f} in the last")
    print(f"accuracy on held-out digits: {found['eval mode']:.4f}, in train mode {found['train mode']:.4f}")
    print(
        f"even or odd from detached features: {found['even or odd']:.4f}; weights unchanged: {found['unchanged']}"
    )
