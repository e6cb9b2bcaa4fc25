"""Sequences of different lengths in one batch: padded and masked, they train exactly as they would one by one.

Each sequence holds numbers; asked for is the difference between its last and its first. Three LSTMs start from the
same weights and see the same sequences in the same order:

- alone: every sequence is run by itself, as long as it is, and the gradients of a batch are averaged;
- masked: the sequences of a batch are padded with zeros to one length, and a Masking layer in front tells the LSTM
  which steps count. The same numbers come out, to rounding, many times faster;
- padded: the zeros are there, and nobody tells. The last number is long gone when the LSTM has read them all.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

import fastnn
from fastnn import layers, ops
from fastnn.utils import pad_sequences, set_random_seed

Array = np.ndarray[Any, Any]
BATCH = 16


def sequences(count: int, longest: int, seed: int = 0) -> tuple[list[Array], Array]:
    """Return sequences of 2 to ``longest`` numbers, shape (steps, 1) each, and the answers."""
    rng = np.random.default_rng(seed)
    found = [rng.uniform(-1, 1, (rng.integers(2, longest + 1), 1)).astype("float32") for _ in range(count)]
    return found, np.array([s[-1] - s[0] for s in found])


def network(masked: bool, units: int) -> fastnn.Sequential:
    """Return the model for sequences of any length."""
    parts = [layers.Masking(0.0)] if masked else []
    model = fastnn.Sequential([fastnn.Input((None, 1)), *parts, layers.LSTM(units), layers.Dense(1)])
    model.compile(fastnn.optimizers.Adam(0.01), "mse")
    return model


def batches(count: int, epochs: int) -> list[Array]:
    """Return the numbers of the sequences of every step."""
    rng = np.random.default_rng(1)
    orders = [rng.permutation(count)[: count - count % BATCH].reshape(-1, BATCH) for _ in range(epochs)]
    return list(np.concatenate(orders))


def step_alone(model: fastnn.Sequential, data: list[Array], answers: Array) -> float:
    """Take one step on sequences that are run one by one."""
    with fastnn.GradientTape() as tape:
        errors = [model(s[np.newaxis]) - y for s, y in zip(data, answers, strict=True)]
        loss = ops.mean(ops.square(ops.concatenate(errors)))
    weights = model.trainable_variables
    model.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
    return loss.item()


def draw(path: str, losses: dict[str, list[float]]) -> None:
    """Draw the losses of the first steps, and smoothed those of all."""
    from fastnn.examples._plot import panels

    figure, (first, whole) = panels(2)
    for (name, values), style in zip(losses.items(), ("o", "-", ":"), strict=True):
        first.plot(values[: len(losses["alone"])], style, label=name)
        if name != "alone":
            width = max(1, len(values) // 20)
            whole.semilogy(np.convolve(values, np.ones(width) / width, "valid"), style, label=name)
    first.set(title="Loss at the first steps", xlabel="step", ylabel="mean squared error")
    whole.set(title="Loss of all steps, smoothed", xlabel="step")
    first.legend()
    whole.legend()
    figure.savefig(path)


def main(
    count: int = 512,
    longest: int = 12,
    epochs: int = 15,
    units: int = 16,
    alone: int = 20,
    plot: str | None = None,
    say: Any = print,
) -> dict[str, Any]:
    """Return the losses of all steps of the three, and how far the first two are apart.

    Running sequences one by one takes long: that is done for the first ``alone`` steps only.
    """
    set_random_seed(0)
    data, answers = sequences(count, longest)
    padded = pad_sequences(data, dtype="float32", padding="post")
    models = {name: network(name == "masked", units) for name in ("alone", "masked", "padded")}
    for model in models.values():
        model.set_weights(models["alone"].get_weights())
    losses: dict[str, list[float]] = {name: [] for name in models}
    difference = 0.0
    for number, rows in enumerate(batches(count, epochs)):
        if number < alone:
            losses["alone"].append(step_alone(models["alone"], [data[i] for i in rows], answers[rows]))
        longest_here = max(len(data[i]) for i in rows)
        for name in ("masked", "padded"):
            losses[name].append(
                float(models[name].train_on_batch(padded[rows, :longest_here], answers[rows]))
            )
        if number == alone - 1:
            weights = (models[name].get_weights() for name in ("alone", "masked"))
            difference = max(float(np.abs(a - b).max()) for a, b in zip(*weights, strict=True))
            say(f"after {alone} steps alone and masked differ by {difference:.1e} in any weight")
    last = {name: float(np.mean(losses[name][-BATCH:])) for name in ("masked", "padded")}
    say(f"loss in the last steps: masked {last['masked']:.4f}, padded without a mask {last['padded']:.4f}")
    if plot:
        draw(plot, losses)
    return {"losses": losses, "difference": difference, "last": last}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=512, help="of sequences")
    parser.add_argument("--longest", type=int, default=12, help="steps of the longest")
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--units", type=int, default=16)
    parser.add_argument("--alone", type=int, default=20, help="steps to run one by one as well")
    parser.add_argument("--plot", metavar="FILE", help="draw the losses to this image file")
    main(**vars(parser.parse_args()))
