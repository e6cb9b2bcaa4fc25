"""Graphs drawn with letters: a line for each call, and rails that run from it to where its output is used."""

from __future__ import annotations

from collections import Counter
from typing import Any

from fastnn import tree
from fastnn.symbolic import Node

# What a place on a line is joined to: up, down, left, right.
_CORNERS = {
    (1, 1, 0, 0): "│",
    (0, 0, 1, 1): "─",
    (1, 1, 0, 1): "├",
    (1, 1, 1, 0): "┤",
    (1, 0, 0, 1): "╰",
    (1, 0, 1, 0): "╯",
    (0, 1, 0, 1): "╭",
    (0, 1, 1, 0): "╮",
    (1, 1, 1, 1): "┼",
    (1, 0, 1, 1): "┴",
    (0, 1, 1, 1): "┬",
}


def text_drawing(model: Any, label: Any) -> str:
    """Return a model as text; ``label(operation)`` tells of each layer or op what to write.

    A model whose graph is not known, a subclass, is the list of its layers.
    """
    title = f"{model.name} ({type(model).__name__})"
    nodes = calls(model)
    if nodes is None:
        return "\n".join([title, *(f"· {label(layer)}" for layer in model.layers)])
    outputs = {id(tensor) for tensor in model.outputs}
    left: Counter[int] = Counter()  # how many calls still want the output of a call
    for node in nodes:
        left.update({id(t._keras_history.node) for t in node.inputs})
    repeated = Counter(id(node.operation) for node in nodes)
    so_far: Counter[int] = Counter()
    rails: list[int | None] = []  # whose output runs in each column
    lines: list[tuple[str, str]] = []
    for node in nodes:
        key = id(node.operation)
        so_far[key] += 1
        text = label(node.operation)
        if repeated[key] > 1:
            text += f"  call {so_far[key]} of {repeated[key]}"
        if any(id(tensor) in outputs for tensor in node.outputs):
            text += "  ⇒ output"
        lines += _step(node, rails, left, text)
    width = max(len(rail) for rail, _ in lines) + 2
    return "\n".join([title, *(f"{rail:<{width}}{text}".rstrip() for rail, text in lines)])


def calls(model: Any) -> list[Node] | None:
    """Return the calls in a model, inputs first, each behind those that it needs; None where not known."""
    graph = getattr(model, "_graph", None)
    if graph is not None:
        found = {id(node): node for node in graph.nodes}
        unused = [t._keras_history.node for t in graph.inputs if id(t._keras_history.node) not in found]
        return [*unused, *graph.nodes]
    if getattr(model, "_symbolic", None):
        return [t._keras_history.node for part in model._symbolic for t in tree.flatten(part)]
    return None


def _step(node: Node, rails: list[int | None], left: Counter[int], text: str) -> list[tuple[str, str]]:
    """Draw one call below the rails, which change to what runs on below it."""
    sources = {id(t._keras_history.node) for t in node.inputs}
    before = list(rails)
    entering = [column for column, rail in enumerate(rails) if rail in sources]
    for column in entering:
        source = rails[column]
        assert source is not None
        left[source] -= 1
        if not left[source]:
            rails[column] = None
    free = [column for column in entering if rails[column] is None]
    place = free[0] if free else rails.index(None) if None in rails else len(rails)
    if place == len(rails):
        rails.append(None)
    lines = []
    if entering not in ([], [place]):
        lines.append((_joint(before, rails, entering, place), ""))
    marks = ["│" if rail is not None else " " for rail in rails]
    marks[place] = "●"
    lines.append((" ".join(marks).rstrip(), text))
    rails[place] = id(node) if left[id(node)] else None
    while rails and rails[-1] is None:
        rails.pop()
    return lines


def _joint(before: list[int | None], after: list[int | None], entering: list[int], place: int) -> str:
    """Draw the line between two calls on which rails branch to and meet at ``place``."""
    first, last = min([*entering, place]), max([*entering, place])
    text = ""
    for column in range(len(after)):
        up = column < len(before) and before[column] is not None
        down = after[column] is not None or column == place
        joined = column in entering or column == place
        crossed = first < column < last
        if joined:
            text += _CORNERS[up, down, first < column, column < last]
        else:  # a rail passes in front of the line
            text += "│" if up else "─" if crossed else " "
        text += "─" if first <= column < last else " "
    return text.rstrip()
