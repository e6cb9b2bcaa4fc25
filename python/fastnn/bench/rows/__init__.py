"""What is timed: every file here with ``ROWS`` is one table, ``memory.py`` giving the rows ``memory/...``.

A contender is named after its library, with a suffix where one library has two fair ways ("jax-scan").
Its setup function imports the library, prepares the data and returns the call that is timed; the
call returns only when its work is done. The modules themselves import nothing but NumPy: they are loaded by
interpreters that do not have the other libraries.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    name: str
    contenders: Mapping[str, Callable[..., Callable[[], Any]]]  # contender -> setup(*args) -> the call
    args: tuple[Any, ...] = ()
    rtol: float = 1e-5  # what the calls return must agree this closely
    atol: float = 1e-5
    results: int = 1  # how many calls' results are compared
    unit: str | None = None  # the call returns the figure itself, in this unit, and nothing is compared


def load(stem: str) -> dict[str, Row]:
    """Return the rows of one file by name."""
    return {row.name: row for row in importlib.import_module(f"{__name__}.{stem}").ROWS}


def stems() -> list[str]:
    """Return the names of the row files; those with an underscore hold what rows share."""
    return [m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_")]
