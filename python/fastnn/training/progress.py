"""The progress bar."""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np

Logs = dict[str, float]
_REFRESH = 0.1  # seconds between two drawings: the bar must cost nothing


def format_logs(logs: Logs) -> str:
    """Return "accuracy: 0.9812 - loss: 0.0611"."""
    return " - ".join(f"{name}: {_number(value)}" for name, value in logs.items())


def _number(value: Any) -> str:
    if np.ndim(value):
        return str(np.round(value, 4))  # of a metric that gives one number for each class
    return f"{value:.4f}" if value == 0 or 1e-3 <= abs(value) < 1e5 else f"{value:.4e}"


class Progress:
    """Shows how far one epoch, evaluation or prediction has come.

    Parameters
    ----------
    steps : int or None
        None where nobody knows before the end.
    verbose : {0, 1, 2}
        Nothing; a bar (on a terminal; else as 2); one line at the end.
    title : str
        A line above the bar, e.g. ``"Epoch 1/5"``.
    """

    def __init__(self, steps: int | None, verbose: Any, title: str = "") -> None:
        self.title = title
        self.steps = steps
        self.line = verbose == 2 or (verbose and not sys.stdout.isatty())
        self.bar: Any = None
        self.done = 0
        self.start = self.drawn = time.perf_counter()
        if verbose and not self.line:
            from tqdm import tqdm

            if title:
                print(title, flush=True)
            self.bar = tqdm(
                total=steps,
                file=sys.stdout,
                mininterval=_REFRESH,
                dynamic_ncols=True,
                bar_format=("{n_fmt}/{total_fmt} |{bar:20}|" if steps else "{n_fmt}")
                + " {elapsed} {rate_fmt}{desc}",
                unit=" steps",
            )

    def step(self, logs: Any) -> None:
        """Count a step; ``logs()`` is asked for the numbers only when the bar is drawn."""
        self.done += 1
        if self.bar is not None:
            now = time.perf_counter()
            if now - self.drawn >= _REFRESH:
                self.drawn = now
                self._draw(logs())

    def _draw(self, logs: Logs) -> None:
        self.bar.set_description_str(f" - {format_logs(logs)}" if logs else "", refresh=False)
        self.bar.update(self.done - self.bar.n)

    def close(self, logs: Logs | None = None) -> None:
        """End the bar; ``logs`` are the final numbers, None where the work was broken off."""
        if self.bar is not None:
            if logs is not None:
                self._draw(logs)
                self.bar.refresh()
            self.bar.close()
            self.bar = None
        elif self.line and logs is not None:
            seconds = time.perf_counter() - self.start
            head = f"{self.title} - " if self.title else ""
            print(
                f"{head}{self.done}/{self.steps or self.done} - {seconds:.1f}s - {format_logs(logs)}",
                flush=True,
            )
