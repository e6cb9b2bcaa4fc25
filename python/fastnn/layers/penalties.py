"""What layers add to the loss: penalties on their weights and outputs, and what `Layer.add_loss` is given.

Added losses belong to one pass of the outermost layer: the next pass begins without them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_inside: ContextVar[bool] = ContextVar("inside", default=False)


class _State:
    """Whether any layer has ever added a loss: before, there is nothing to forget between passes."""

    active = False


state = _State()


def add(layer: Any, losses: Any) -> None:
    """Note losses of one pass."""
    state.active = layer._adds_losses = True
    layer._losses.extend(losses if isinstance(losses, (list, tuple)) else [losses])


@contextmanager
def one_pass(layer: Any) -> Iterator[None]:
    """Inside the ``with`` block, layers add losses to those of the outermost one's pass."""
    if _inside.get():
        yield
        return
    forget(layer)
    before = _inside.set(True)
    try:
        yield
    finally:
        _inside.reset(before)


def forget(layer: Any) -> None:
    """Drop what a layer and those inside added."""
    for one in everyone(layer):
        one._losses.clear()


def everyone(layer: Any) -> Iterator[Any]:
    """Give a layer and all inside, none twice."""
    seen: set[int] = set()
    waiting = [layer]
    while waiting:
        one = waiting.pop()
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting.extend(reversed(one._layers))


def all_of(layer: Any) -> list[Any]:
    """Return what a pass added, then the penalties on the weights as they are now."""
    added = [loss for one in everyone(layer) for loss in one._losses]
    return added + [w.regularizer(w) for w in layer.trainable_weights if w.regularizer is not None]


def expected_of(layer: Any) -> bool:
    """Return whether a layer, or one inside, adds to the loss, as far as is known before a pass."""
    if any(w.regularizer is not None for w in layer.trainable_weights):
        return True
    return any(one._adds_losses or one.activity_regularizer is not None for one in everyone(layer))


def on_output(layer: Any, y: Any) -> None:
    """Add the penalty on what a layer gives: of each array divided by the number of samples, as in Keras."""
    from fastnn import tree

    for part in tree.flatten(y):
        penalty = layer.activity_regularizer(part)
        add(layer, penalty / part.shape[0] if part.ndim and part.shape[0] else penalty)
