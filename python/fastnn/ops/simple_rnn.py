"""A simple recurrent layer over whole sequences, in one call each way."""

from __future__ import annotations

from typing import Any

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from ._broadcast import known
from ._recurrent import gradients_of, packed, simple_rnn_step, walk
from .creation import zeros
from .relu import relu
from .sigmoid import sigmoid, tanh


@differentiable
def _simple_rnn(
    ctx: Node,
    x: Any,
    kernel: Any,
    recurrent_kernel: Any,
    bias: Any = None,
    h: Any = None,
    mask: Any = None,
    activation: str = "tanh",
    go_backwards: bool = False,
    every: bool = False,
) -> Array:
    keep = any(ctx.needs)
    inputs = (x, kernel, recurrent_kernel, bias, h, None, mask, go_backwards, every, False)
    y, kept = native.simple_rnn_forward(inputs, activation, keep)
    if keep:
        ctx.save(
            x=x,
            kernel=kernel,
            recurrent_kernel=recurrent_kernel,
            bias=bias,
            h=h,
            mask=mask,
            options=(activation, go_backwards, every),
            kept=kept,
        )
    return y


@_simple_rnn.vjp
def _simple_rnn_vjp(ctx: Node, dy: Array) -> Any:
    activation, go_backwards, every = ctx.options
    inputs = (
        ctx.x,
        ctx.kernel,
        ctx.recurrent_kernel,
        ctx.bias,
        ctx.h,
        None,
        ctx.mask,
        go_backwards,
        every,
        False,
    )
    return native.simple_rnn_backward(inputs, activation, ctx.kept, dy, ctx.needs[:5])[:5]


_ACTIVATIONS: dict[str, Any] = {"linear": lambda z: z, "relu": relu, "sigmoid": sigmoid, "tanh": tanh}


@_simple_rnn.tensor_vjp
def _simple_rnn_tensor_vjp(ctx: Node, dy: Array) -> Any:
    activation, go_backwards, every = ctx.options

    def again(x: Any, kernel: Any, recurrent_kernel: Any, bias: Any, h: Any) -> Any:
        def step(x: Any, h: Any) -> Any:
            h = simple_rnn_step(x, h, kernel, recurrent_kernel, bias, _ACTIVATIONS[activation])
            return h, h

        h = zeros((x.shape[0], recurrent_kernel.shape[0]), x.dtype) if h is None else h
        return packed(walk(step, x, h, ctx.mask, go_backwards)[0], every)

    inputs = known(ctx.x), known(ctx.kernel), known(ctx.recurrent_kernel), ctx.bias, ctx.h
    return gradients_of(again, inputs, ctx.needs[:5], dy)


def simple_rnn(
    x: Any,
    kernel: Any,
    recurrent_kernel: Any,
    bias: Any = None,
    initial_state: Any = None,
    mask: Any = None,
    activation: str = "tanh",
    go_backwards: bool = False,
    return_sequences: bool = False,
    return_state: bool = False,
) -> Any:
    r"""Simple recurrent layer over whole sequences.

    .. math:: h_t = a(x_t W + h_{t-1} U + b)

    Parameters
    ----------
    x : array_like
        Sequences, ``(batch, time, features)``.
    kernel : array_like
        ``(features, units)``.
    recurrent_kernel : array_like
        ``(units, units)``.
    bias : array_like, optional
        ``(units,)``.
    initial_state : array_like, optional
        ``(batch, units)``; zeros by default.
    mask : array_like of bool, optional
        ``(batch, time)``: where it is False, the state stays and the output is repeated.
    activation : {"tanh", "linear", "relu", "sigmoid"}
    go_backwards : bool
        Walk from the last step to the first; outputs come in that order.
    return_sequences : bool
        Whether to give the outputs of all steps, not only of the last.
    return_state : bool
        Whether to give the last state too.

    Returns
    -------
    ndarray
        ``(batch, units)``, or ``(batch, time, units)`` of all steps; with ``return_state`` this and the last state.

    Raises
    ------
    ValueError
        If the shapes do not fit, or a sequence has no step.

    Notes
    -----
    Elman, "Finding structure in time", 1990.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> x = np.array([[[1.0], [0.0], [0.0]]])
    >>> ops.simple_rnn(x, np.ones((1, 1)), np.full((1, 1), 0.5), activation="linear", return_sequences=True)
    array([[[1.  ],
            [0.5 ],
            [0.25]]])
    """
    y = _simple_rnn(
        x, kernel, recurrent_kernel, bias, initial_state, mask, activation, go_backwards, return_sequences
    )
    return (y, y[:, -1] if return_sequences else y) if return_state else y
