"""Times fastnn against the other libraries on this machine and prints a table.

::

    python bench/run.py                                   # everything
    python bench/run.py --only 'matmul|tiny'              # rows whose name matches
    python bench/run.py --libraries fastnn,numpy,torch    # leave out the others
    python bench/run.py --peers-python ~/peers/bin/python # PyTorch, JAX, ... live in another environment
    python bench/run.py --json new.json && python bench/run.py --compare old.json new.json

Every library that is not installed is left out and named. The column "ratio" tells how many times better
than the best peer fastnn is: above 1 it wins. "noise" is how far the median burst was above
the calmest one, of fastnn or of that peer: believe no difference smaller than that, and repeat.
MNIST is read from FASTNN_DATA_HOME/mnist; without it, made-up images of the same shape are used.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import sys
from pathlib import Path

import harness
import machine
import rows

_SCALES = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))


def show(figure: float | None, unit: str) -> str:
    """Return a figure in three digits with its unit; nothing for None."""
    if figure is None:
        return ""
    if unit != "s":
        return f"{figure:.0f} {unit}"
    scale, name = next((s for s in _SCALES if figure >= s[0]), _SCALES[-1])
    value = figure / scale
    return f"{value:.{0 if value >= 100 else 1 if value >= 10 else 2}f} {name}"


def print_table(head: list[str], lines: list[list[str]]) -> None:
    """Print lines under a head, the first column to the left and the others to the right."""
    widths = [max(map(len, column)) for column in zip(head, *lines, strict=True)]
    for line in (head, ["-" * width for width in widths], *lines):
        cells = [line[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(line[1:], widths[1:], strict=True))]
        print("  ".join(cells).rstrip())


def report(table: list[harness.Measured]) -> None:
    """Print a run: the figures, then what went wrong."""
    present = {contender for measured in table for contender in measured.bursts}
    known = [name for name in machine.LIBRARIES if name in present]
    columns = known + sorted(present.difference(known))
    lines = []
    for measured in table:
        ratio, best = measured.ratio(), measured.best_peer()
        lines.append(
            [
                measured.name,
                *(show(measured.figures.get(column), measured.unit) for column in columns),
                f"{ratio:.2f} x {best[0]}" if ratio and best else "",
                f"{measured.noise():.0%}",
            ]
        )
    print_table(["row", *columns, "ratio", "noise"], lines)
    for measured in table:
        for contender, problem in measured.problems.items():
            print(f"! {measured.name}: {contender}: {problem}")
    disturbed = sum(measured.disturbed for measured in table)
    bursts = sum(len(b) for measured in table for b in measured.bursts.values())
    if disturbed:
        print(f"! other programs kept the machine busy before {disturbed} of {bursts} bursts")


def compare(old: list[harness.Measured], new: list[harness.Measured]) -> None:
    """Print how the rows of two runs differ, by the ratio to the best peer in the same run."""
    before = {measured.name: measured for measured in old}
    lines = []
    for measured in new:
        if measured.name not in before:
            continue
        pair = (before[measured.name], measured)
        ratios = [m.ratio() for m in pair]
        change = f"{ratios[1] / ratios[0] - 1:+.0%}" if ratios[0] and ratios[1] else ""
        lines.append(
            [
                measured.name,
                *(show(m.figures.get("fastnn"), m.unit) for m in pair),
                *(f"{ratio:.2f}" if ratio else "" for ratio in ratios),
                change,
                f"{max(m.noise() for m in pair):.0%}",
            ]
        )
    print_table(["row", "old", "new", "old ratio", "new ratio", "change", "noise"], lines)


def main() -> int:
    """Run the command line; the exit code is 1 where a contender failed or disagreed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", metavar="PATTERN", default="", help="regular expression: rows to run")
    parser.add_argument("--list", action="store_true", help="print the names of the rows and stop")
    parser.add_argument("--json", metavar="FILE", type=Path, help="save the run")
    parser.add_argument("--compare", metavar=("OLD", "NEW"), nargs=2, type=Path, help="compare saved runs")
    parser.add_argument(
        "--peers-python",
        metavar="PATH",
        default=os.environ.get("FASTNN_PEERS_PYTHON", sys.executable),
        help="interpreter for the libraries that this one lacks (default: FASTNN_PEERS_PYTHON)",
    )
    parser.add_argument(
        "--libraries", metavar="NAMES", default=",".join(machine.LIBRARIES), help="only these, with commas"
    )
    parser.add_argument("--threads", type=int, help="hold every contender to this many cores")
    parser.add_argument("--bursts", type=int, default=7, help="bursts of each contender (default 7)")
    parser.add_argument("--seconds", type=float, default=0.2, help="length of a burst (default 0.2)")
    parser.add_argument(
        "--rest",
        type=float,
        default=0.1,
        help="least pause before a burst (default 0.1)",
    )
    options = parser.parse_args()
    if options.compare:
        compare(*map(harness.read, options.compare))
        return 0
    chosen = [
        (stem, row)
        for stem in rows.stems()
        for row in rows.load(stem).values()
        if re.search(options.only, f"{stem}/{row.name}")
    ]
    if options.list:
        print("\n".join(f"{stem}/{row.name}" for stem, row in chosen))
        return 0
    if not chosen:
        parser.error(f"no row matches {options.only!r}; --list prints them")
    if options.threads:
        harness.limit_threads(options.threads)
    versions: dict[str, str] = {}
    pythons: dict[str, str] = {}
    for python in (options.peers_python, sys.executable):  # what both have is taken from this one
        found = machine.libraries(python)
        versions |= found
        pythons |= dict.fromkeys(found.keys() & options.libraries.split(","), python)
    head = machine.describe(versions)
    for key, value in head.items():
        print(f"{key:12} {value}")
    table = []
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C: show what there is
        for number, (stem, row) in enumerate(chosen, 1):
            print(f"[{number}/{len(chosen)}] {stem}/{row.name}", file=sys.stderr)
            table.append(harness.measure(stem, row, pythons, options.bursts, options.seconds, options.rest))
    print()
    report(table)
    if options.json:
        harness.save(options.json, head, table)
    return int(any(measured.problems for measured in table))


if __name__ == "__main__":
    sys.exit(main())
