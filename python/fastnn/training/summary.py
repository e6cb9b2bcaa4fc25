"""The table that ``model.summary()`` prints."""

from __future__ import annotations

import math
from typing import Any


def _size(count: int) -> str:
    """Return a number of bytes for people."""
    value = float(count)
    for unit in ("B", "KB", "MB", "GB"):
        if value < 1024 or unit == "GB":
            break
        value /= 1024
    return f"{value:.2f} {unit}"


def summary_text(model: Any) -> str:
    """Return layers, output shapes and numbers of parameters as a table."""
    rows = [("Layer (type)", "Output Shape", "Param #")]
    for layer in model.layers:
        shape = str(layer.output_shape) if layer.input_shape is not None else "?"
        count = f"{layer.count_params():,}" if layer.built else "0 (unbuilt)"
        rows.append((f"{layer.name} ({type(layer).__name__})", shape, count))
    widths = [max(len(row[i]) for row in rows) for i in range(3)]

    def line(left: str, middle: str, right: str) -> str:
        return left + middle.join("─" * (w + 2) for w in widths) + right

    def cells(row: tuple[str, str, str]) -> str:
        return f"│ {row[0]:<{widths[0]}} │ {row[1]:<{widths[1]}} │ {row[2]:>{widths[2]}} │"

    def total(title: str, weights: Any) -> str:
        count = sum(math.prod(w.shape) for w in weights)
        return f" {title}: {count:,} ({_size(sum(w.numpy().nbytes for w in weights))})"

    return "\n".join(
        [
            f'Model: "{model.name}"',
            line("┌", "┬", "┐"),
            cells(rows[0]),
            line("├", "┼", "┤"),
            *[cells(row) for row in rows[1:]],
            line("└", "┴", "┘"),
            total("Total params", model.weights),
            total("Trainable params", model.trainable_weights),
            total("Non-trainable params", model.non_trainable_weights),
        ]
    )
