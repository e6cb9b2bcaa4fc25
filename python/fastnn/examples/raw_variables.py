"""The network of `tape_mnist` from six variables: products, sums, ReLU and subtraction, and nothing else.

This is all that layers and optimizers do. The weights are drawn from a normal distribution with a standard deviation
of 0.1, cut off at two of them; the biases begin at zero.
"""

from __future__ import annotations

import argparse
from typing import Any

from fastnn import GradientTape, Variable, ops, random, utils
from fastnn.examples.tape_mnist import load


def main(
    epochs: int = 10, rate: float = 0.001, data: str = "mnist", seed: int = 0, say: Any = print
) -> dict[str, float]:
    """Train the network; return its loss at the first step and over the last epoch, and its accuracy."""
    utils.set_random_seed(seed)
    train, test, pixels = load(data)

    w1 = Variable(random.truncated_normal((pixels, 512), stddev=0.1))
    b1 = Variable(ops.zeros(512))
    w2 = Variable(random.truncated_normal((512, 256), stddev=0.1))
    b2 = Variable(ops.zeros(256))
    w3 = Variable(random.truncated_normal((256, 10), stddev=0.1))
    b3 = Variable(ops.zeros(10))
