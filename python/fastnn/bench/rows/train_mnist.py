"""An epoch of MNIST, 784-512-10, RMSprop, shuffled, including the gathering of batches.

All have the same float32 images and integer labels in memory, the same initial weights, and report the mean
loss of the epoch. Their shuffles differ, so the losses agree to a few percent only.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from . import Row
from ._data import jax_logits, mnist, torch_net, weights

SIZES = (784, 512, 10)


def _keras_program(layers: Any, models: Any, batch: int) -> Callable[[], float]:
    """Train with Keras's interface, which is also fastnn's."""
    x, y = mnist()
    net = models.Sequential()
    net.add(layers.Input((784,)))
    net.add(layers.Dense(512, activation="relu"))
    net.add(layers.Dense(10, activation="softmax"))
    net.compile(optimizer="rmsprop", loss="sparse_categorical_crossentropy")
    net.set_weights(weights(*SIZES))
    return lambda: float(net.fit(x, y, batch_size=batch, verbose=0).history["loss"][0])


def fastnn(batch: int) -> Callable[[], float]:
    """``Sequential.fit``."""
    from fastnn import layers, models

    return _keras_program(layers, models, batch)


def keras(batch: int) -> Callable[[], float]:
    """The same program with Keras's imports (and its default backend, TensorFlow)."""
    from keras import layers, models

    return _keras_program(layers, models, batch)


def torch(batch: int) -> Callable[[], float]:
    """The usual eager loop; ``foreach`` is the faster of RMSprop's implementations."""
    import torch

    x, y = map(torch.from_numpy, mnist())
    net = torch_net(*SIZES)
    loss_function = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.RMSprop(net.parameters(), lr=1e-3, alpha=0.9, eps=1e-7, foreach=True)

    def epoch() -> float:
        total = 0.0
        for index in torch.randperm(len(x)).split(batch):
            optimizer.zero_grad()
            loss = loss_function(net(x[index]), y[index])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(index)
        return total / len(x)

    return epoch


def _jax_update(params: Any, squares: Any, x: Any, y: Any) -> Any:
    import jax
    import jax.numpy as jnp

    def loss_function(params: Any) -> Any:
        log_probabilities = jax.nn.log_softmax(jax_logits(params, x))
        return -jnp.mean(jnp.take_along_axis(log_probabilities, y[:, None], 1))

    loss, grads = jax.value_and_grad(loss_function)(params)
    squares = [0.9 * v + 0.1 * g * g for v, g in zip(squares, grads, strict=True)]
    params = [p - 1e-3 * g * jax.lax.rsqrt(v + 1e-7) for p, g, v in zip(params, grads, squares, strict=True)]
    return params, squares, loss * len(x)


def jax(batch: int) -> Callable[[], float]:
    """A jitted step on donated parameters, batches gathered by NumPy while the last step runs."""
    import jax
    import jax.numpy as jnp

    x, y = mnist()
    params = [jnp.asarray(w) for w in weights(*SIZES)]
    squares = [jnp.zeros_like(p) for p in params]
    step = jax.jit(_jax_update, donate_argnums=(0, 1))
    rng = np.random.default_rng(0)

    def epoch() -> float:
        nonlocal params, squares
        order = rng.permutation(len(x))
        losses = []
        for start in range(0, len(x), batch):
            index = order[start : start + batch]
            params, squares, loss = step(params, squares, x[index], y[index])
            losses.append(loss)
        return float(jnp.sum(jnp.stack(losses))) / len(x)

    return epoch


def jax_scan(batch: int) -> Callable[[], float]:
    """The whole epoch in one jitted scan, batches gathered inside."""
    import jax
    import jax.numpy as jnp

    x, y = map(jnp.asarray, mnist())
    params = [jnp.asarray(w) for w in weights(*SIZES)]
    squares = [jnp.zeros_like(p) for p in params]
    rng = np.random.default_rng(0)
    whole = len(x) // batch * batch

    @partial(jax.jit, donate_argnums=(0, 1))
    def run(params: Any, squares: Any, order: Any) -> Any:
        def body(state: Any, index: Any) -> Any:
            params, squares, loss = _jax_update(state[0], state[1], x[index], y[index])
            return (params, squares), loss

        state, losses = jax.lax.scan(body, (params, squares), order[:whole].reshape(-1, batch))
        if whole < len(x):
            state, loss = body(state, order[whole:])
            losses = jnp.append(losses, loss)
        return *state, jnp.sum(losses)

    def epoch() -> float:
        nonlocal params, squares
        params, squares, loss = run(params, squares, rng.permutation(len(x)))
        return float(loss) / len(x)

    return epoch


CONTENDERS = {"fastnn": fastnn, "torch": torch, "jax": jax, "jax-scan": jax_scan, "keras": keras}
ROWS = [Row(f"batch {batch}", CONTENDERS, (batch,), rtol=0.05) for batch in (128, 32)]
