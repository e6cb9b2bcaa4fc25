"""The op table: one row per case of an op, from which test_ops.py makes forward, gradient, layout and error tests.

Every stem has its rows in a file of its own, found by itself. A registered op without a row fails the suite.
"""

from __future__ import annotations

import importlib
import pkgutil

from op_cases.case import Case as Case

CASES: list[Case] = [
    case
    for module in pkgutil.iter_modules(__path__)
    if module.name != "case"
    for case in importlib.import_module(f"op_cases.{module.name}").CASES
]
