"""One update of all parameters of 784-512-10 by given gradients; kernels are compared after three."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from . import Row
from ._data import weights

SIZES = (784, 512, 10)


def _gradients() -> list[Any]:
    """Return gradients that are not small: PyTorch adds its epsilon elsewhere."""
    rng = np.random.default_rng(0)
    shapes = [w.shape for w in weights(*SIZES)]
    return [((rng.random(s) + 0.5) * rng.choice([-1, 1], s)).astype(np.float32) for s in shapes]


def fastnn(name: str) -> Callable[[], Any]:
    """``Optimizer.apply``: one native call."""
    from fastnn import Variable, optimizers

    makers: dict[str, Callable[[], Any]] = {
        "SGD momentum": lambda: optimizers.SGD(0.01, momentum=0.9),
        "RMSprop": optimizers.RMSprop,
        "Adam": optimizers.Adam,
    }
    optimizer = makers[name]()
    variables = [Variable(w) for w in weights(*SIZES)]
    grads = _gradients()

    def update() -> Any:
        optimizer.apply(grads, variables)
        return variables[0].numpy()

    return update


def torch(name: str) -> Callable[[], Any]:
    """The fastest implementation of each: ``fused`` where there is one, ``foreach`` for RMSprop."""
    import torch

    params = [torch.nn.Parameter(torch.from_numpy(w)) for w in weights(*SIZES)]
    for p, g in zip(params, _gradients(), strict=True):
        p.grad = torch.from_numpy(g)
    makers: dict[str, Callable[[], Any]] = {
        "SGD momentum": lambda: torch.optim.SGD(params, 0.01, momentum=0.9, fused=True),
        "RMSprop": lambda: torch.optim.RMSprop(params, 1e-3, alpha=0.9, eps=1e-7, foreach=True),
        "Adam": lambda: torch.optim.Adam(params, 1e-3, eps=1e-7, fused=True),
    }
    optimizer = makers[name]()

    def update() -> Any:
        optimizer.step()
        return params[0].detach()

    return update


def jax(name: str) -> Callable[[], Any]:
    """A jitted update of donated parameters and slots."""
    import jax
    import jax.numpy as jnp

    def sgd(t: Any, p: Any, g: Any, m: Any, v: Any) -> Any:
        m = 0.9 * m - 0.01 * g
        return p + m, m, v

    def rmsprop(t: Any, p: Any, g: Any, m: Any, v: Any) -> Any:
        v = 0.9 * v + 0.1 * g * g
        return p - 1e-3 * g * jax.lax.rsqrt(v + 1e-7), m, v

    def adam(t: Any, p: Any, g: Any, m: Any, v: Any) -> Any:
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        rate = 1e-3 * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        return p - rate * m / (jnp.sqrt(v) + 1e-7), m, v

    rule = {"SGD momentum": sgd, "RMSprop": rmsprop, "Adam": adam}[name]

    @partial(jax.jit, donate_argnums=0)
    def step(state: Any, grads: Any) -> Any:
        t, *slots = state
        new = [rule(t + 1, *of_one) for of_one in zip(slots[0], grads, *slots[1:], strict=True)]
        return t + 1, *(list(slot) for slot in zip(*new, strict=True))

    params = [jnp.asarray(w) for w in weights(*SIZES)]
    zeros = [[jnp.zeros_like(p) for p in params] for _ in range(2)]
    state = (jnp.float32(0), params, *zeros)
    grads = [jax.device_put(g) for g in _gradients()]

    def update() -> Any:
        nonlocal state
        state = step(state, grads)
        return state[1][0].block_until_ready()

    return update


CONTENDERS = {"torch": torch, "fastnn": fastnn, "jax": jax}
ROWS = [Row(name, CONTENDERS, (name,), rtol=1e-4, results=3) for name in ("SGD momentum", "RMSprop", "Adam")]
