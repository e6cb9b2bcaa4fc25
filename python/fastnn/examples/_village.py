"""A small text for programs about words: a village, told in sentences that are drawn from a grammar.

Words of one kind stand in the same places, which is all that word vectors can find out about them.
"""

from __future__ import annotations

import numpy as np

KINDS: dict[str, str] = {
    "person": "farmer baker teacher doctor child neighbour",
    "animal": "cat dog horse goose sheep fox",
    "food": "bread soup cheese apples honey cake",
    "drink": "water milk tea coffee cider",
    "place": "garden kitchen stable market orchard bridge",
    "colour": "red blue green yellow brown",
    "cloth": "coat scarf hat shirt apron",
    "time": "morning noon evening night winter",
    "makes": "bakes buys sells eats wants",
    "moves": "runs walks sleeps waits hides",
}
SENTENCES = (
    "the person makes food and drinks drink in the time",
    "in the time the animal moves near the place",
    "the person wears a colour cloth at the place",
    "a person makes some food for the animal",
    "the animal moves behind the place when the person comes",
    "every time the person brings drink to the place",
    "her cloth is colour but his cloth is colour",
    "the person gives the animal food and some drink",
    "a colour animal moves through the place in the time",
)


def kind_of() -> dict[str, str]:
    """Return the kind of every word that has one."""
    return {word: kind for kind, words in KINDS.items() for word in words.split()}


def text(sentences: int, seed: int = 0) -> list[str]:
    """Return a text as a list of words; a sentence ends with a stop."""
    rng = np.random.default_rng(seed)
    words = " . ".join(rng.choice(SENTENCES, sentences)).split()
    return [str(rng.choice(KINDS[word].split())) if word in KINDS else word for word in [*words, "."]]
