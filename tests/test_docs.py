"""The examples in docstrings run and print what they say, and every op has one."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from types import ModuleType
from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import ops
from fastnn.autograd import registry

MODULES = ["fastnn"] + [
    m.name
    for m in pkgutil.walk_packages(fastnn.__path__, "fastnn.")
    if "._core." not in m.name and not m.name.endswith("__main__")
]


class Finder(doctest.DocTestFinder):
    """Tells what belongs to a module by its name: an op's code lies in autograd, its text does not."""

    def _from_module(self, module: ModuleType | None, object: Any) -> bool:
        if module is not None and hasattr(object, "rule"):
            return bool(object.__module__ == module.__name__)
        return bool(super()._from_module(module, object))  # type: ignore[misc]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)  # examples may write files
    module = importlib.import_module(name)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    report: list[str] = []
    for test in Finder(exclude_empty=True).find(module, name):
        with np.printoptions(legacy=False):
            runner.run(test, out=report.append)
    assert runner.failures == 0, "".join(report)


@pytest.mark.parametrize("name", sorted(registry))
def test_every_op_shows_an_example(name: str) -> None:
    op = getattr(ops, name)
    (found,) = Finder(recurse=False).find(op, name, module=importlib.import_module(op.__module__))
    assert found.examples, f"the docstring of ops.{name} has no example"
    for section in ("Parameters", "Returns", "Examples"):
        assert f"\n    {section}\n    ---" in f"\n{op.__doc__}", f"ops.{name}: no section {section}"
