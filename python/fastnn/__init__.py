"""fastnn: neural networks for NumPy users, at native speed on the CPU.

>>> import fastnn
>>> x = fastnn.tensor([1.0, 2.0], requires_grad=True)
>>> (x * x).sum().backward()
>>> x.grad
array([2., 4.])
"""

import importlib
from typing import TYPE_CHECKING, Any

from fastnn._core import native as _native
from fastnn.autograd import no_grad
from fastnn.config import get_num_threads, set_num_threads, show_config
from fastnn.tensor import Tensor, tensor
from fastnn.variable import Variable

if TYPE_CHECKING:
    from fastnn import (
        activations,
        callbacks,
        data,
        datasets,
        initializers,
        layers,
        losses,
        metrics,
        models,
        numpy,
        ops,
        optimizers,
        random,
        utils,
    )
    from fastnn.models import Sequential

__version__: str = _native.build_info()["version"]

# Imported when first used: `import fastnn` costs little more than `import numpy`.
_LAZY = (
    "activations",
    "callbacks",
    "data",
    "datasets",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "numpy",
    "ops",
    "optimizers",
    "random",
    "utils",
)

__all__ = [
    "Sequential",
    "Tensor",
    "Variable",
    "activations",
    "callbacks",
    "data",
    "datasets",
    "get_num_threads",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "no_grad",
    "numpy",
    "ops",
    "optimizers",
    "random",
    "set_num_threads",
    "show_config",
    "tensor",
    "utils",
]


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return importlib.import_module(f"fastnn.{name}")
    if name == "Sequential":
        return importlib.import_module("fastnn.models").Sequential
    raise AttributeError(f"module 'fastnn' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY, "Sequential"})
