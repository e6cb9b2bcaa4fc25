"""Element-wise functions of float32 at three sizes, and with broadcasting; outputs are made by the call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import Row


@dataclass(frozen=True)
class Function:
    """One function in every library; fastnn's is the one of ``fastnn.numpy``."""

    operands: int
    fastnn: Callable[..., Any]  # (namespace, *arrays)
    numpy: Callable[..., Any]
    numexpr: str
    torch: Callable[..., Any]  # (torch, *tensors)
    jax: Callable[..., Any]  # (jax, *arrays)


FUNCTIONS = {
    "add": Function(
        2,
        lambda f, x, y: f.add(x, y),
        np.add,
        "x + y",
        lambda t, x, y: t.add(x, y),
        lambda j, x, y: x + y,
    ),
    "multiply": Function(
        2,
        lambda f, x, y: f.multiply(x, y),
        np.multiply,
        "x * y",
        lambda t, x, y: t.mul(x, y),
        lambda j, x, y: x * y,
    ),
    "relu": Function(
        1,
        lambda f, x: f.maximum(x, 0),
        lambda x: np.maximum(x, 0),
        "where(x > 0, x, 0)",
        lambda t, x: t.relu(x),
        lambda j, x: j.nn.relu(x),
    ),
    "exp": Function(
        1,
        lambda f, x: f.exp(x),
        np.exp,
        "exp(x)",
        lambda t, x: t.exp(x),
        lambda j, x: j.numpy.exp(x),
    ),
    "tanh": Function(
        1,
        lambda f, x: f.tanh(x),
        np.tanh,
        "tanh(x)",
        lambda t, x: t.tanh(x),
        lambda j, x: j.numpy.tanh(x),
    ),
    "sigmoid": Function(
        1,
        lambda f, x: f.sigmoid(x),
        lambda x: 1 / (1 + np.exp(-x)),
        "1 / (1 + exp(-x))",
        lambda t, x: t.sigmoid(x),
        lambda j, x: j.nn.sigmoid(x),
    ),
    "where": Function(
        2,
        lambda f, x, y: f.where(f.greater(x, 0), x, y),
        lambda x, y: np.where(np.greater(x, 0), x, y),
        "where(x > 0, x, y)",
        lambda t, x, y: t.where(t.gt(x, 0), x, y),
        lambda j, x, y: j.numpy.where(x > 0, x, y),
    ),
}
Shape = tuple[int, ...]


def _operands(function: str, transposed: bool, *shapes: Shape) -> list[Any]:
    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal(shape, dtype=np.float32) for shape in shapes]
    if transposed:
        arrays[-1] = arrays[-1].T
    return arrays[: FUNCTIONS[function].operands]


def fastnn(function: str, *args: Any) -> Callable[[], Any]:
    """The function of ``fastnn.numpy``."""
    import fastnn.numpy as native

    call = FUNCTIONS[function].fastnn
    arrays = _operands(function, *args)
    return lambda: call(native, *arrays)


def numpy(function: str, *args: Any) -> Callable[[], Any]:
    """The function, or the expression that NumPy code uses for it."""
    call = FUNCTIONS[function].numpy
    arrays = _operands(function, *args)
    return lambda: call(*arrays)


def numexpr(function: str, *args: Any) -> Callable[[], Any]:
    """The expression, compiled before."""
    import numexpr

    names = dict(zip("xy", _operands(function, *args), strict=False))
    numexpr.evaluate(FUNCTIONS[function].numexpr, names)
    return lambda: numexpr.re_evaluate(names)


def torch(function: str, *args: Any) -> Callable[[], Any]:
    """The function of ``torch``."""
    import torch

    call = FUNCTIONS[function].torch
    arrays = [torch.from_numpy(array) for array in _operands(function, *args)]
    return lambda: call(torch, *arrays)


def jax(function: str, *args: Any) -> Callable[[], Any]:
    """The function, jitted, on JAX's arrays, which are all in C order."""
    import jax

    call = jax.jit(lambda *arrays: FUNCTIONS[function].jax(jax, *arrays))
    arrays = [jax.device_put(array) for array in _operands(function, *args)]
    return lambda: call(*arrays).block_until_ready()


CONTENDERS = {"numpy": numpy, "fastnn": fastnn, "numexpr": numexpr, "torch": torch, "jax": jax}
ROWS = [
    Row(f"{function} {size:.0e}".replace("e+0", "e"), CONTENDERS, (function, False, (size,), (size,)))
    for function in FUNCTIONS
    for size in (10**3, 10**5, 10**7)
]
ROWS += [
    Row("add (10000, 512) + (512,)", CONTENDERS, ("add", False, (10000, 512), (512,))),
    Row("multiply (10000, 512) * (10000, 1)", CONTENDERS, ("multiply", False, (10000, 512), (10000, 1))),
    Row("add (10000, 512) + transposed", CONTENDERS, ("add", True, (10000, 512), (512, 10000))),
]
