"""Peak memory of a process that trains one MNIST epoch (train_mnist.py, batch 128), its data included."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from . import Row, train_mnist


def peak() -> float:
    """Return the largest memory that this process has held, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss would hold the parent's peak, too
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def training(contender: str) -> Callable[[], float]:
    """Return a call that trains in a fresh process and gives its peak."""
    command = [sys.executable, "-m", "rows.memory", contender]
    here = Path(__file__).parent.parent
    return lambda: float(subprocess.run(command, cwd=here, stdout=subprocess.PIPE, check=True).stdout)


CONTENDERS = {c: partial(training, c) for c in ("fastnn", "torch", "jax", "keras")}
ROWS = [Row("train MNIST", CONTENDERS, unit="MB")]

if __name__ == "__main__":
    train_mnist.CONTENDERS[sys.argv[1]](128)()
    print(peak())
