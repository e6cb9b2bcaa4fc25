"""Data sets to learn with, as NumPy arrays.

Every module has ``load_data()``, which returns ``(x_train, y_train), (x_test, y_test)``:

- `fastnn.datasets.digits`: 1,797 handwritten digits of 8x8 pixels, inside the package
- `fastnn.datasets.mnist`: 70,000 handwritten digits of 28x28 pixels, downloaded when first used
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastnn.datasets import digits, mnist

__all__ = ["digits", "mnist"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
