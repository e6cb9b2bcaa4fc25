"""Cross-entropy of classes: how far predicted probabilities are from the true class."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from ._broadcast import value
from .selection import one_hot
from .softmax import softmax


def _pass_by_softmax(ctx: Node) -> bool:
    """Send the loss's gradient straight to the logits where the prediction is their softmax.

    The gradient with respect to the logits, y sum(target) - target, needs no division by a probability.
    """
    target, prediction = ctx.sources[:2]
    if ctx.from_logits or type(prediction) is not Node or prediction.op is not softmax:
        return False
    if prediction.asked or prediction.sources is None or prediction.axis not in (-1, prediction.y.ndim - 1):
        return False
    ctx.sources = (target, prediction.sources[0])
    return True


def clipped(p: Array) -> tuple[Array, Array]:
    """Return probabilities clipped as the losses clip them, and where that changes nothing."""
    lowest, highest = np.array([1e-7, 1 - 1e-7], p.dtype)
    changed = (value(p) < lowest) | (value(p) > highest)  # NaN does not count as clipped
    return native.clip(p, lowest, highest), ~changed


def _gradient(ctx: Node, dy: Array, target: Array) -> Array:
    """Return the gradient with respect to the prediction, on tensors; ``target`` is an array in its shape."""
    dy = dy.reshape((*dy.shape, 1))
    output, total = ctx.output, target.sum(-1, keepdims=True)
    if ctx.from_logits or _pass_by_softmax(ctx):
        y = softmax(output) if ctx.from_logits else output
        return native.multiply(native.subtract(native.multiply(y, total), target), dy)
    # With q = p / sum(p): what is lost by dividing, less target / q, where q is not clipped.
    sums = native.sum(output, -1, keepdims=True)
    q, inside = clipped(native.divide(output, sums))
    target = np.where(inside, target, 0)
    slope = native.subtract(target.sum(-1, keepdims=True), native.divide(target, q))
    return native.multiply(native.divide(slope, sums), dy)


@differentiable
def categorical_crossentropy(ctx: Node, target: Any, output: Any, from_logits: bool = False) -> Array:
    r"""Cross-entropy between target and predicted probabilities, one value per sample.

    .. math:: L = -\sum_i t_i \log p_i

    Parameters
    ----------
    target : array_like
        True probabilities, for example one-hot rows, in the shape of ``output``. Cast to the dtype of
        ``output``; never differentiated.
    output : array_like
        Predictions of shape (..., classes): probabilities, or logits.
    from_logits : bool
        Whether ``output`` holds logits (scores before the softmax).

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
    Keras's arithmetic: probabilities are divided by their sum and clipped to [1e-7, 1 - 1e-7], so a loss is
    at most 16.1; logits are not clipped. Classes whose target is 0 do not count. Where ``output`` is a
    `Tensor` that `softmax` gave, the gradient is taken with respect to the logits in one step, which holds
    where the probability itself is too small to be divided by; the loss is the same.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.categorical_crossentropy(np.array([[0.0, 1.0]]), np.array([[0.5, 0.5]]))
    array([0.69314718])
    """
    loss: Array = native.categorical_crossentropy_forward(target, output, from_logits)
    ctx.save(target=target, output=output, from_logits=from_logits)
    return loss


@categorical_crossentropy.vjp
def categorical_crossentropy_vjp(ctx: Node, dy: Array) -> Any:
    if _pass_by_softmax(ctx):
        return None, native.softmax_categorical_crossentropy_backward(ctx.target, ctx.output, dy)
    if not ctx.needs[1]:
        return None
    return None, native.categorical_crossentropy_backward(ctx.target, ctx.output, dy, ctx.from_logits)


@categorical_crossentropy.tensor_vjp
def categorical_crossentropy_tensor_vjp(ctx: Node, dy: Array) -> Any:
    if not ctx.needs[1]:
        return None
    return None, _gradient(ctx, dy, np.asarray(value(ctx.target), ctx.output.dtype))


@differentiable
def sparse_categorical_crossentropy(ctx: Node, target: Any, output: Any, from_logits: bool = False) -> Array:
    r"""Cross-entropy between class labels and predicted probabilities, one value per sample.

    .. math:: L = -\log p_{label}

    Parameters
    ----------
    target : array_like of int
        Labels in [0, classes), of shape ``output.shape[:-1]`` or that with a last dimension of 1.
    output : array_like
        Predictions of shape (..., classes): probabilities, or logits.
    from_logits : bool
        Whether ``output`` holds logits (scores before the softmax).

    Returns
    -------
    ndarray
        Losses in nats, of shape ``output.shape[:-1]``.

    Raises
    ------
    ValueError
        If a label lies outside the classes, or the shapes do not fit.
    TypeError
        If the labels are not whole numbers.

    See Also
    --------
    categorical_crossentropy : the same for targets given as probabilities, and notes on the arithmetic.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.sparse_categorical_crossentropy(np.array([1]), np.array([[0.5, 0.5]]))
    array([0.69314718])
    """
    loss: Array = native.sparse_categorical_crossentropy_forward(target, output, from_logits)
    ctx.save(target=target, output=output, from_logits=from_logits)
    return loss


@sparse_categorical_crossentropy.vjp
def sparse_categorical_crossentropy_vjp(ctx: Node, dy: Array) -> Any:
    if _pass_by_softmax(ctx):
        return None, native.softmax_sparse_categorical_crossentropy_backward(ctx.target, ctx.output, dy)
    if not ctx.needs[1]:
        return None
    return None, native.sparse_categorical_crossentropy_backward(ctx.target, ctx.output, dy, ctx.from_logits)


@sparse_categorical_crossentropy.tensor_vjp
def sparse_categorical_crossentropy_tensor_vjp(ctx: Node, dy: Array) -> Any:
    if not ctx.needs[1]:
        return None
    labels, shape = np.asarray(value(ctx.target)), ctx.output.shape
    return None, _gradient(ctx, dy, one_hot(labels.reshape(shape[:-1]), shape[-1], dtype=ctx.output.dtype))
