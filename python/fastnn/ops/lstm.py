"""A long short-term memory over whole sequences, in one call each way."""

from __future__ import annotations

from typing import Any

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from ._broadcast import known
from ._recurrent import gradients_of, lstm_step, packed, walk
from .creation import zeros


@differentiable
def _lstm(
    ctx: Node,
    x: Any,
    kernel: Any,
    recurrent_kernel: Any,
    bias: Any = None,
    h: Any = None,
    c: Any = None,
    mask: Any = None,
    go_backwards: bool = False,
    every: bool = False,
    state: bool = False,
) -> Array:
    keep = any(ctx.needs)
    inputs = (x, kernel, recurrent_kernel, bias, h, c, mask, go_backwards, every, state)
    y, kept = native.lstm_forward(inputs, None, keep)
    if keep:
        ctx.save(
            x=x,
            kernel=kernel,
            recurrent_kernel=recurrent_kernel,
            bias=bias,
            h=h,
            c=c,
            mask=mask,
            options=(go_backwards, every, state),
            kept=kept,
        )
    return y


@_lstm.vjp
def _lstm_vjp(ctx: Node, dy: Array) -> Any:
    inputs = (ctx.x, ctx.kernel, ctx.recurrent_kernel, ctx.bias, ctx.h, ctx.c, ctx.mask, *ctx.options)
    return native.lstm_backward(inputs, None, ctx.kept, dy, ctx.needs[:6])


@_lstm.tensor_vjp
def _lstm_tensor_vjp(ctx: Node, dy: Array) -> Any:
    go_backwards, every, state = ctx.options

    def again(x: Any, kernel: Any, recurrent_kernel: Any, bias: Any, h: Any, c: Any) -> Any:
        def step(x: Any, states: Any) -> Any:
            h, c = states
            h, c = lstm_step(x, h, c, kernel, recurrent_kernel, bias)
            return h, [h, c]

        nothing = zeros((x.shape[0], recurrent_kernel.shape[0]), x.dtype)
        states = [nothing if part is None else part for part in (h, c)]
        outputs, (_, c) = walk(step, x, states, ctx.mask, go_backwards)
        return packed(outputs, every, c if state else None)

    inputs = known(ctx.x), known(ctx.kernel), known(ctx.recurrent_kernel), ctx.bias, ctx.h, ctx.c
    return gradients_of(again, inputs, ctx.needs[:6], dy)


def lstm(
    x: Any,
    kernel: Any,
    recurrent_kernel: Any,
    bias: Any = None,
    initial_state: Any = None,
    mask: Any = None,
    go_backwards: bool = False,
    return_sequences: bool = False,
    return_state: bool = False,
) -> Any:
    r"""Long short-term memory over whole sequences.

    .. math::

        i, f, g, o &= x_t W + h_{t-1} U + b \\
        c_t &= \sigma(f) c_{t-1} + \sigma(i) \tanh(g) \\
        h_t &= \sigma(o) \tanh(c_t)

    Parameters
    ----------
    x : array_like
        Sequences, ``(batch, time, features)``.
    kernel : array_like
        ``(features, 4 * units)``, the columns in the order i, f, g, o.
    recurrent_kernel : array_like
        ``(units, 4 * units)``.
    bias : array_like, optional
        ``(4 * units,)``.
    initial_state : two of array_like, optional
        ``h`` and ``c``, each ``(batch, units)``; zeros by default.
    mask : array_like of bool, optional
        ``(batch, time)``: where it is False, the states stay and the output is repeated.
    go_backwards : bool
        Walk from the last step to the first; outputs come in that order.
    return_sequences : bool
        Whether to give the outputs of all steps, not only of the last.
    return_state : bool
        Whether to give the last states too.

    Returns
    -------
    ndarray
        ``(batch, units)``, or ``(batch, time, units)`` of all steps; with ``return_state`` this, ``h`` and ``c``.

    Raises
    ------
    ValueError
        If the shapes do not fit, or a sequence has no step.

    Notes
    -----
    Hochreiter and Schmidhuber, "Long short-term memory", 1997; the forget gate is of Gers, Schmidhuber and
    Cummins, "Learning to forget", 2000.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> x, kernel, recurrent = np.ones((1, 3, 2)), np.ones((2, 4)), np.zeros((1, 4))
    >>> y, h, c = ops.lstm(x, kernel, recurrent, return_state=True)
    >>> h.shape, c.round(2)
    ((1, 1), array([[2.26]]))
    """
    h, c = (None, None) if initial_state is None else initial_state
    y = _lstm(x, kernel, recurrent_kernel, bias, h, c, mask, go_backwards, return_sequences, return_state)
    if not return_state:
        return y
    h, c = y[:, -2], y[:, -1]
    return (y[:, :-1] if return_sequences else h), h, c
