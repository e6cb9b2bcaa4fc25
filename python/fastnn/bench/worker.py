"""One contender in a process of its own: ``worker.py STEM ROW CONTENDER RESULT``, started by harness.py.

Prepares the contender, writes what its first calls return to the file RESULT (.npy), says "ready", and then
answers every line on stdin, a time in seconds, with the figure of one burst of about that length.
"""

from __future__ import annotations

import importlib
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

CHUNK = 1e-3  # seconds: shorter calls are timed several at a time, so that the clock costs nothing


def burst(run: Callable[[], Any], seconds: float) -> float:
    """Return the median time of one call of ``run``, called for about ``seconds``."""
    clock = time.perf_counter
    begin = clock()
    run()  # wakes threads and refills caches; counts only where there is no time for more
    once = clock() - begin
    if once >= seconds:
        return once
    count = max(1, int(CHUNK / once))
    samples = []
    while clock() - begin < seconds:
        start = clock()
        for _ in range(count):
            run()
        samples.append((clock() - start) / count)
    return statistics.median(samples)


def main() -> None:
    """Serve the harness on stdin and stdout."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what libraries print must not end up between the answers
    stem, name, contender, result_file = sys.argv[1:]
    # By the folder of this script: this interpreter may lack fastnn.
    row = importlib.import_module("rows").load(stem)[name]
    run = row.contenders[contender](*row.args)
    if row.unit is None:
        import numpy as np

        np.save(result_file, np.stack([np.array(run()) for _ in range(row.results)]))
    print("ready", file=answers)
    for line in sys.stdin:
        print(float(run()) if row.unit else burst(run, float(line)), file=answers)


if __name__ == "__main__":
    main()
