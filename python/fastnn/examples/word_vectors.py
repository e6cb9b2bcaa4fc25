"""Word vectors from a small text: a continuous bag of words, with softmax and with negative sampling.

A model is shown the two words before and the two words after a gap, and is to tell the word in the gap. To do that
from so little, words that fit into the same gaps must get similar vectors: nobody tells the model that cats and dogs
are animals. The softmax compares the gap with all words of the language; negative sampling compares it with the
right word and a few others, which costs the same however many words there are (Mikolov et al., "Distributed
Representations of Words and Phrases and their Compositionality", 2013).
"""

from __future__ import annotations

import argparse
from collections import Counter
from typing import Any

import numpy as np

import fastnn
from fastnn import layers, ops
from fastnn.examples import _village
from fastnn.utils import set_random_seed

Array = np.ndarray[Any, Any]
WINDOW = 2  # words on each side
NEGATIVES = 5  # other words for each right one


def gaps(words: list[str], index: dict[str, int]) -> tuple[Array, Array]:
    """Return the numbers of the words around each gap, shape (n, 4), and of the words in the gaps."""
    numbers = np.array([index[word] for word in words])
    windows = np.lib.stride_tricks.sliding_window_view(numbers, 2 * WINDOW + 1)
    return np.delete(windows, WINDOW, axis=1), windows[:, WINDOW]


def softmax_model(count: int, size: int) -> fastnn.Model:
    """Average the vectors of the words around, then compare with all words."""
    around = fastnn.Input((2 * WINDOW,), dtype="int32", name="around")
    seen = ops.mean(layers.Embedding(count, size, name="vectors")(around), axis=1)
    model = fastnn.Model(around, layers.Dense(count, activation="softmax")(seen), name="softmax")
    model.compile(fastnn.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    return model


def sampling_model(count: int, size: int) -> fastnn.Model:
    """Average the vectors of the words around, then compare with a few words, which have vectors of their own."""
    around = fastnn.Input((2 * WINDOW,), dtype="int32", name="around")
    words = fastnn.Input((1 + NEGATIVES,), dtype="int32", name="words")
    seen = ops.mean(layers.Embedding(count, size, name="vectors")(around), axis=1)
    others = layers.Embedding(count, size, name="in_the_gap")(words)
    model = fastnn.Model([around, words], layers.Dot(axes=(2, 1))([others, seen]), name="negative_sampling")
    model.compile(fastnn.optimizers.Adam(0.01), fastnn.losses.BinaryCrossentropy(from_logits=True))
    return model


def sampled(rng: np.random.Generator, targets: Array, count: int) -> Array:
    """Return each right word and others behind it, drawn by how often they come, to the power of 3/4."""
    chances = np.bincount(targets, minlength=count) ** 0.75
    others = rng.choice(count, (len(targets), NEGATIVES), p=chances / chances.sum())
    return np.concatenate([targets[:, np.newaxis], others], axis=1)


def similar(vectors: Array, index: dict[str, int], word: str, count: int = 3) -> list[str]:
    """Return the words whose vectors point most nearly the same way."""
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    order = np.argsort(-(unit @ unit[index[word]]))
    names = list(index)
    return [names[i] for i in order if names[i] != word][:count]


def of_a_kind(vectors: Array, index: dict[str, int]) -> float:
    """Return the share of words whose nearest word is of their kind."""
    kinds = _village.kind_of()
    known = [word for word in index if word in kinds]
    right = [kinds.get(similar(vectors, index, word, 1)[0]) == kinds[word] for word in known]
    return sum(right) / len(right)


def draw(path: str, found: dict[str, Array], index: dict[str, int]) -> None:
    """Draw the vectors of words that have a kind, on the two directions in which they differ most."""
    from fastnn.examples._plot import panels

    kinds = _village.kind_of()
    words = [word for word in index if word in kinds]
    names = list(_village.KINDS)
    figure, axes = panels(len(found))
    for ax, (title, vectors) in zip(axes, found.items(), strict=True):
        points = vectors[[index[word] for word in words]]
        points = points - points.mean(axis=0)
        flat = points @ np.linalg.svd(points, full_matrices=False)[2][:2].T
        colours = [f"C{names.index(kinds[word])}" for word in words]
        ax.scatter(flat[:, 0], flat[:, 1], 15, colours)
        for word, place, colour in zip(words, flat, colours, strict=True):
            ax.annotate(word, place, fontsize=7, color=colour)
        ax.set(title=title.replace("_", " "))
    figure.savefig(path)


def main(
    sentences: int = 1500, epochs: int = 8, size: int = 16, plot: str | None = None, say: Any = print
) -> dict[str, float]:
    """Return for both ways the share of words whose nearest word is of the same kind."""
    set_random_seed(0)
    rng = np.random.default_rng(0)
    words = _village.text(sentences)
    index = {word: i for i, (word, _) in enumerate(Counter(words).most_common())}
    around, targets = gaps(words, index)
    say(f"{len(words):,} words, {len(index)} of them different: {' '.join(words[:11])}")

    by_softmax = softmax_model(len(index), size)
    by_softmax.fit(around, targets, epochs=epochs, batch_size=128, verbose=0)
    by_sampling = sampling_model(len(index), size)
    right = np.zeros((len(targets), 1 + NEGATIVES), "float32")
    right[:, 0] = 1
    for _ in range(epochs):  # with other words each time
        data = [around, sampled(rng, targets, len(index))]
        by_sampling.fit(data, right, epochs=1, batch_size=128, verbose=0)

    found = {}
    for model in (by_softmax, by_sampling):
        found[model.name] = model.get_layer("vectors").get_weights()[0]
        say(f"\n{model.name.replace('_', ' ')}, similar words:")
        for word in ("cat", "bread", "tea", "red", "evening", "sells"):
            say(f"  {word:8} {', '.join(similar(found[model.name], index, word))}")
        say(f"  {of_a_kind(found[model.name], index):.0%} of the words are nearest to one of their kind")
    if plot:
        draw(plot, found, index)
    return {name: of_a_kind(vectors, index) for name, vectors in found.items()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=1500)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--size", type=int, default=16, help="of a vector")
    parser.add_argument("--plot", metavar="FILE", help="draw the vectors to this image file")
    main(**vars(parser.parse_args()))
