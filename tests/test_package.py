"""What is installed: all that is needed, nothing else, and small."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, PackagePath, distribution, metadata, version
from pathlib import Path

import fastnn
import pytest
from fastnn import _core


@pytest.fixture
def installed() -> list[PackagePath]:
    try:
        here = distribution("fastnn")
    except PackageNotFoundError:
        pytest.skip("fastnn is not installed: these tests run on a source tree")
    if Path(str(here.locate_file("fastnn/__init__.py"))).resolve() != Path(fastnn.__file__).resolve():
        pytest.skip("these tests run on a source tree, not on what is installed")
    return [f for f in here.files or [] if "__pycache__" not in f.parts]


def test_types_and_stubs_are_there(installed: list[PackagePath]) -> None:
    names = {str(f) for f in installed}
    assert {"fastnn/py.typed", "fastnn/_core/native.pyi", "fastnn/_core/_cpu.pyi"} <= names


def test_nothing_else_is_there(installed: list[PackagePath]) -> None:
    kinds = {f.suffix for f in installed if f.parts[0] == "fastnn"}
    assert kinds <= {".py", ".pyi", ".typed", ".so", ".npz", ".txt"}
    tops = {f.parts[0] for f in installed if f.parts[0] != ".."}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"fastnn"}
    built = {f.name.split(".")[0] for f in installed if f.suffix == ".so"}
    assert built == {"_cpu", *(f"_fastnn_{level}" for level in _core.built_isas)}


def test_it_is_small(installed: list[PackagePath]) -> None:
    inside = [f for f in installed if f.parts[0] != ".."]  # the script lies where the installer puts scripts
    sizes = {str(f): Path(str(f.locate())).stat().st_size for f in inside}
    assert sum(sizes.values()) <= 13_000_000, sizes  # the aim is 10: see the README's figures


def test_version_is_one(installed: list[PackagePath]) -> None:
    assert version("fastnn") == fastnn.__version__ == _core.native.build_info()["version"]


def test_what_it_needs_is_named(installed: list[PackagePath]) -> None:
    needed = [r for r in metadata("fastnn").get_all("Requires-Dist") or [] if "extra ==" not in r]
    assert sorted(r.split(">=")[0].strip() for r in needed) == ["numpy", "pooch", "safetensors", "tqdm"]
