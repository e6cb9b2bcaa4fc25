"""Dropout of half of the elements, forward and backward.

Every library drops other elements: what is compared is the mean of a part of the result, and whether backward
drops what forward dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import Row

PART = 4096


def _checks(y: Any, dx: Any) -> Any:
    y, dx = np.asarray(y).ravel()[:PART], np.asarray(dx).ravel()[:PART]
    return np.array([y.mean(), (y == dx).mean()])


def fastnn(*shape: int) -> Callable[[], Any]:
    """``random.dropout`` and ``backward``."""
    from fastnn import random, tensor

    x: Any = tensor(np.ones(shape, np.float32), requires_grad=True)
    dy = np.ones(shape, np.float32)

    def call() -> Any:
        x.grad = None
        y = random.dropout(x, 0.5)
        y.backward(dy)
        return _checks(y.numpy(), x.grad.numpy())

    return call


def torch(*shape: int) -> Callable[[], Any]:
    """``functional.dropout`` and ``backward``."""
    import torch

    x, dy = torch.ones(shape, requires_grad=True), torch.ones(shape)

    def call() -> Any:
        x.grad = None
        y = torch.nn.functional.dropout(x, 0.5)
        y.backward(dy)
        return _checks(y.detach().numpy(), x.grad.numpy())

    return call


def jax(*shape: int) -> Callable[[], Any]:
    """The same of ``bernoulli`` and ``where``, compiled, with a new key for each call."""
    import jax
    from jax import numpy as jnp

    def both(key: Any, x: Any, dy: Any) -> Any:
        key, own = jax.random.split(key)
        kept = jax.random.bernoulli(own, 0.5, x.shape)
        y, rule = jax.vjp(lambda v: jnp.where(kept, v / 0.5, 0), x)
        return key, y, rule(dy)[0]

    compiled = jax.jit(both)
    state = [jax.random.key(0)]
    x, dy = jnp.ones(shape), jnp.ones(shape)

    def call() -> Any:
        state[0], y, dx = compiled(state[0], x, dy)
        return _checks(y.block_until_ready(), dx.block_until_ready())

    return call


CONTENDERS = {"fastnn": fastnn, "torch": torch, "jax": jax}
ROWS = [
    Row(f"dropout {shape}", CONTENDERS, shape, atol=0.1)
    for shape in ((128, 512), (128, 28, 28, 32), (64, 100, 128))
]
