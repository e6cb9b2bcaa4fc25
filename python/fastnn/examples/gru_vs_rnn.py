"""The vanishing gradient, made visible: who can learn from what stood at the beginning of a sequence?

The first value of a sequence is marked, and its sign is the answer; more values of the same size follow. Only the
gradient that comes back through all steps can teach a recurrent layer to keep the first value and to leave the others
alone. At every step back it is multiplied by the slope of the activation and by the recurrent kernel: in a simple
recurrent layer little of it arrives, and less the better the layer forgets. The gates of a GRU, once they open, let it
through undiminished. The program plots how large the gradient of the loss is with respect to the input of every step,
before and after training, and prints who remembers.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from fastnn import GradientTape, layers, models, ops, optimizers, random, tensor, utils

LAYERS = {"SimpleRNN": layers.SimpleRNN, "GRU": layers.GRU}


def sequences(count: int, steps: int, seed: int) -> tuple[Any, Any]:
    """Return sequences (count, steps, 2) of values and marks, and their answers (count, 1), 1.0 for a positive sign."""
    x = np.zeros((count, steps, 2), "float32")
    x[:, :, 0] = random.normal((count, steps), seed=seed)
    x[:, 0, 1] = 1.0
    return x, (x[:, 0, :1] > 0).astype("float32")


def network(kind: str, steps: int, units: int) -> Any:
    """Return a recurrent layer that reads a sequence, and an answer from its last state."""
    net = models.Sequential(
        [layers.Input((steps, 2)), LAYERS[kind](units), layers.Dense(1, activation="sigmoid")]
    )
    net.compile(optimizers.Adam(0.01, clipnorm=1.0), loss="binary_crossentropy", metrics=["accuracy"])
    return net


def gradient_norms(net: Any, x: Any, answers: Any) -> Any:
    """Return, for every step, the norm of the loss's gradient with respect to its inputs, all samples' together."""
    x = tensor(x)
    with GradientTape() as tape:
        tape.watch(x)
        p = net(x)[:, 0]
        loss = ops.mean(ops.binary_crossentropy(answers[:, 0], p))
    return ops.norm(tape.gradient(loss, x).numpy()[..., 0], axis=0)


def draw(file: str, found: dict[str, dict[str, Any]]) -> None:
    """Draw the norms over the steps, before and after training."""
    from fastnn.examples._plot import panels

    figure, axes = panels(2, sharey=True)
    for panel, when in zip(axes, ("before", "after"), strict=True):
        for kind, of in found.items():
            label = kind if when == "before" else f"{kind}: {of['accuracy']:.0%} right"
            panel.semilogy(np.maximum(of[when], 1e-20), label=label)
        panel.set(title=f"{when} training", xlabel="step of the input (the answer stands at step 0)")
        panel.legend(loc="upper center")
        panel.grid(alpha=0.3)
    axes[0].set_ylabel("norm of the gradient of the loss")
    figure.savefig(file)


def main(
    steps: int = 40, units: int = 24, epochs: int = 40, samples: int = 2000, plot: str | None = None
) -> dict[str, dict[str, Any]]:
    """Return for every kind of layer the gradient norms before and after training, and the accuracy on new data."""
    utils.set_random_seed(1)
    x, answers = sequences(samples, steps, seed=10)
    found = {}
    for kind in LAYERS:
        net = network(kind, steps, units)
        before = gradient_norms(net, x[:200], answers[:200])
        net.fit(x, answers, batch_size=50, epochs=epochs, verbose=0)
        _, accuracy = net.evaluate(*sequences(1000, steps, seed=20), verbose=0)
        after = gradient_norms(net, x[:200], answers[:200])
        found[kind] = {"before": before, "after": after, "accuracy": float(accuracy)}
    if plot:
        draw(plot, found)
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--units", type=int, default=24)
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--samples", type=int, default=2000)
    parser.add_argument("--plot", metavar="FILE", help="draw the gradient norms to this image file")
    print(f"{'':10} {'gradient at the first step / at the last':>42}")
    print(f"{'layer':10} {'before training':>21} {'after':>20} {'accuracy':>10}")
    for kind, of in main(**vars(parser.parse_args())).items():
        ratios = [of[when][0] / of[when][-1] for when in ("before", "after")]
        print(f"{kind:10} {ratios[0]:21.1e} {ratios[1]:20.1e} {of['accuracy']:10.3f}")
