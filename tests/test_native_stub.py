"""The stubs say of every native function what the built module says: name, arguments, defaults, plain types."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from types import ModuleType

import pytest
from fastnn import _core

MODULES = {"native": _core.native, "_cpu": _core._cpu}
# pybind11 writes object where a binding takes an argument as it comes; a number is whatever converts to one.
PLAIN = {
    "bool": "bool",
    "str": "str",
    "int": "int",
    "None": "None",
    "typing.SupportsFloat | typing.SupportsIndex": "float",
    "typing.SupportsInt | typing.SupportsIndex": "int",
    "typing.SupportsFloat": "float",
    "typing.SupportsInt": "int",
}


def signature_of(function: ast.FunctionDef) -> tuple[list[str], list[str | None], list[str], str]:
    """Return names (* for those that only have a place), types, defaults and the type of the result."""
    a = function.args
    assert [a.vararg, a.kwarg, a.kwonlyargs] == [None, None, []]
    nameless = [arg.arg.removeprefix("arg").isdigit() for arg in a.args]
    names = ["*"] * len(a.posonlyargs) + [
        "*" if n else arg.arg for n, arg in zip(nameless, a.args, strict=True)
    ]
    types = [ast.unparse(arg.annotation) if arg.annotation else None for arg in (*a.posonlyargs, *a.args)]
    assert function.returns is not None
    return names, types, [ast.unparse(d) for d in a.defaults], ast.unparse(function.returns)


def in_stub(name: str) -> dict[str, ast.FunctionDef]:
    body = ast.parse(Path(inspect.getfile(_core)).with_name(f"{name}.pyi").read_text()).body
    return {node.name: node for node in body if isinstance(node, ast.FunctionDef)}


def functions_in_stub(name: str) -> list[str]:
    """Names of objects of the native type Function."""
    body = ast.parse(Path(inspect.getfile(_core)).with_name(f"{name}.pyi").read_text()).body
    return [
        ast.unparse(node.target)
        for node in body
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "Function"
    ]


def in_module(module: ModuleType) -> dict[str, ast.FunctionDef]:
    found = {}
    for name, function in inspect.getmembers(module, inspect.isroutine):
        if not name.startswith("_"):
            (node,) = ast.parse(f"def {function.__doc__.splitlines()[0]}: ...").body
            assert isinstance(node, ast.FunctionDef)
            found[name] = node
    return found


@pytest.mark.parametrize("module", MODULES)
def test_stub_names_every_function_and_no_other(module: str) -> None:
    assert sorted(in_stub(module)) == sorted(in_module(MODULES[module]))


def test_stub_names_every_native_function() -> None:
    native = _core.native
    present = [name for name, value in vars(native).items() if type(value) is native.Function]
    assert sorted(functions_in_stub("native")) == sorted(present)


@pytest.mark.parametrize("module", MODULES)
def test_signatures_agree(module: str) -> None:
    stub = in_stub(module)
    for name, node in in_module(MODULES[module]).items():
        names, types, defaults, result = signature_of(stub[name])
        its_names, its_types, its_defaults, its_result = signature_of(node)
        assert names == its_names, name
        assert defaults == its_defaults, name
        for kind, its_kind in zip([*types, result], [*its_types, its_result], strict=True):
            if its_kind in PLAIN:
                assert kind == PLAIN[its_kind], name
            elif its_kind in ("list", "dict", "tuple"):
                assert kind is not None
                assert kind.startswith(f"{its_kind}["), name
