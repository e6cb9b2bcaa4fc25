"""Handwritten digits with a training loop of your own: tape, gradient, optimizer, as TensorFlow's tutorials have it.

784-512-256-10, every layer with ReLU, squared error against one-hot labels, plain gradient descent. The tutorials'
learning rate of 0.001 is small for this loss: it falls from 1.0 to 1.2 at the first step to 0.26 to 0.48 in the tenth
epoch, depending on the weights that are drawn. (An output whose ReLU is silent for most images of its digit learns
little; PyTorch sees the same.) The second rate shows what the network can do in the same time.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from fastnn import GradientTape, datasets, layers, models, ops, optimizers, utils
from fastnn.data import Dataset


def preprocess(x: Any, y: Any) -> tuple[Any, Any]:
    """Turn a batch of images into rows of numbers from 0 to 1, and its labels into one-hot vectors."""
    x = ops.cast(x, "float32") / 255
    return ops.reshape(x, (len(x), -1)), ops.one_hot(y, 10)


def load(name: str = "mnist", batch_size: int = 200) -> tuple[Dataset, Dataset]:
    """Return batches of training and of test data: MNIST, or the small digits that are bundled with fastnn."""
    (x, y), (x_test, y_test) = getattr(datasets, name).load_data()
    if name == "digits":  # whose grey values go up to 16
        x, x_test = (np.minimum(images * 16.0, 255.0) for images in (x, x_test))
    train = Dataset.from_tensor_slices((x, y)).shuffle(10_000).batch(batch_size).map(preprocess)
    test = Dataset.from_tensor_slices((x_test, y_test)).batch(1000).map(preprocess)
    return train, test


def train_epoch(epoch: int, dataset: Dataset, model: Any, optimizer: Any, say: Any = print) -> list[float]:
    """Go through the data once, and return the loss of every step."""
    losses = []
    for step, (x, y) in enumerate(dataset):
        with GradientTape() as tape:
            out = model(x, training=True)
            # summed over the ten outputs, averaged over the batch
            loss = ops.sum(ops.square(out - y)) / len(x)
        grads = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(grads, model.trainable_variables))

        losses.append(loss.item())
        if step % 100 == 0:
            say(f"epoch {epoch}, step {step}: loss {losses[-1]:.4f}")
    return losses


def accuracy(model: Any, dataset: Dataset) -> float:
    """Return the share of images whose largest output stands at the label."""
    right = [ops.argmax(model(x), axis=1).numpy() == np.argmax(y, axis=1) for x, y in dataset]
    return float(np.mean(np.concatenate(right)))


def main(
    epochs: int = 10, rate: float = 0.001, data: str = "mnist", seed: int = 0, say: Any = print
) -> dict[str, float]:
    """Train the network; return its loss at the first step and in the last epoch, and its accuracy."""
    utils.set_random_seed(seed)
    train, test = load(data)
    model = models.Sequential(
        [
            layers.Dense(512, activation="relu"),
            layers.Dense(256, activation="relu"),
            layers.Dense(10, activation="relu"),
        ]
    )
    optimizer = optimizers.SGD(learning_rate=rate)
    history = [train_epoch(epoch, train, model, optimizer, say) for epoch in range(epochs)]
    return {
        "first": history[0][0],
        "last": float(np.mean(history[-1])),
        "accuracy": accuracy(model, test),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--rates", type=float, nargs="+", default=[0.001, 0.1], help="learning rates to try")
    parser.add_argument("--data", choices=["mnist", "digits"], default="mnist")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    for rate in args.rates:
        print(f"learning rate {rate}")
        found = main(args.epochs, rate, args.data, args.seed)
        print("loss {first:.4f} at the first step, {last:.4f} in the last epoch; ".format(**found), end="")
        print(f"accuracy on the test images {found['accuracy']:.4f}")
