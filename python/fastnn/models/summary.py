"""The table that ``model.summary()`` prints."""

from __future__ import annotations

import math
import shutil
import textwrap
from typing import Any

from fastnn import tree
from fastnn.symbolic import Node

Row = list[str]


def summary_text(
    model: Any,
    line_length: int | None = None,
    positions: list[float] | None = None,
    expand_nested: bool = False,
    show_trainable: bool = False,
) -> str:
    """Return layers, output shapes, numbers of parameters and connections as a table."""
    graph: Any = getattr(model, "_graph", None)
    chain = graph is None or _is_chain(graph)
    header = ["Layer (type)", "Output Shape", "Param #"]
    if not chain:
        header.append("Connected to")
    if show_trainable:
        header.append("Trainable")
    inside = None if chain else {id(node) for node in graph.nodes}
    rows = []
    for operation in model.layers if graph is None else graph.operations:
        rows += _rows(operation, inside, expand_nested, show_trainable)
    return "\n".join(
        [
            f'Model: "{model.name}"',
            *_table(header, rows, _widths(header, rows, line_length, positions)),
            _total("Total params", model.weights),
            _total("Trainable params", model.trainable_weights),
            _total("Non-trainable params", model.non_trainable_weights),
        ]
    )


def _is_chain(graph: Any) -> bool:
    """Tell whether every call feeds the next and no layer is called twice: then connections say nothing."""
    if len(graph.inputs) > 1 or len(graph.outputs) > 1 or len(graph.nodes) > len(graph.operations):
        return False
    before: Node | None = None
    for node in graph.nodes:
        if before is not None and [t._keras_history.node for t in node.inputs] != [before]:
            return False
        before = node
    return True


def _rows(
    operation: Any, inside: set[int] | None, expand: bool, show_trainable: bool, depth: int = 0
) -> list[Row]:
    """Return the row of a layer or op, and where wanted those of the layers inside it."""
    weights = getattr(operation, "weights", [])
    built = getattr(operation, "built", True)
    count = f"{sum(math.prod(w.shape) for w in weights):,}" if built else "0 (unbuilt)"
    prefix = "   " * depth + "└ " if depth else ""
    row = [f"{prefix}{operation.name} ({_type(operation)})", _output_shape(operation, inside), count]
    if inside is not None:
        row.append("" if depth else _connections(operation, inside))
    if show_trainable:
        row.append(("Y" if operation.trainable else "N") if weights else "-")
    rows = [row]
    if expand:
        for layer in getattr(operation, "layers", ()):
            rows += _rows(layer, inside, expand, show_trainable, depth + 1)
    return rows


def _type(operation: Any) -> str:
    op = getattr(operation, "op", None)
    return type(operation).__name__ if op is None else f"ops.{op.__name__.lstrip('_')}"


def _output_shape(operation: Any, inside: set[int] | None) -> str:
    nodes = operation._inbound_nodes
    if inside is not None:
        nodes = [node for node in nodes if id(node) in inside] or nodes
    if nodes:
        shape = tree.map_structure(lambda t: t.shape, nodes[0].structure)
    elif getattr(operation, "input_shape", None) is not None:
        shape = operation.output_shape
    else:
        return "?"
    return str(shape)


def _connections(operation: Any, inside: set[int]) -> str:
    """Return what feeds a layer: name, which of its calls, which output of that, as Keras writes them."""
    found = []
    for node in operation._inbound_nodes:
        if id(node) in inside:
            for tensor in node.inputs:
                history = tensor._keras_history
                found.append(f"{history.operation.name}[{history.node_index}][{history.tensor_index}]")
    return ", ".join(found) or "-"


def _widths(
    header: Row, rows: list[Row], line_length: int | None, positions: list[float] | None
) -> list[int]:
    """Return the columns' widths: what they hold, narrowed where the terminal is; then texts wrap."""
    room = (line_length or shutil.get_terminal_size().columns) - 3 * len(header) - 1
    if positions is not None:
        ends = [int(p * room) for p in positions]
        return [max(4, end - begin) for begin, end in zip([0, *ends], ends, strict=False)]
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    if len(header) > 3:  # a layer with many inputs has its connections below each other
        parts = [part for row in rows for part in row[3].split(", ")]
        widths[3] = max(len(header[3]), *(len(part) + 1 for part in parts))
    # Types go below names before anything is broken inside.
    name = max(len(word) for row in [header, *rows] for word in row[0].split())
    while sum(widths) > room and max(widths) > 8:
        widths[0 if widths[0] > name else widths.index(max(widths))] -= 1
    return widths


def _table(header: Row, rows: list[Row], widths: list[int]) -> list[str]:
    def line(left: str, middle: str, right: str) -> str:
        return left + middle.join("─" * (w + 2) for w in widths) + right

    def cells(row: Row) -> list[str]:
        wrapped = [
            textwrap.wrap(text, width, subsequent_indent=" " * (len(text) - len(text.lstrip()))) or [""]
            for text, width in zip(row, widths, strict=True)
        ]
        lines = []
        for i in range(max(map(len, wrapped))):
            texts = [part[i] if i < len(part) else "" for part in wrapped]
            lines.append(
                "│ "
                + " │ ".join(
                    f"{text:>{width}}" if column == 2 else f"{text:<{width}}"
                    for column, (text, width) in enumerate(zip(texts, widths, strict=True))
                )
                + " │"
            )
        return lines

    body = [line for row in rows for line in cells(row)]
    return [line("┌", "┬", "┐"), *cells(header), line("├", "┼", "┤"), *body, line("└", "┴", "┘")]


def _size(count: int) -> str:
    """Return a number of bytes for people."""
    value = float(count)
    for unit in ("B", "KB", "MB", "GB"):
        if value < 1024 or unit == "GB":
            break
        value /= 1024
    return f"{value:.2f} {unit}"


def _total(title: str, weights: Any) -> str:
    count = sum(math.prod(w.shape) for w in weights)
    return f" {title}: {count:,} ({_size(sum(w.numpy().nbytes for w in weights))})"
