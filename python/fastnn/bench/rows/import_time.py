"""The time that importing a library takes in a fresh process, without the start of the interpreter."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import partial

from . import Row

_PROGRAM = "import time; start = time.perf_counter(); import {}; print(time.perf_counter() - start)"


def importing(library: str) -> Callable[[], float]:
    """Return a call that imports a library in a fresh process."""
    command = [sys.executable, "-c", _PROGRAM.format(library)]
    return lambda: float(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


LIBRARIES = ("fastnn", "numpy", "torch", "jax", "onnxruntime", "keras")
ROWS = [Row("import", {library: partial(importing, library) for library in LIBRARIES}, unit="s")]
