"""An LSTM that writes: it reads characters as one-hot vectors and tells which comes next.

Three networks read the same windows of a small text: one LSTM, two of them on top of each other (deep), and one that
reads the window in both directions (bidirectional). Compared are how well they tell the next character of text that
they have not seen, and what they write when each character they tell is read next.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

import fastnn
from fastnn import layers
from fastnn.examples import _village
from fastnn.utils import set_random_seed

Array = np.ndarray[Any, Any]
WINDOW = 24  # characters that are read to tell the next


def one_hot_windows(text: str, alphabet: str) -> tuple[Array, Array]:
    """Return all windows of a text as one-hot vectors, and the numbers of the characters behind them."""
    numbers = np.array([alphabet.index(c) for c in text])
    windows = np.lib.stride_tricks.sliding_window_view(numbers, WINDOW + 1)
    return np.eye(len(alphabet), dtype="float32")[windows[:, :-1]], windows[:, -1]


def networks(characters: int, units: int) -> dict[str, fastnn.Sequential]:
    """Return the three networks."""
    bodies: dict[str, list[Any]] = {
        "one LSTM": [layers.LSTM(units)],
        "deep": [layers.LSTM(units, return_sequences=True), layers.LSTM(units)],
        "bidirectional": [layers.Bidirectional(layers.LSTM(units))],
    }
    found = {}
    for name, body in bodies.items():
        model = fastnn.Sequential(
            [fastnn.Input((WINDOW, characters)), *body, layers.Dense(characters, activation="softmax")]
        )
        model.compile(fastnn.optimizers.Adam(0.005), "sparse_categorical_crossentropy", metrics=["accuracy"])
        found[name] = model
    return found


def write(model: fastnn.Sequential, start: str, alphabet: str, length: int, temperature: float) -> str:
    """Return what the network writes behind ``start``.

    Each character is drawn from the probabilities to the power of 1 / ``temperature``: below 1 the likely ones
    become likelier.
    """
    rng = np.random.default_rng(0)
    window, _ = one_hot_windows(start[-WINDOW:] + " ", alphabet)
    written = ""
    for _ in range(length):
        p = np.asarray(model(window))[0].astype("float64") ** (1 / temperature)
        number = rng.choice(len(alphabet), p=p / p.sum())
        written += alphabet[number]
        window = np.roll(window, -1, axis=1)
        window[0, -1] = np.eye(len(alphabet))[number]
    return written


def share_of_words(written: str, text: str) -> float:
    """Return which share of the whole words that were written are words of the text."""
    words = written.split(" ")[1:-1]
    return sum(word in set(text.split(" ")) for word in words) / max(len(words), 1)


def draw(path: str, losses: dict[str, list[float]]) -> None:
    """Draw the losses on text that was not learnt from."""
    from fastnn.examples._plot import panels

    figure, (ax,) = panels(1)
    for name, values in losses.items():
        ax.plot(np.arange(1, len(values) + 1), values, label=name)
    ax.set(title="Loss on new text", xlabel="epoch", ylabel="cross-entropy of the next character")
    ax.legend()
    figure.savefig(path)


def main(
    sentences: int = 300,
    epochs: int = 8,
    units: int = 64,
    length: int = 300,
    temperature: float = 0.5,
    plot: str | None = None,
    say: Any = print,
) -> dict[str, dict[str, Any]]:
    """Return for each network accuracy and losses on new text, the text that it wrote, and its share of words."""
    set_random_seed(0)
    text = " ".join(_village.text(sentences))
    alphabet = "".join(sorted(set(text)))
    x, y = one_hot_windows(text, alphabet)
    new = len(x) // 10  # the end of the text is not learnt from
    say(f"{len(text):,} characters, {len(alphabet)} of them different")
    found: dict[str, dict[str, Any]] = {}
    for name, model in networks(len(alphabet), units).items():
        history = model.fit(
            x[:-new], y[:-new], epochs=epochs, batch_size=128, verbose=0, validation_data=(x[-new:], y[-new:])
        ).history
        written = write(model, text[:WINDOW], alphabet, length, temperature)
        found[name] = {
            "accuracy": history["val_accuracy"][-1],
            "losses": history["val_loss"],
            "written": written,
            "words": share_of_words(written, text),
        }
        say(
            f"\n{name}: {model.count_params():,} parameters, tells {found[name]['accuracy']:.1%} of new characters, "
            f"{found[name]['words']:.0%} of what it writes are words:\n{written}"
        )
    if plot:
        draw(plot, {name: result["losses"] for name, result in found.items()})
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=300, help="of the text")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--units", type=int, default=64)
    parser.add_argument("--length", type=int, default=300, help="characters to write")
    parser.add_argument("--temperature", type=float, default=0.5)
    parser.add_argument("--plot", metavar="FILE", help="draw the losses to this image file")
    main(**vars(parser.parse_args()))
