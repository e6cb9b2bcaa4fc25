"""Print version, CPU level, threads, build options and where fastnn is installed."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare nothing: the command takes no options."""


def run(args: argparse.Namespace) -> None:
    """Print the configuration."""
    from fastnn.config import show_config

    show_config()
