"""Times the contenders of a row side by side, so that a noisy machine is noisy for all of them.

Each contender runs in a process of its own: thread pools spin for a while after their work, and two of them
inside one process can slow each other many times. Short bursts are taken in turns with a rest between them,
and the calmest burst of each contender is compared.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from . import rows

HERE = Path(__file__).parent
PATIENCE = 10  # rests in a row while other programs keep the machine busy
TIMEOUT = 600.0  # seconds that a contender may take for its setup, or for one burst


_T = TypeVar("_T")


class ContenderError(Exception):
    """A contender could not be set up, or died."""


class Worker:
    """A contender's process."""

    def __init__(self, python: str, stem: str, row: str, contender: str, folder: Path) -> None:
        self.result_file = folder / f"{contender}.npy"
        self._errors_file = folder / f"{contender}.err"
        with self._errors_file.open("w") as errors:
            self._process = subprocess.Popen(
                [python, HERE / "worker.py", stem, row, contender, self.result_file],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                bufsize=0,  # so that select sees what has come
            )

    def answer(self) -> str:
        """Return the next line that the process writes."""
        assert self._process.stdout
        if not select.select([self._process.stdout], [], [], TIMEOUT)[0]:
            raise ContenderError(f"no answer in {TIMEOUT:g} s")
        line = self._process.stdout.readline().decode().strip()
        if not line:
            said = self._errors_file.read_text(errors="replace").strip().splitlines()
            raise ContenderError(said[-1] if said else f"exit code {self._process.wait()}")
        return line

    def burst(self, seconds: float) -> float:
        """Return the figure of one burst."""
        assert self._process.stdin
        with contextlib.suppress(BrokenPipeError):  # answer() says why the process died
            self._process.stdin.write(f"{seconds}\n".encode())
        return float(self.answer())

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


@dataclass
class Measured:
    """What came of one row."""

    name: str
    unit: str
    bursts: dict[str, list[float]]  # per contender
    problems: dict[str, str] = field(default_factory=dict)  # why one has no figure, or a wrong one
    disturbed: int = 0  # bursts that began while other programs kept the machine busy

    @property
    def figures(self) -> dict[str, float]:
        """The calmest burst of each contender."""
        return {contender: min(bursts) for contender, bursts in self.bursts.items()}

    def best_peer(self) -> tuple[str, float] | None:
        """Return the best contender that is not fastnn, and its figure."""
        peers = [(figure, name) for name, figure in self.figures.items() if name != "fastnn"]
        return min(peers)[::-1] if peers else None

    def ratio(self) -> float | None:
        """Return how many times better than the best peer fastnn is."""
        best = self.best_peer()
        return best[1] / self.figures["fastnn"] if best and "fastnn" in self.bursts else None

    def noise(self) -> float:
        """Return how far the median burst was above the calmest: fastnn's or the best peer's, the worse."""
        best = self.best_peer()
        compared = [self.bursts[c] for c in ("fastnn", best[0] if best else "") if c in self.bursts]
        return max((float(np.median(b)) / min(b) - 1 for b in compared), default=math.nan)


def disagreements(row: rows.Row, results: dict[str, np.ndarray]) -> dict[str, str]:
    """Return, for each contender whose results differ from the first one's, by how much."""
    problems: dict[str, str] = {}
    first, *others = results
    expected = results[first].astype(np.float64)
    for contender in others:
        got = results[contender].astype(np.float64)
        if got.shape != expected.shape:
            problems[contender] = f"result has shape {got.shape}; {first}'s has {expected.shape}"
        elif not np.allclose(got, expected, row.rtol, row.atol):
            worst = np.abs(got - expected).max()
            problems[contender] = f"result differs from {first}'s by up to {worst:.3g}"
    return problems


def _busy() -> float:
    """Return the seconds that all cores have worked since the start, 0 where the system does not tell."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return 0.0
    user, nice, system = map(int, stat.read_text().split(maxsplit=4)[1:4])
    return (user + nice + system) / os.sysconf("SC_CLK_TCK")


def rest(pause: float) -> bool:
    """Sleep for ``pause`` seconds, again while the machine is busy; return whether it was calm at last."""
    for _ in range(PATIENCE):
        before = _busy()
        time.sleep(pause)
        if _busy() - before <= 0.2 * pause:
            return True
    return False


def measure(
    stem: str, row: rows.Row, pythons: dict[str, str], bursts: int, seconds: float, pause: float
) -> Measured:
    """Time the contenders of one row whose library has an interpreter in ``pythons``."""
    contenders = [c for c in row.contenders if c.split("-")[0] in pythons]
    measured = Measured(f"{stem}/{row.name}", row.unit or "s", {})

    def attempt(contender: str, ask: Callable[[], _T]) -> _T | None:
        try:
            return ask()
        except ContenderError as error:
            measured.bursts.pop(contender, None)
            measured.problems[contender] = str(error)
            return None

    with tempfile.TemporaryDirectory() as folder:
        workers = {c: Worker(pythons[c.split("-")[0]], stem, row.name, c, Path(folder)) for c in contenders}
        try:
            for contender in contenders:
                if attempt(contender, workers[contender].answer):
                    measured.bursts[contender] = []
            if row.unit is None and measured.bursts:
                results = {c: np.load(workers[c].result_file) for c in measured.bursts}
                measured.problems |= disagreements(row, results)
            for _ in range(bursts):
                for contender in list(measured.bursts):
                    measured.disturbed += not rest(pause)
                    figure = attempt(contender, partial(workers[contender].burst, seconds))
                    if figure is not None:
                        measured.bursts[contender].append(figure)
        finally:
            for worker in workers.values():
                worker.close()
    return measured


def save(file: Path, machine: dict[str, str], table: list[Measured]) -> None:
    """Write a run as JSON."""
    run = {"machine": machine, "rows": [asdict(measured) for measured in table]}
    file.write_text(json.dumps(run, indent=1) + "\n")


def read(file: Path) -> list[Measured]:
    """Return the rows of a run that was saved."""
    return [Measured(**row) for row in json.loads(file.read_text())["rows"]]


def limit_threads(threads: int) -> None:
    """Hold this process and those it starts to ``threads`` cores, for every library's own thread pool."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    elif threads:
        sys.exit("--threads needs a system where a process can be held to some cores (Linux)")
    for variable in ("OMP", "OPENBLAS", "MKL", "NUMEXPR"):
        os.environ[f"{variable}_NUM_THREADS"] = str(threads)
