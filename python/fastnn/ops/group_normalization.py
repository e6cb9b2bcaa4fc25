"""Normalisation of groups of channels by their own mean and variance."""

from __future__ import annotations

import math
from typing import Any

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable

from ._normalized import normalized_vjp


def group_normalization(
    x: Any,
    groups: int,
    axis: int = -1,
    scale: Any = None,
    offset: Any = None,
    epsilon: float = 1e-3,
) -> Any:
    r"""Normalise groups of channels of each sample by their own mean and variance.

    .. math:: y = \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} \gamma + \beta

    Parameters
    ----------
    x : array_like
        Values with the samples first.
    groups : int
        Into how many groups the channels are divided. As many as channels is instance normalisation.
    axis : int
        The axis of the channels.
    scale, offset : array_like, optional
        ``(channels,)``: gamma and beta.
    epsilon : float
        Keeps the root away from 0.

    Returns
    -------
    ndarray
        Of the shape of ``x``.

    Raises
    ------
    ValueError
        If ``groups`` does not divide the channels, or shapes do not fit.

    Notes
    -----
    Wu and He, "Group Normalization", 2018.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.group_normalization(np.array([[1.0, 3.0, 10.0, 20.0]]), 2, epsilon=0)
    array([[-1.,  1., -1.,  1.]])
    """
    if type(groups) is not int or groups < 1:
        raise ValueError(f"[group_normalization] groups must be a positive integer; received {groups!r}")
    return _group_normalization(x, scale, offset, axis, groups, True, epsilon)


@differentiable
def _group_normalization(
    ctx: Node,
    x: Any,
    scale: Any,
    offset: Any,
    axis: int,
    groups: int,
    by_sample: bool,
    epsilon: float,
    statistics: list[Array] | None = None,
) -> Array:
    """Serve also the training of batch normalisation, which takes samples together; gives it the statistics."""
    op = "group_normalization" if by_sample else "batch_normalization"
    y, mean, variance = native.group_normalization_forward(
        op, x, axis, groups, by_sample, scale, offset, epsilon
    )
    if statistics is not None:
        statistics[:] = mean, variance
    if ctx.needs:
        ctx.save(
            x=x, scale=scale, mean=mean, variance=variance, how=(axis, groups, by_sample), epsilon=epsilon
        )
    return y


@_group_normalization.vjp
def _group_normalization_vjp(ctx: Node, dy: Array) -> Any:
    axis, groups, by_sample = ctx.how
    return native.group_normalization_backward(
        "group_normalization" if by_sample else "batch_normalization",
        ctx.x,
        dy,
        axis,
        groups,
        by_sample,
        ctx.mean,
        ctx.variance,
        ctx.scale,
        ctx.epsilon,
        True,
        ctx.needs[0],
    )


@_group_normalization.tensor_vjp
def _group_normalization_tensor_vjp(ctx: Node, dy: Any) -> Any:
    axis, groups, by_sample = ctx.how
    shape = ctx.x.shape
    axis %= len(shape)
    first = 1 if by_sample else 0
    groups = groups or shape[axis]
    split = (
        shape[0] if by_sample else 1,
        math.prod(shape[first:axis]),
        groups,
        shape[axis] // groups,
        math.prod(shape[axis + 1 :]),
    )
    return normalized_vjp(ctx.x, dy, ctx.scale, split, by_sample, ctx.epsilon)
