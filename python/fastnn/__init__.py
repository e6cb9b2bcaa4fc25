"""fastnn: neural networks for NumPy users, at native speed on the CPU.

>>> import fastnn
>>> x = fastnn.tensor([1.0, 2.0], requires_grad=True)
>>> (x * x).sum().backward()
>>> x.grad
Tensor([2., 4.], dtype=float64)
"""

import importlib
from typing import TYPE_CHECKING, Any

from fastnn._core import native as _native
from fastnn.autograd import no_grad
from fastnn.config import get_num_threads, set_num_threads, show_config
from fastnn.tensor import Tensor, from_dlpack, tensor
from fastnn.variable import Variable

if TYPE_CHECKING:
    from fastnn import (
        activations,
        callbacks,
        constraints,
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
        regularizers,
        utils,
    )
    from fastnn.autograd.gradient_check import check_gradients
    from fastnn.autograd.gradient_tape import GradientTape
    from fastnn.autograd.transforms import grad, hvp, jacobian, value_and_grad
    from fastnn.layers import Input
    from fastnn.models import Model, Sequential
    from fastnn.symbolic import KerasTensor

__version__: str = _native.build_info()["version"]

# Imported when first used: `import fastnn` costs little more than `import numpy`.
_LAZY_NAMES = {
    "GradientTape": "fastnn.autograd.gradient_tape",
    "Input": "fastnn.layers",
    "KerasTensor": "fastnn.symbolic",
    "Model": "fastnn.models",
    "Sequential": "fastnn.models",
    "check_gradients": "fastnn.autograd.gradient_check",
    "grad": "fastnn.autograd.transforms",
    "hvp": "fastnn.autograd.transforms",
    "jacobian": "fastnn.autograd.transforms",
    "value_and_grad": "fastnn.autograd.transforms",
}
_LAZY = (
    "activations",
    "callbacks",
    "constraints",
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
    "regularizers",
    "utils",
)

__all__ = [
    "GradientTape",
    "Input",
    "KerasTensor",
    "Model",
    "Sequential",
    "Tensor",
    "Variable",
    "activations",
    "callbacks",
    "check_gradients",
    "constraints",
    "data",
    "datasets",
    "from_dlpack",
    "get_num_threads",
    "grad",
    "hvp",
    "initializers",
    "jacobian",
    "layers",
    "losses",
    "metrics",
    "models",
    "no_grad",
    "numpy",
    "ops",
    "optimizers",
    "random",
    "regularizers",
    "set_num_threads",
    "show_config",
    "tensor",
    "utils",
    "value_and_grad",
]


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return importlib.import_module(f"fastnn.{name}")
    if name in _LAZY_NAMES:
        return getattr(importlib.import_module(_LAZY_NAMES[name]), name)
    raise AttributeError(f"module 'fastnn' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY, *_LAZY_NAMES})
