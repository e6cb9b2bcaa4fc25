"""Errors told again, with more about where they arose."""

from __future__ import annotations

from typing import Any


def retold(error: Exception, text: str) -> Exception:
    """Return an error of the same class that says ``text``; of a plain class where it takes more than a text."""
    try:
        return type(error)(text)
    except TypeError:
        return TypeError(text) if isinstance(error, TypeError) else ValueError(text)


def with_name(layer: Any, error: Exception) -> Exception:
    """Return the error again, led by the layer's name, unless a layer inside has led it already."""
    text = str(error)
    if text.startswith("layer "):
        return retold(error, text)
    return retold(error, f"layer {layer.name!r} ({type(layer).__name__}): {text}")


class named:
    """Adds the layer's name to a ValueError raised inside the block."""

    def __init__(self, layer: Any) -> None:
        self.layer = layer

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, (ValueError, TypeError)):
            raise with_name(self.layer, error) from error
