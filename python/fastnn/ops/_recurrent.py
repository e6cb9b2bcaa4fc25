"""Recurrence made of other ops, one step at a time: for second derivatives, and for cells of any kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fastnn import tree
from fastnn.autograd import gradients

from .arithmetic import add, multiply, subtract
from .cast import copy
from .joining import concatenate, stack
from .matmul import matmul
from .sigmoid import sigmoid, tanh
from .splitting import split
from .where import where


def walk(
    step: Callable[[Any, Any], tuple[Any, Any]], x: Any, states: Any, mask: Any, go_backwards: bool
) -> tuple[list[Any], Any]:
    """Return the outputs of all steps, in the order of computing, and the last states.

    ``output, states = step(x[:, t], states)``; where ``mask`` (batch, time) is false, states stay and the output
    is that of the step before, at first the first state or zeros.
    """
    outputs: list[Any] = []
    steps = range(x.shape[1])
    for t in reversed(steps) if go_backwards else steps:
        output, new = step(x[:, t], states)
        if mask is not None:
            counts = mask[:, t, None]
            first = tree.flatten(states)[0]
            last = outputs[-1] if outputs else first if first.shape == output.shape else multiply(output, 0.0)
            output = where(counts, output, last)
            kept = zip(tree.flatten(new), tree.flatten(states), strict=True)
            new = tree.pack(states, [where(counts, after, before) for after, before in kept])
        outputs.append(output)
        states = new
    return outputs, states


def _product(x: Any, kernel: Any, gates: int, drop: Sequence[Any] | None, bias: Any = None) -> Any:
    """Return ``x kernel + bias``; ``drop`` scales x, for each gate in its own way."""
    if drop is None:
        z = matmul(x, kernel)
    else:
        parts = zip(drop, split(kernel, gates, axis=1), strict=True)
        z = concatenate([matmul(multiply(x, scale), part) for scale, part in parts], axis=-1)
    return z if bias is None else add(z, bias)


def simple_rnn_step(
    x: Any, h: Any, kernel: Any, recurrent_kernel: Any, bias: Any, activation: Callable[[Any], Any] = tanh
) -> Any:
    """Return the new state."""
    return activation(add(_product(x, kernel, 1, None, bias), matmul(h, recurrent_kernel)))


def lstm_step(
    x: Any,
    h: Any,
    c: Any,
    kernel: Any,
    recurrent_kernel: Any,
    bias: Any,
    activation: Callable[[Any], Any] = tanh,
    recurrent_activation: Callable[[Any], Any] = sigmoid,
    drop_x: Sequence[Any] | None = None,
    drop_h: Sequence[Any] | None = None,
) -> tuple[Any, Any]:
    """Return the new state and carry."""
    z = add(_product(x, kernel, 4, drop_x, bias), _product(h, recurrent_kernel, 4, drop_h))
    i, f, g, o = split(z, 4, axis=-1)
    c = add(multiply(recurrent_activation(f), c), multiply(recurrent_activation(i), activation(g)))
    return multiply(recurrent_activation(o), activation(c)), c


def gru_step(
    x: Any,
    h: Any,
    kernel: Any,
    recurrent_kernel: Any,
    bias: Any,
    reset_after: bool,
    activation: Callable[[Any], Any] = tanh,
    recurrent_activation: Callable[[Any], Any] = sigmoid,
    drop_x: Sequence[Any] | None = None,
    drop_h: Sequence[Any] | None = None,
) -> Any:
    """Return the new state."""
    units = h.shape[-1]
    of_x, of_h = (bias[0], bias[1]) if reset_after and bias is not None else (bias, None)
    x_z, x_r, x_h = split(_product(x, kernel, 3, drop_x, of_x), 3, axis=-1)
    if reset_after:
        h_z, h_r, h_h = split(_product(h, recurrent_kernel, 3, drop_h, of_h), 3, axis=-1)
    else:
        of_gates = recurrent_kernel[:, : 2 * units]
        h_z, h_r = split(_product(h, of_gates, 2, drop_h and drop_h[:2]), 2, axis=-1)
    z, r = recurrent_activation(add(x_z, h_z)), recurrent_activation(add(x_r, h_r))
    if reset_after:
        candidate = activation(add(x_h, multiply(r, h_h)))
    else:
        dropped = h if drop_h is None else multiply(h, drop_h[2])
        candidate = activation(add(x_h, matmul(multiply(r, dropped), recurrent_kernel[:, 2 * units :])))
    return add(multiply(z, h), multiply(subtract(1.0, z), candidate))


def packed(outputs: list[Any], every: bool, carry: Any = None) -> Any:
    """Return outputs as the native ops give them: all or the last, and behind them the carry."""
    if every or carry is not None:
        return stack([*(outputs if every else outputs[-1:]), *([] if carry is None else [carry])], axis=1)
    return outputs[-1]


def gradients_of(function: Callable[..., Any], inputs: Sequence[Any], needs: Sequence[bool], dy: Any) -> Any:
    """Return the gradients of ``function(*inputs)`` as tensors on the tape, by computing it again from ops."""
    # Copies, so that the walk back ends at them.
    given = [copy(x) if wanted else x for x, wanted in zip(inputs, needs, strict=True)]
    sources = [x for x, wanted in zip(given, needs, strict=True) if wanted]
    found = iter(gradients(function(*given), sources, dy, create_graph=True))
    return tuple(next(found) if wanted else None for wanted in needs)
