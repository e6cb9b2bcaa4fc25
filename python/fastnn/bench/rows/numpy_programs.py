"""Whole NumPy programs, with their own import and with it exchanged: ``fastnn.examples.numpy_*``."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from . import Row


def fastnn(name: str) -> Callable[[], Any]:
    """The program as it is: ``import fastnn.numpy as np``."""
    program = importlib.import_module(f"fastnn.examples.{name}")
    return lambda: np.array(list(program.main().values()))


def numpy(name: str) -> Callable[[], Any]:
    """The program with ``import numpy as np``."""
    source = Path(importlib.import_module(f"fastnn.examples.{name}").__file__ or "").read_text()
    namespace: dict[str, Any] = {"__name__": name}
    exec(source.replace("import fastnn.numpy as np", "import numpy as np"), namespace)
    return lambda: np.array(list(namespace["main"]().values()))


CONTENDERS = {"numpy": numpy, "fastnn": fastnn}
ROWS = [
    Row(name.replace("_", " "), CONTENDERS, (f"numpy_{name}",))
    for name in ("two_layers", "logistic_regression", "line_fit", "kmeans")
]
