"""Names that nobody gave: of layers, models, steps of graphs."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

_counts: Counter[str] = Counter()


def auto_name(base: str) -> str:
    """Return "dense", "dense_1", ...

    Examples
    --------
    >>> from fastnn.naming import auto_name
    >>> auto_name("an_example"), auto_name("an_example")
    ('an_example', 'an_example_1')
    """
    number = _counts[base]
    _counts[base] += 1
    return f"{base}_{number}" if number else base


def reserve(config: Any) -> None:
    """Let the names in a saved configuration not be given again: loaded models are built upon."""
    if isinstance(config, list):
        for part in config:
            reserve(part)
    elif isinstance(config, dict):
        for key, part in config.items():
            if key != "name":
                reserve(part)
            elif isinstance(part, str) and (found := re.fullmatch(r"(.+?)(?:_(\d{1,9}))?", part)):
                _counts[found[1]] = max(_counts[found[1]], int(found[2] or 0) + 1)


def clear_session() -> None:
    """Begin the numbers in the names of layers and models again.

    Examples
    --------
    >>> from fastnn import layers, utils
    >>> utils.clear_session()
    >>> layers.Dense(2).name, layers.Dense(2).name
    ('dense', 'dense_1')
    """
    _counts.clear()


def snake_case(name: str) -> str:
    """Return a class's name as Keras writes it in the names of layers.

    Examples
    --------
    >>> from fastnn.naming import snake_case
    >>> snake_case("RepeatVector"), snake_case("Conv2D"), snake_case("ReLU")
    ('repeat_vector', 'conv2d', 're_lu')
    """
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", name))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()
