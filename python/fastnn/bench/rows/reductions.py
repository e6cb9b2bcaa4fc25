"""Reductions of float32 over all elements and over either axis, and softmax; outputs are made by the call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import Row

SHAPES = ((1000,), (100_000,), (10_000_000,), (1000, 1000), (10_000, 512))
FUNCTIONS = ("sum", "mean", "max", "argmax", "var")
SCORES = ((128, 10), (1024, 1000), (64, 32, 128))


def _array(shape: tuple[int, ...]) -> Any:
    return np.random.default_rng(0).standard_normal(shape, dtype=np.float32)


def fastnn(function: str, shape: tuple[int, ...], axis: int | None) -> Callable[[], Any]:
    """The function of ``fastnn.ops``."""
    from fastnn import ops

    call, x = getattr(ops, function), _array(shape)
    return lambda: call(x, axis)


def numpy(function: str, shape: tuple[int, ...], axis: int | None) -> Callable[[], Any]:
    """The function, or what NumPy code says for it."""
    x = _array(shape)
    if "softmax" not in function:
        call = getattr(np, function)
        return lambda: call(x, axis)

    def softmax() -> Any:
        e = np.exp(x - x.max(-1, keepdims=True))
        return e / e.sum(-1, keepdims=True)

    def log_softmax() -> Any:
        shifted = x - x.max(-1, keepdims=True)
        return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))

    return softmax if function == "softmax" else log_softmax


def torch(function: str, shape: tuple[int, ...], axis: int | None) -> Callable[[], Any]:
    """The function of ``torch``."""
    import torch

    x = torch.from_numpy(_array(shape))
    call = getattr(torch, {"max": "amax"}.get(function, function))
    options = {"correction": 0} if function == "var" else {}
    axes = () if axis is None and function == "max" else axis
    return lambda: call(x, axes, **options)


def jax(function: str, shape: tuple[int, ...], axis: int | None) -> Callable[[], Any]:
    """The function, jitted."""
    import jax

    where = jax.nn if "softmax" in function else jax.numpy
    call = jax.jit(getattr(where, function), static_argnums=1)
    x = jax.device_put(_array(shape))
    return lambda: call(x, axis).block_until_ready()


CONTENDERS = {"numpy": numpy, "fastnn": fastnn, "torch": torch, "jax": jax}
ROWS = [
    Row(
        f"{function} {shape[0]:.0e}".replace("e+0", "e")
        if len(shape) == 1
        else f"{function} {shape} {'all' if axis is None else f'axis {axis}'}",
        CONTENDERS,
        (function, shape, axis),
        atol=2e-3 if function == "sum" else 1e-5,  # NumPy's rounding error over 10,000 rows is 1e-3
    )
    for function in FUNCTIONS
    for shape in SHAPES
    for axis in ((None,) if len(shape) == 1 else (None, 0, 1))
]
ROWS += [
    Row(f"{function} {shape}", CONTENDERS, (function, shape, -1))
    for function in ("softmax", "log_softmax")
    for shape in SCORES
]
