"""Element-wise functions of float32 at three sizes, and with broadcasting; outputs are made by the call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import Row

# Per function: the name in fastnn.ops, in NumPy (or how to say it), in numexpr, PyTorch and JAX.
FUNCTIONS: dict[str, tuple[str, Callable[..., Any], str, str, str]] = {
    "add": ("add", np.add, "x + y", "add", "numpy.add"),
    "multiply": ("multiply", np.multiply, "x * y", "mul", "numpy.multiply"),
    "relu": ("relu", lambda x: np.maximum(x, 0), "where(x > 0, x, 0)", "relu", "nn.relu"),
    "tanh": ("tanh", np.tanh, "tanh(x)", "tanh", "numpy.tanh"),
    "sigmoid": ("sigmoid", lambda x: 1 / (1 + np.exp(-x)), "1 / (1 + exp(-x))", "sigmoid", "nn.sigmoid"),
}
TWO = ("add", "multiply")


def _operands(function: str, *shapes: tuple[int, ...]) -> list[Any]:
    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal(shape, dtype=np.float32) for shape in shapes]
    return arrays[: 2 if function in TWO else 1]


def fastnn(function: str, *shapes: Any) -> Callable[[], Any]:
    """The function of ``fastnn.ops``."""
    from fastnn import ops

    call = getattr(ops, FUNCTIONS[function][0])
    arrays = _operands(function, *shapes)
    return lambda: call(*arrays)


def numpy(function: str, *shapes: Any) -> Callable[[], Any]:
    """The function, or the expression that NumPy code uses for it."""
    call = FUNCTIONS[function][1]
    arrays = _operands(function, *shapes)
    return lambda: call(*arrays)


def numexpr(function: str, *shapes: Any) -> Callable[[], Any]:
    """The expression, compiled before."""
    import numexpr

    names = dict(zip("xy", _operands(function, *shapes), strict=False))
    numexpr.evaluate(FUNCTIONS[function][2], names)
    return lambda: numexpr.re_evaluate(names)


def torch(function: str, *shapes: Any) -> Callable[[], Any]:
    """The function of ``torch``."""
    import torch

    call = getattr(torch, FUNCTIONS[function][3])
    arrays = [torch.from_numpy(array) for array in _operands(function, *shapes)]
    return lambda: call(*arrays)


def jax(function: str, *shapes: Any) -> Callable[[], Any]:
    """The function, jitted."""
    import jax

    where, name = FUNCTIONS[function][4].split(".")
    call = jax.jit(getattr(getattr(jax, where), name))
    arrays = [jax.device_put(array) for array in _operands(function, *shapes)]
    return lambda: call(*arrays).block_until_ready()


CONTENDERS = {"numpy": numpy, "fastnn": fastnn, "numexpr": numexpr, "torch": torch, "jax": jax}
ROWS = [
    Row(f"{function} {size:.0e}".replace("e+0", "e"), CONTENDERS, (function, (size,), (size,)))
    for function in FUNCTIONS
    for size in (10**3, 10**5, 10**7)
]
ROWS += [
    Row("add (10000, 512) + (512,)", CONTENDERS, ("add", (10000, 512), (512,))),
    Row("multiply (10000, 512) * (10000, 1)", CONTENDERS, ("multiply", (10000, 512), (10000, 1))),
]
