"""Gated recurrent units over whole sequences, in one call each way."""

from __future__ import annotations

from typing import Any

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from ._broadcast import known
from ._recurrent import gradients_of, gru_step, packed, walk
from .creation import zeros


@differentiable
def _gru(
    ctx: Node,
    x: Any,
    kernel: Any,
    recurrent_kernel: Any,
    bias: Any = None,
    h: Any = None,
    mask: Any = None,
    reset_after: bool = True,
    go_backwards: bool = False,
    every: bool = False,
) -> Array:
    keep = any(ctx.needs)
    inputs = (x, kernel, recurrent_kernel, bias, h, None, mask, go_backwards, every, False)
    y, kept = native.gru_forward(inputs, reset_after, keep)
    if keep:
        ctx.save(
            x=x,
            kernel=kernel,
            recurrent_kernel=recurrent_kernel,
            bias=bias,
            h=h,
            mask=mask,
            options=(reset_after, go_backwards, every),
            kept=kept,
        )
    return y


@_gru.vjp
def _gru_vjp(ctx: Node, dy: Array) -> Any:
    reset_after, go_backwards, every = ctx.options
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
    return native.gru_backward(inputs, reset_after, ctx.kept, dy, ctx.needs[:5])[:5]


@_gru.tensor_vjp
def _gru_tensor_vjp(ctx: Node, dy: Array) -> Any:
    reset_after, go_backwards, every = ctx.options

    def again(x: Any, kernel: Any, recurrent_kernel: Any, bias: Any, h: Any) -> Any:
        def step(x: Any, h: Any) -> Any:
            h = gru_step(x, h, kernel, recurrent_kernel, bias, reset_after)
            return h, h

        h = zeros((x.shape[0], recurrent_kernel.shape[0]), x.dtype) if h is None else h
        return packed(walk(step, x, h, ctx.mask, go_backwards)[0], every)

    inputs = known(ctx.x), known(ctx.kernel), known(ctx.recurrent_kernel), ctx.bias, ctx.h
    return gradients_of(again, inputs, ctx.needs[:5], dy)


def gru(
    x: Any,
    kernel: Any,
    recurrent_kernel: Any,
    bias: Any = None,
    initial_state: Any = None,
    mask: Any = None,
    reset_after: bool = True,
    go_backwards: bool = False,
    return_sequences: bool = False,
    return_state: bool = False,
) -> Any:
    r"""Gated recurrent units over whole sequences.

    .. math::

        z, r &= \sigma(x_t W_{z, r} + h_{t-1} U_{z, r} + b) \\
        \hat h &= \tanh(x_t W_h + b_h + r (h_{t-1} U_h + b_u)) \\
        h_t &= z h_{t-1} + (1 - z) \hat h

    Parameters
    ----------
    x : array_like
        Sequences, ``(batch, time, features)``.
    kernel : array_like
        ``(features, 3 * units)``, the columns in the order z, r, h.
    recurrent_kernel : array_like
        ``(units, 3 * units)``.
    bias : array_like, optional
        ``(2, 3 * units)``: of x and of h. Without ``reset_after`` ``(3 * units,)``.
    initial_state : array_like, optional
        ``(batch, units)``; zeros by default.
    mask : array_like of bool, optional
        ``(batch, time)``: where it is False, the state stays and the output is repeated.
    reset_after : bool
        Whether r meets the product ``h U``, as above, or ``h`` before it: ``(r h) U``.
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
    Cho et al., "Learning phrase representations using RNN encoder-decoder", 2014: version 1 has the reset gate
    before the product, version 3 after it.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> x, kernel, recurrent = np.ones((1, 3, 2)), np.zeros((2, 3)), np.zeros((1, 3))
    >>> ops.gru(x, kernel, recurrent, initial_state=np.ones((1, 1)), return_sequences=True)  # z is a half
    array([[[0.5  ],
            [0.25 ],
            [0.125]]])
    """
    y = _gru(
        x, kernel, recurrent_kernel, bias, initial_state, mask, reset_after, go_backwards, return_sequences
    )
    return (y, y[:, -1] if return_sequences else y) if return_state else y
