"""A dense layer in one call each way."""

from __future__ import annotations

from typing import Any

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable


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
