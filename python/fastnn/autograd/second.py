"""Gradients that can be differentiated again: backward rules run on tensors, so that they are recorded."""

from __future__ import annotations

from typing import Any

from fastnn.autograd.recording import Array, Node, Op
from fastnn.tensor import Tensor


class _Context:
    """What a rule on tensors is given: a node's saved values, those of its inputs and output as tensors."""

    def __init__(self, node: Node) -> None:
        self.needs, self.sources, self.asked = node.needs, node.sources, node.asked
        for (name, value), place in zip(node.__dict__.items(), node.places, strict=True):
            source = node if place == len(node.sources) else node.sources[place] if place >= 0 else None
            if source is not None:
                value = source if isinstance(source, Tensor) else Tensor(value, True, source)
            setattr(self, name, value)


class _Once:
    """Stands for the op that made a gradient whose rule cannot be differentiated."""

    tensor_rule = None

    def __init__(self, op: Op) -> None:
        self.__name__ = op.__name__

    def rule(self, ctx: Node, dy: Array) -> Any:
        """Say so."""
        raise NotImplementedError(
            f"[{self.__name__.lstrip('_')}] has no second derivative yet: "
            "its gradient can be used but not differentiated again"
        )


def rule_on_tensors(node: Node, dy: Tensor) -> tuple[Any, tuple[Any, ...]]:
    """Return the gradients as tensors on the tape, and the sources that they belong to."""
    op = node.op
    if op.tensor_rule is not None:
        ctx = _Context(node)
        return op.tensor_rule(ctx, dy), ctx.sources
    if op.rule is None:
        raise NotImplementedError(
            f"[{op.__name__}] has no backward rule: register one with @{op.__name__}.vjp"
        )
    sources = node.sources
    grads = op.rule(node, dy._array)
    onward, node.sources = node.sources, sources
    made = Node()
    made.op = _Once(op)
    made.sources = (dy._node or dy, *sources) if dy.requires_grad else sources
    made.needs = tuple(source is not None for source in made.sources)
    outputs = tuple(
        None if g is None else Tensor(g, True, made) for g in (grads if type(grads) is tuple else (grads,))
    )
    return outputs, onward
