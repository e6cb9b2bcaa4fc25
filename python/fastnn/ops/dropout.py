"""Dropout: elements become zero at random."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array, Node, differentiable
from fastnn.seeds import Seed, next_stream


@differentiable
def dropout(
    ctx: Node, inputs: Any, rate: float, noise_shape: Sequence[int | None] | None = None, seed: Seed = None
) -> Array:
    """Set elements to zero with probability ``rate``; multiply the others by ``1 / (1 - rate)``.

    The expected value of every element stays. This is `fastnn.random.dropout` as well.

    Parameters
    ----------
    inputs : array_like
        Values of any shape. Integers, booleans and float16 become float32.
    rate : float
        In [0, 1].
    noise_shape : tuple of int or None, optional
        Shape that broadcasts to that of ``inputs``; what shares a place in it is kept or dropped together. None
        stands for the size of ``inputs``: (None, 1, None) drops features in all steps of (batch, steps,
        features) alike.
    seed : int or SeedGenerator, optional
        Draw from this seed and leave the global sequence alone; an int drops the same elements at every call.

    Returns
    -------
    ndarray
        Float array of the shape of ``inputs``. A dropped element is 0, also where it was infinite or NaN.

    Raises
    ------
    ValueError
        If ``rate`` is outside of [0, 1], or ``noise_shape`` does not fit.

    Notes
    -----
    Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", 2014. Element i is
    kept where word i of the stream of random numbers is at least rate times 2**32: the same elements at any
    number of threads.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import random
    >>> random.dropout(np.ones((2, 6)), 0.5, seed=3)
    array([[2., 0., 2., 2., 0., 2.],
           [0., 2., 2., 2., 2., 0.]])
    """
    shape = np.shape(inputs)
    noise = shape if noise_shape is None else noise_sizes(noise_shape, shape)
    if noise == shape:
        y, kept = native.dropout_forward(inputs, rate, *next_stream(seed))
        ctx.save(rate=rate, kept=kept, factors=None)
        return y
    x = np.asarray(inputs)
    if x.dtype.kind != "f" or x.dtype.itemsize < 4:
        x = x.astype(np.float32)
    factors, _ = native.dropout_forward(np.ones(noise, x.dtype), rate, *next_stream(seed))
    ctx.save(factors=factors)
    return native.where(factors, native.multiply(x, factors), 0.0)


@dropout.vjp
def dropout_vjp(ctx: Node, dy: Array) -> Any:
    if ctx.factors is None:
        return native.dropout_backward(dy, ctx.rate, ctx.kept)
    return native.multiply(dy, ctx.factors)


@dropout.tensor_vjp
def dropout_tensor_vjp(ctx: Node, dy: Array) -> Any:
    factors = ctx.factors
    if factors is None:
        factors = native.dropout_backward(np.ones(dy.shape, dy.dtype), ctx.rate, ctx.kept)
    return native.multiply(dy, factors)


def noise_sizes(noise_shape: Sequence[int | None], shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return a shape that broadcasts to ``shape``, its None replaced."""
    fits = len(noise_shape) == len(shape) and all(
        s in (None, 1, n) for s, n in zip(noise_shape, shape, strict=True)
    )
    if not fits:
        raise ValueError(
            "[dropout] noise_shape must have a size for each axis of inputs: its own, 1 or None; "
            f"received inputs {shape}, noise_shape {tuple(noise_shape)}"
        )
    return tuple(n if s is None else s for s, n in zip(noise_shape, shape, strict=True))
