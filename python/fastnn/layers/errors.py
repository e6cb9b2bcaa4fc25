"""Errors from below, led by the name of the layer in which they arose."""

from __future__ import annotations

from typing import Any


def with_name(layer: Any, error: Exception) -> Exception:
    """Return the error again, led by the layer's name, unless a layer inside has led it already."""
    text = str(error)
    return type(error)(
        text if text.startswith("layer ") else f"layer {layer.name!r} ({type(layer).__name__}): {text}"
    )


class named:
    """Adds the layer's name to a ValueError raised inside the block."""

    def __init__(self, layer: Any) -> None:
        self.layer = layer

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, (ValueError, TypeError)):
            raise with_name(self.layer, error) from error
