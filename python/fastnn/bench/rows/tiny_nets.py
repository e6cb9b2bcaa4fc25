"""One Adam step of nets so small that the calls cost more than the arithmetic: 2-8-1 and 64-32-10, ReLU.

The batch stays in memory; a step ends when its loss is known. The losses of the first ten steps are compared.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from . import Row
from ._data import jax_logits, torch_net, weights


def _batch(sizes: tuple[int, ...], batch: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((batch, sizes[0]), dtype=np.float32)
    if sizes[-1] == 1:
        return x, rng.integers(0, 2, (batch, 1)).astype(np.float32)
    return x, rng.integers(0, sizes[-1], batch)


def fastnn(sizes: tuple[int, ...], batch: int) -> Callable[[], float]:
    """``Sequential.train_on_batch``."""
    from fastnn import layers, models

    x, y = _batch(sizes, batch)
    binary = sizes[-1] == 1
    net = models.Sequential(
        [
            layers.Input((sizes[0],)),
            layers.Dense(sizes[1], activation="relu"),
            layers.Dense(sizes[2], activation="sigmoid" if binary else "softmax"),
        ]
    )
    loss = "binary_crossentropy" if binary else "sparse_categorical_crossentropy"
    net.compile(optimizer="adam", loss=loss)
    net.set_weights(weights(*sizes))
    return lambda: net.train_on_batch(x, y)


def torch(sizes: tuple[int, ...], batch: int) -> Callable[[], float]:
    """The usual eager step; ``fused`` is the fastest of Adam's implementations."""
    import torch

    x, y = map(torch.from_numpy, _batch(sizes, batch))
    net = torch_net(*sizes)
    loss_function = torch.nn.BCEWithLogitsLoss() if sizes[-1] == 1 else torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, eps=1e-7, fused=True)

    def step() -> float:
        optimizer.zero_grad()
        loss = loss_function(net(x), y)
        loss.backward()
        optimizer.step()
        return float(loss.item())

    return step


def jax(sizes: tuple[int, ...], batch: int) -> Callable[[], float]:
    """A jitted step on donated state."""
    import jax
    import jax.numpy as jnp

    x, y = map(jax.device_put, _batch(sizes, batch))

    def loss_function(params: Any) -> Any:
        logits = jax_logits(params, x)
        if sizes[-1] == 1:
            return jnp.mean(jax.nn.softplus(logits) - y * logits)
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], 1))

    @partial(jax.jit, donate_argnums=0)
    def update(state: Any) -> Any:
        t, params, ms, vs = state
        loss, grads = jax.value_and_grad(loss_function)(params)
        t = t + 1
        rate = 1e-3 * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        ms = [0.9 * m + 0.1 * g for m, g in zip(ms, grads, strict=True)]
        vs = [0.999 * v + 0.001 * g * g for v, g in zip(vs, grads, strict=True)]
        params = [p - rate * m / (jnp.sqrt(v) + 1e-7) for p, m, v in zip(params, ms, vs, strict=True)]
        return (t, params, ms, vs), loss

    params = [jnp.asarray(w) for w in weights(*sizes)]
    state = (jnp.float32(0), params, [jnp.zeros_like(p) for p in params], [jnp.zeros_like(p) for p in params])

    def step() -> float:
        nonlocal state
        state, loss = update(state)
        return float(loss)

    return step


CONTENDERS = {"torch": torch, "fastnn": fastnn, "jax": jax}
ROWS = [
    Row(f"{'-'.join(map(str, sizes))} batch {batch}", CONTENDERS, (sizes, batch), rtol=1e-4, results=10)
    for sizes, batch in (((2, 8, 1), 4), ((64, 32, 10), 32))
]
