"""Time fastnn side by side with the other libraries that are installed, and print a table."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import sys
from pathlib import Path

_EXPLAINED = """\
examples:
  fastnn bench                                    everything (some minutes)
  fastnn bench --only 'matmul|tiny'               rows whose name matches
  fastnn bench --libraries fastnn,numpy,torch     leave out the others
  fastnn bench --peers-python ~/peers/bin/python  PyTorch, JAX, ... live in another environment
  fastnn bench --json new.json && fastnn bench --compare old.json new.json

Every library that is not installed is left out and named. The column "ratio" tells how many times better than
the best peer fastnn is: above 1 it wins. "noise" is how far the median burst was above the calmest one, of
fastnn or of that peer: believe no difference smaller than that, and repeat. MNIST is read from
FASTNN_DATA_HOME/mnist; without it, made-up images of the same shape are used.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.epilog = _EXPLAINED
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
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
    parser.add_argument("--libraries", metavar="NAMES", help="only these, with commas")
    parser.add_argument("--threads", type=int, help="hold every contender to this many cores")
    parser.add_argument("--bursts", type=int, default=5, help="bursts of each contender (default 5)")
    parser.add_argument("--seconds", type=float, default=0.2, help="length of a burst (default 0.2)")
    parser.add_argument("--rest", type=float, default=0.1, help="least pause before a burst (default 0.1)")


def run(args: argparse.Namespace) -> int:
    """Time the chosen rows; the exit status is 1 where a contender failed or disagreed."""
    from fastnn.bench import harness, machine, rows, table

    if args.compare:
        table.compare(*map(harness.read, args.compare))
        return 0
    chosen = [
        (stem, row)
        for stem in rows.stems()
        for row in rows.load(stem).values()
        if re.search(args.only, f"{stem}/{row.name}")
    ]
    if args.list:
        print("\n".join(f"{stem}/{row.name}" for stem, row in chosen))
        return 0
    if not chosen:
        raise ValueError(f"no row matches {args.only!r}; --list prints them")
    if args.threads:
        harness.limit_threads(args.threads)
    wanted = args.libraries.split(",") if args.libraries else machine.LIBRARIES
    versions: dict[str, str] = {}
    pythons: dict[str, str] = {}
    for python in (args.peers_python, sys.executable):  # what both have is taken from this one
        found = machine.libraries(python)
        versions |= found
        pythons |= dict.fromkeys(found.keys() & set(wanted), python)
    head = machine.describe(versions)
    for key, value in head.items():
        print(f"{key:12} {value}")
    measured = []
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C: show what there is
        for number, (stem, row) in enumerate(chosen, 1):
            print(f"[{number}/{len(chosen)}] {stem}/{row.name}", file=sys.stderr)
            measured.append(harness.measure(stem, row, pythons, args.bursts, args.seconds, args.rest))
            if args.json:
                harness.save(args.json, head, measured)
    print()
    table.report(measured)
    return int(any(m.problems for m in measured))
