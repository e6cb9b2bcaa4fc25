"""How time and memory of a training step grow with batch, channels and sequence length, as a picture.

    python bench/growth.py bench/growth.svg

Each point is a process of its own: the calmest of several steps, and by how much the step raised the process's
peak memory above what model and data take. Needs Linux and fastnn[plot].
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 256]
CHANNELS = [8, 16, 32, 48, 64, 96, 128, 192, 256]
STEPS = [10, 20, 40, 80, 120, 160, 240, 320]
UNITS = [16, 32, 64, 96, 128, 192, 256, 384]
# Title of a curve, what grows, and its values; the others stay at batch 32, 64 channels, 100 steps, 128 units.
CURVES: dict[str, tuple[str, list[int]]] = {
    "Conv2D 3x3 on 28x28, 64 channels": ("batch", BATCHES),
    "LSTM 128, 100 steps": ("batch", BATCHES),
    "Conv2D 3x3 on 28x28, batch 32": ("channels", CHANNELS),
    "LSTM 100 steps, batch 32": ("units", UNITS),
    "LSTM 128, batch 32": ("steps", STEPS),
}


def step_of(name: str, value: int) -> Callable[[], Any]:
    """Return a training step: forward, and the gradients of weights and inputs."""
    from fastnn import Tensor, layers
    from fastnn.autograd import gradients

    size = {"batch": 32, "channels": 64, "steps": 100, "units": 128, CURVES[name][0]: value}
    layer: Any
    if name.startswith("Conv2D"):
        layer = layers.Conv2D(size["channels"], 3, padding="same", activation="relu")
        shape: tuple[int, ...] = (size["batch"], 28, 28, size["channels"])
    else:
        layer = layers.LSTM(size["units"])
        shape = (size["batch"], size["steps"], size["units"])
    x = Tensor(np.random.default_rng(0).standard_normal(shape, dtype=np.float32), requires_grad=True)
    layer.ensure_built(shape)
    return lambda: gradients(layer(x, training=True).sum(), [x, *layer.trainable_weights])


def peak_kb() -> int:
    """Return the most memory that this process has had, in kB; on Linux."""
    (line,) = (x for x in Path("/proc/self/status").read_text().splitlines() if x.startswith("VmHWM"))
    return int(line.split()[1])


def point(name: str, value: int) -> tuple[float, float]:
    """Return the milliseconds of a step and its megabytes."""
    step = step_of(name, value)
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew: that of making the data is past
    before = peak_kb()
    step()
    grown = (peak_kb() - before) / 1024
    best, end = float("inf"), time.perf_counter() + 0.6
    while time.perf_counter() < end:
        start = time.perf_counter()
        step()
        best = min(best, time.perf_counter() - start)
    return 1000 * best, grown


def main(path: str) -> None:
    """Measure all points, print them, and draw them."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(13, 5.2), layout="constrained")
    axes = figure.subplots(2, len(CURVES))
    for column, (name, (what, values)) in enumerate(CURVES.items()):
        found = []
        for value in values:
            command = [sys.executable, __file__, name, str(value)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            found.append(json.loads(done.stdout))
            print(f"{name}, {what} {value}: {found[-1][0]:.2f} ms, {found[-1][1]:.0f} MB", flush=True)
        for row, unit in enumerate(("ms a step", "MB above model and data")):
            plot = axes[row][column]
            plot.plot(values, [p[row] for p in found], marker="o", markersize=3)
            plot.set_xlabel(what)
            plot.set_ylim(bottom=0)
            plot.grid(alpha=0.3)
            if row == 0:
                plot.set_title(name, fontsize=9)
            if column == 0:
                plot.set_ylabel(unit)
    figure.savefig(path, metadata={"Date": None} if path.endswith(".svg") else None)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(point(sys.argv[1], int(sys.argv[2]))))
    else:
        main(sys.argv[1])
