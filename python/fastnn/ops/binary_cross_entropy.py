"""Cross-entropy of independent yes-or-no outcomes."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from ._broadcast import value
from .cross_entropy import clipped


@differentiable
def binary_crossentropy(ctx: Node, target: Any, output: Any, from_logits: bool = False) -> Array:
    r"""Cross-entropy of yes-or-no outcomes, meaned over the last axis: one value per sample.

    .. math:: L = -\frac{1}{n} \sum_i t_i \log p_i + (1 - t_i) \log (1 - p_i)

    Parameters
    ----------
    target : array_like
        True probabilities, usually 0 or 1, in the shape of ``output``. Cast to the dtype of ``output``;
        never differentiated.
    output : array_like
        Predictions of shape (..., n): probabilities, or logits.
    from_logits : bool
        Whether ``output`` holds logits (scores before the sigmoid).

    Returns
    -------
    ndarray
        Losses in nats, of shape ``output.shape[:-1]``.

    Raises
    ------
    ValueError
        If the shapes differ or have no dimension.

    Notes
    -----
    The arithmetic of ``keras.losses.binary_crossentropy``: probabilities are clipped to [1e-7, 1 - 1e-7];
    logits go through a softplus that neither overflows nor loses small values.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.binary_crossentropy(np.array([[0.0, 1.0]]), np.array([[0.5, 0.5]]))
    array([0.69314718])
    """
    loss: Array = native.binary_crossentropy_forward(target, output, from_logits)
    ctx.save(target=target, output=output, from_logits=from_logits)
    return loss


@binary_crossentropy.vjp
def binary_crossentropy_vjp(ctx: Node, dy: Array) -> Any:
    if not ctx.needs[1]:
        return None
    return None, native.binary_crossentropy_backward(ctx.target, ctx.output, dy, ctx.from_logits)


@binary_crossentropy.tensor_vjp
def binary_crossentropy_tensor_vjp(ctx: Node, dy: Array) -> Any:
    if not ctx.needs[1]:
        return None
    output = ctx.output
    target = np.asarray(value(ctx.target), output.dtype)
    scale = native.divide(dy, output.shape[-1]).reshape((*dy.shape, 1))
    if ctx.from_logits:
        return None, native.multiply(scale, native.subtract(native.sigmoid(output), target))
    p, inside = clipped(output)
    slope = native.subtract(native.divide(1 - target, native.subtract(1.0, p)), native.divide(target, p))
    return None, native.multiply(scale, native.where(inside, slope, 0.0))
