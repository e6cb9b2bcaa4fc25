"""One step of descent of nets written by hand on the tape, 2-8-1 and 64-32-10: ReLU, mean squared error.

No layers: ``relu(x @ w1 + b1) @ w2 + b2`` and its gradients. The rows named SGD change the weights by hand too, the
others by the library's Adam. A step ends when its loss is known. The losses of the first ten steps are compared.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import Row
from ._data import weights

_RATE = 0.01


def _batch(sizes: tuple[int, ...], batch: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((batch, sizes[0]), dtype=np.float32)
    return x, rng.standard_normal((batch, sizes[-1]), dtype=np.float32)


def fastnn(sizes: tuple[int, ...], batch: int) -> Callable[[], float]:
    """PyTorch's habit: ``backward``, then changes under ``no_grad``."""
    import fastnn
    from fastnn import ops

    x, y = _batch(sizes, batch)
    parameters = w1, b1, w2, b2 = [fastnn.tensor(w, requires_grad=True) for w in weights(*sizes)]

    def step() -> float:
        h = ops.relu(x @ w1 + b1)
        loss = ops.mean(ops.square(h @ w2 + b2 - y))
        loss.backward()
        with fastnn.no_grad():
            for w in parameters:
                w -= _RATE * w.grad  # type: ignore[operator]
                w.grad = None
        return loss.item()

    return step


def fastnn_tape(sizes: tuple[int, ...], batch: int) -> Callable[[], float]:
    """TensorFlow's habit: ``GradientTape``, then ``assign_sub``."""
    import fastnn
    from fastnn import ops

    x, y = _batch(sizes, batch)
    parameters = w1, b1, w2, b2 = [fastnn.Variable(w) for w in weights(*sizes)]

    def step() -> float:
        with fastnn.GradientTape() as tape:
            h = ops.relu(x @ w1 + b1)
            loss = ops.mean(ops.square(h @ w2 + b2 - y))
        for w, g in zip(parameters, tape.gradient(loss, parameters), strict=True):
            w.assign_sub(_RATE * g)
        return loss.item()

    return step


def fastnn_adam(sizes: tuple[int, ...], batch: int) -> Callable[[], float]:
    """PyTorch's habit, with an optimizer."""
    import fastnn
    from fastnn import ops, optimizers

    x, y = _batch(sizes, batch)
    parameters = w1, b1, w2, b2 = [fastnn.tensor(w, requires_grad=True) for w in weights(*sizes)]
    optimizer = optimizers.Adam(parameters, lr=1e-3)

    def step() -> float:
        optimizer.zero_grad()
        h = ops.relu(x @ w1 + b1)
        loss = ops.mean(ops.square(h @ w2 + b2 - y))
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def torch_adam(sizes: tuple[int, ...], batch: int) -> Callable[[], float]:
    """The same program; ``fused`` is the fastest of Adam's implementations."""
    import torch

    x, y = map(torch.from_numpy, _batch(sizes, batch))
    parameters = w1, b1, w2, b2 = [torch.tensor(w, requires_grad=True) for w in weights(*sizes)]
    optimizer = torch.optim.Adam(parameters, lr=1e-3, eps=1e-7, fused=True)

    def step() -> float:
        optimizer.zero_grad()
        h = torch.relu(x @ w1 + b1)
        loss = torch.mean(torch.square(h @ w2 + b2 - y))
        loss.backward()
        optimizer.step()
        return float(loss.item())

    return step


def torch(sizes: tuple[int, ...], batch: int) -> Callable[[], float]:
    """The same program."""
    import torch

    x, y = map(torch.from_numpy, _batch(sizes, batch))
    parameters = w1, b1, w2, b2 = [torch.tensor(w, requires_grad=True) for w in weights(*sizes)]

    def step() -> float:
        h = torch.relu(x @ w1 + b1)
        loss = torch.mean(torch.square(h @ w2 + b2 - y))
        loss.backward()
        with torch.no_grad():
            for w in parameters:
                w -= _RATE * w.grad
                w.grad = None
        return float(loss.item())

    return step


def jax(sizes: tuple[int, ...], batch: int) -> Callable[[], float]:
    """The step as one jitted function on donated weights."""
    import jax
    import jax.numpy as jnp

    x, y = map(jax.device_put, _batch(sizes, batch))

    def loss_function(parameters: Any) -> Any:
        w1, b1, w2, b2 = parameters
        return jnp.mean(jnp.square(jax.nn.relu(x @ w1 + b1) @ w2 + b2 - y))

    def update(parameters: Any) -> Any:
        loss, grads = jax.value_and_grad(loss_function)(parameters)
        return [w - _RATE * g for w, g in zip(parameters, grads, strict=True)], loss

    jitted = jax.jit(update, donate_argnums=0)
    parameters = [jnp.asarray(w) for w in weights(*sizes)]

    def step() -> float:
        nonlocal parameters
        parameters, loss = jitted(parameters)
        return float(loss)

    return step


SGD = {"torch": torch, "fastnn": fastnn, "fastnn-tape": fastnn_tape, "jax": jax}
ADAM = {"torch": torch_adam, "fastnn": fastnn_adam}
ROWS = [
    Row(f"{'-'.join(map(str, sizes))} {rule}", contenders, (sizes, batch), rtol=1e-4, results=10)
    for sizes, batch in (((2, 8, 1), 4), ((64, 32, 10), 32))
    for rule, contenders in (("SGD", SGD), ("Adam", ADAM))
]
