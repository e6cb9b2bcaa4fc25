"""The examples in docstrings run and print what they say, and every op has one."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import fastnn
import numpy as np
import pytest
from fastnn import ops
from fastnn._core import native

MODULES = ["fastnn"] + [
    m.name
    for m in pkgutil.walk_packages(fastnn.__path__, "fastnn.")
    if "._core." not in m.name and not m.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)  # examples may write files
    module = importlib.import_module(name)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    report: list[str] = []
    for test in doctest.DocTestFinder().find(module, name):
        if isinstance(getattr(module, test.name.rpartition(".")[2], None), native.Function):
            continue  # NumPy's own examples
        with np.printoptions(legacy=False):
            runner.run(test, out=report.append)
    assert runner.failures == 0, "".join(report)


@pytest.mark.parametrize("name", [name for name, f in vars(ops).items() if callable(f)])
def test_every_op_shows_an_example(name: str) -> None:
    op = getattr(ops, name)
    (found,) = doctest.DocTestFinder(recurse=False).find(
        op, name, module=importlib.import_module(op.__module__)
    )
    assert found.examples, f"the docstring of ops.{name} has no example"
    for section in ("Parameters", "Returns", "Examples"):
        assert f"\n    {section}\n    ---" in f"\n{op.__doc__}", f"ops.{name}: no section {section}"
