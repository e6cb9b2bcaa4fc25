"""The network of `tape_mnist` from six variables: products, sums, ReLU and subtraction, and nothing else.

This is all that layers and optimizers do. The weights are drawn from a normal distribution with a standard deviation
of 0.1, cut off at two of them; the biases begin at zero. For layers of this size that is more than Dense would draw,
and an output that comes out negative for every image is cut to zero by its ReLU and never learns. So the program runs
twice: with ReLU in every layer, and without it in the last.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from fastnn import GradientTape, Variable, ops, random, utils
from fastnn.examples.tape_mnist import accuracy, load


def main(
    epochs: int = 10,
    rate: float = 0.001,
    data: str = "mnist",
    seed: int = 0,
    last_relu: bool = True,
    say: Any = print,
) -> dict[str, float]:
    """Train the network; return its loss at the first step and in the last epoch, and its accuracy."""
    utils.set_random_seed(seed)
    train, test = load(data)
    pixels = next(iter(test))[0].shape[1]

    w1 = Variable(random.truncated_normal((pixels, 512), stddev=0.1))
    b1 = Variable(ops.zeros(512))
    w2 = Variable(random.truncated_normal((512, 256), stddev=0.1))
    b2 = Variable(ops.zeros(256))
    w3 = Variable(random.truncated_normal((256, 10), stddev=0.1))
    b3 = Variable(ops.zeros(10))

    def forward(x: Any) -> Any:
        h1 = ops.relu(x @ w1 + b1)
        h2 = ops.relu(h1 @ w2 + b2)
        out = h2 @ w3 + b3
        return ops.relu(out) if last_relu else out

    history: list[list[float]] = []
    for epoch in range(epochs):
        history.append([])
        for step, (x, y) in enumerate(train):
            with GradientTape() as tape:
                out = forward(x)
                loss = ops.sum(ops.square(out - y)) / len(x)
            grads = tape.gradient(loss, [w1, b1, w2, b2, w3, b3])
            w1.assign_sub(rate * grads[0])
            b1.assign_sub(rate * grads[1])
            w2.assign_sub(rate * grads[2])
            b2.assign_sub(rate * grads[3])
            w3.assign_sub(rate * grads[4])
            b3.assign_sub(rate * grads[5])

            history[-1].append(loss.item())
            if step % 100 == 0:
                say(f"epoch {epoch}, step {step}: loss {loss.item():.4f}")
    return {
        "first": history[0][0],
        "last": float(np.mean(history[-1])),
        "accuracy": accuracy(forward, test),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--rate", type=float, default=0.001, help="learning rate")
    parser.add_argument("--data", choices=["mnist", "digits"], default="mnist")
    parser.add_argument("--seed", type=int, default=0)
    options = vars(parser.parse_args())
    for last_relu in (True, False):
        print(f"{'with' if last_relu else 'without'} ReLU in the last layer")
        found = main(**options, last_relu=last_relu)
        print("loss {first:.4f} at the first step, {last:.4f} in the last epoch; ".format(**found), end="")
        print(f"accuracy on the test images {found['accuracy']:.4f}")
