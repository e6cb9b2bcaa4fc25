"""The program ``fastnn``: one module per command, each with ``add_arguments(parser)`` and ``run(args)``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from fastnn import __version__
from fastnn.cli import bench, info, train

_EXAMPLES = """\
examples:
  fastnn train                        learn the digits that ship with fastnn, in seconds
  fastnn train --dataset mnist        learn MNIST (11 MB, downloaded the first time)
  fastnn train --epochs 5 --seed 7 --output my.safetensors
  fastnn bench --only matmul          time fastnn beside the libraries that are installed
  fastnn info                         say what runs here, for instance in a bug report
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fastnn",
        description="Neural networks for NumPy users at native speed on the CPU.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--version", action="version", version=f"fastnn {__version__}", help="print the version and exit"
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    parser.set_defaults(run=lambda _: parser.print_help())
    for name, module in (("train", train), ("bench", bench), ("info", info)):
        summary = (module.__doc__ or "").splitlines()[0]
        command = commands.add_parser(name, help=summary, description=summary)
        module.add_arguments(command)
        command.set_defaults(run=module.run, parser=command)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that ``arguments`` (by default the program's) name, and return the exit status."""
    args = _parser().parse_args(arguments)
    try:
        status = args.run(args)
    except (OSError, ValueError) as error:  # their messages say what to do; a traceback would hide them
        print(f"fastnn: error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("fastnn: interrupted", file=sys.stderr)
        return 130
    return int(status or 0)
