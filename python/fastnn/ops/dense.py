"""A dense layer in one call each way."""

from __future__ import annotations

import math
from typing import Any

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from ._broadcast import known
from .axes import swapaxes


@differentiable
def dense(ctx: Node, x: Any, kernel: Any, bias: Any = None, activation: str = "linear") -> Array:
    """Compute ``activation(x @ kernel + bias)``.

    Parameters
    ----------
    x : array_like
        ``(..., in)``.
    kernel : array_like
        ``(in, units)``.
    bias : array_like, optional
        ``(units,)``.
    activation : {"linear", "relu", "sigmoid", "tanh"}
        Applied to the matmul's result before it leaves the cache.

    Returns
    -------
    ndarray
        ``(..., units)``. float64 if any argument is, else float32.

    Raises
    ------
    ValueError
        If the shapes do not fit, or the activation is unknown.

    Notes
    -----
    With ``z = x @ kernel + bias`` and ``dz = dy * activation'(z)``, the gradients are
    ``dx = dz @ kernel.T``, ``dkernel = x.T @ dz`` and ``dbias`` the sum of the rows of ``dz``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.dense(np.array([[1.0, -2.0]]), np.array([[1.0, 3.0], [1.0, 1.0]]), np.array([0.5, 0.5]), "relu")
    array([[0. , 1.5]])
    """
    y = native.dense_forward(x, kernel, bias, activation)
    ctx.save(x=x, kernel=kernel, y=y, activation=activation)
    return y


@dense.vjp
def dense_vjp(ctx: Node, dy: Array) -> tuple[Array | None, Array | None, Array | None]:
    needs = ctx.needs
    return native.dense_backward(
        ctx.x, ctx.kernel, ctx.y, dy, ctx.activation, needs[0], needs[1], len(needs) > 2 and needs[2]
    )


@dense.tensor_vjp
def dense_tensor_vjp(ctx: Node, dy: Array) -> Any:
    x, kernel, y = known(ctx.x), known(ctx.kernel), ctx.y
    if ctx.activation == "relu":
        dy = native.where(native.greater(y, 0.0), dy, 0.0)
    elif ctx.activation == "sigmoid":
        dy = native.multiply(dy, native.multiply(y, native.subtract(1.0, y)))
    elif ctx.activation == "tanh":
        dy = native.multiply(dy, native.subtract(1.0, native.square(y)))
    needs = ctx.needs
    rows = dy.reshape((math.prod(dy.shape[:-1]), dy.shape[-1]))
    dx = native.matmul(dy, swapaxes(kernel, 0, 1)) if needs[0] else None
    dkernel = None
    if needs[1]:
        dkernel = native.matmul(swapaxes(x.reshape((rows.shape[0], kernel.shape[0])), 0, 1), rows)
    return dx, dkernel, native.sum(rows, 0) if len(needs) > 2 and needs[2] else None
