"""Borders around an array."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn.autograd import Array, Node, differentiable

from ._scatter import scatter_add
from .selection import get_item

# Modes whose borders are values of x itself: what is done with positions shows where each comes from.
_COPIES = ("edge", "reflect", "symmetric", "wrap")


def _pairs(pad_width: Any, ndim: int) -> list[list[int]]:
    """Return the widths before and after each dimension."""
    if type(pad_width) is int:
        return [[pad_width, pad_width]] * ndim
    widths = np.asarray(pad_width)
    if widths.dtype.kind not in "iu":
        raise TypeError("pad_width must hold integers")
    pairs: list[list[int]] = np.broadcast_to(widths, (ndim, 2)).tolist()
    return pairs


def _inner(pairs: list[list[int]], shape: tuple[int, ...]) -> tuple[slice, ...]:
    """Return where ``x`` lies in the padded array."""
    return tuple([slice(before, before + n) for (before, _), n in zip(pairs, shape, strict=True)])


@differentiable
def pad(ctx: Node, x: Any, pad_width: Any, mode: str = "constant", constant_values: Any = None) -> Array:
    """Add borders around an array.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    pad_width : int, pair of int, or sequence of pairs
        How many places before and after each dimension; one number or pair serves all dimensions.
    mode : str
        "constant"; "edge", the outermost value; "reflect" or "symmetric", mirrored without or with the outermost
        value; "wrap", from the other end; or another one of NumPy's, which then has no backward rule.
    constant_values : scalar or sequence of pairs, optional
        The values for the mode "constant"; 0 by default.

    Returns
    -------
    ndarray
        A new array of the type of ``x``.

    Raises
    ------
    TypeError
        If a width is not an integer.
    ValueError
        If a width is negative, there is no such mode, or an empty dimension has nothing to copy.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.pad(np.array([1.0, 2.0, 3.0]), (1, 2))
    array([0., 1., 2., 3., 0., 0.])
    >>> ops.pad(np.array([1.0, 2.0, 3.0]), (1, 2), "reflect")
    array([2., 1., 2., 3., 2., 1.])
    """
    x = np.asarray(x)
    if constant_values is not None and mode != "constant":
        raise ValueError(f"constant_values need mode 'constant'; received mode {mode!r}")
    pairs = _pairs(pad_width, x.ndim)
    ctx.save(shape=x.shape, pairs=pairs, mode=mode)
    if mode != "constant":
        return np.pad(x, pad_width, mode)  # type: ignore[call-overload]
    value = 0 if constant_values is None else constant_values
    if np.ndim(value) > 0 or x.ndim == 0:
        return np.pad(x, pad_width, constant_values=value)
    if any(n < 0 for pair in pairs for n in pair):
        raise ValueError("pad_width must not be negative")
    shape = tuple([n + before + after for n, (before, after) in zip(x.shape, pairs, strict=True)])
    inner = _inner(pairs, x.shape)
    y = np.empty(shape, x.dtype)
    y[inner] = x
    for axis, within in enumerate(inner):  # each place once: large memory is slow
        y[(*inner[:axis], slice(within.start))] = value
        y[(*inner[:axis], slice(within.stop, None))] = value
    return y


@pad.vjp
def pad_vjp(ctx: Node, dy: Array) -> Any:
    if ctx.mode == "constant":
        return dy[_inner(ctx.pairs, ctx.shape)]
    if ctx.mode not in _COPIES:
        raise NotImplementedError(f"pad has no backward rule for mode {ctx.mode!r}")
    for axis, n in enumerate(ctx.shape):
        source = np.pad(np.arange(n), ctx.pairs[axis], ctx.mode)
        dy = scatter_add(dy, source, (*dy.shape[:axis], n, *dy.shape[axis + 1 :]), axis)
    return dy


@pad.tensor_vjp
def pad_tensor_vjp(ctx: Node, dy: Array) -> Any:
    if ctx.mode == "constant":
        return get_item(dy, _inner(ctx.pairs, ctx.shape))
    return pad_vjp(ctx, dy)
