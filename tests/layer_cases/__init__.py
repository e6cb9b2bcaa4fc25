"""The layer table: rows from which test_layer_cases.py and parity/test_keras_layer_cases.py make their tests.

Every stem has its rows in a file of its own, found by itself. A registered layer without a row fails the suite.
"""

from __future__ import annotations

import importlib
import pkgutil

from layer_cases.case import Case as Case

CASES: list[Case] = [
    case
    for module in pkgutil.iter_modules(__path__)
    if module.name != "case"
    for case in importlib.import_module(f"layer_cases.{module.name}").CASES
]
