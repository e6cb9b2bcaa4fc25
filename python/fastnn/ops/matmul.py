"""Matrix product."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from ._broadcast import known, sum_to_shape
from .axes import swapaxes


@differentiable
def matmul(ctx: Node, x1: Any, x2: Any) -> Array:
    """Matrix product with NumPy's rules.

    Parameters
    ----------
    x1, x2 : array_like
        Matrices ``(m, k)`` and ``(k, n)``; stacks of matrices, whose leading dimensions broadcast; or
        vectors ``(k,)``: as ``x1`` a row, as ``x2`` a column, and that dimension is missing from the result.

    Returns
    -------
    ndarray
        ``(..., m, n)``; 0-d for two vectors. float64 if either argument is, else float32.

    Raises
    ------
    ValueError
        If an argument is 0-d, or the shapes do not fit.

    Notes
    -----
    Any layout is taken without a copy. The result has the same bits at any number of threads.
    With ``y = x1 @ x2``, the gradients are ``dx1 = dy @ x2.T`` and ``dx2 = x1.T @ dy``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.matmul(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 10.0]))
    array([21., 43.])
    """
    ctx.save(x1=x1, x2=x2)
    return native.matmul_forward(x1, x2)


def _stacked_gradient(dy: Array, x: Array, other: Array, left: bool) -> Array:
    """Return the gradient for ``x``, the left or right factor, all of them at least 2-D."""
    if x.ndim == 2 and not left and other.shape[:-2] == dy.shape[:-2]:
        # One matrix served the whole stack: one product over all its rows.
        k, n = x.shape
        rows = math.prod(dy.shape[:-1])  # no -1: k or n may be 0
        return native.matmul_forward(other.reshape(rows, k).T, dy.reshape(rows, n))
    other = np.swapaxes(other, -1, -2)
    grad = native.matmul_forward(dy, other) if left else native.matmul_forward(other, dy)
    return grad if grad.shape == x.shape else native.sum_to(grad, x.shape)


@matmul.vjp
def matmul_vjp(ctx: Node, dy: Array) -> tuple[Array | None, Array | None]:
    x1, x2 = np.asarray(ctx.x1), np.asarray(ctx.x2)
    if x1.ndim == x2.ndim == 2:
        return (
            native.matmul_forward(dy, x2.T) if ctx.needs[0] else None,
            native.matmul_forward(x1.T, dy) if ctx.needs[1] else None,
        )
    a = x1[np.newaxis] if x1.ndim == 1 else x1
    b = x2[:, np.newaxis] if x2.ndim == 1 else x2
    if x2.ndim == 1:
        dy = dy[..., np.newaxis]
    if x1.ndim == 1:
        dy = dy[..., np.newaxis, :]
    return (
        _stacked_gradient(dy, a, b, True).reshape(x1.shape) if ctx.needs[0] else None,
        _stacked_gradient(dy, b, a, False).reshape(x2.shape) if ctx.needs[1] else None,
    )


@matmul.tensor_vjp
def matmul_tensor_vjp(ctx: Node, dy: Array) -> Any:
    x1, x2 = known(ctx.x1), known(ctx.x2)
    a = x1.reshape((1, *x1.shape)) if x1.ndim == 1 else x1
    b = x2.reshape((*x2.shape, 1)) if x2.ndim == 1 else x2
    batch = dy.shape[: dy.ndim - (x1.ndim > 1) - (x2.ndim > 1)]
    dy = dy.reshape((*batch, a.shape[-2], b.shape[-1]))
    da = sum_to_shape(native.matmul(dy, swapaxes(b, -1, -2)), a.shape) if ctx.needs[0] else None
    db = sum_to_shape(native.matmul(swapaxes(a, -1, -2), dy), b.shape) if ctx.needs[1] else None
    return da if da is None else da.reshape(x1.shape), db if db is None else db.reshape(x2.shape)
