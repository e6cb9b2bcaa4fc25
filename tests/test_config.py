"""Threads, and what is told about the installation."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import config
from fastnn._core import native


@pytest.fixture(autouse=True)
def _threads() -> Iterator[None]:
    before = config.get_num_threads()
    yield
    config.set_num_threads(before)


def test_threads_are_set() -> None:
    for n in (1, 3, np.int64(2)):
        config.set_num_threads(n)
        assert config.get_num_threads() == n


@pytest.mark.parametrize("n", [-1, 0, 1025])
def test_threads_out_of_range(n: int) -> None:
    with pytest.raises(ValueError, match=f"must be 1 to 1024; received {n}$"):
        config.set_num_threads(n)


@pytest.mark.parametrize("n", [2.0, "2", None])
def test_threads_must_be_an_integer(n: Any) -> None:
    with pytest.raises(TypeError, match="integer"):
        config.set_num_threads(n)


def test_config_dict() -> None:
    c = config.config_dict()
    assert c["cpu_level"] in c["built_levels"]
    assert c["threads"] == config.get_num_threads()
    assert c["threading"] in ("OpenMP", "none")
    assert c["numpy"] == np.__version__
    assert Path(c["path"]) == Path(fastnn.__file__).parent
    assert c["size"] == sum(
        p.stat().st_size for p in Path(fastnn.__file__).parent.glob("**/*") if p.is_file()
    )
    if not c["sanitized"]:  # whose debug information alone is larger
        assert 10**5 < c["size"] < 10**8


def test_show_config(capsys: pytest.CaptureFixture[str]) -> None:
    config.show_config()
    output = capsys.readouterr().out
    for value in ("fastnn", "CPU level", "threads", "compiler", "Eigen", "Python", "NumPy", "package"):
        assert f"\n{value} " in f"\n{output}"


def run(program: str, **environment: str) -> str:
    result = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout


def test_forced_level_is_told() -> None:
    level = config.config_dict()["built_levels"][0]
    output = run("from fastnn import config; config.show_config()", FASTNN_ISA=level)
    assert f"CPU level  {level}, forced by FASTNN_ISA" in output


@pytest.mark.skipif(native.build_info()["threading"] == "none", reason="built without OpenMP")
def test_omp_num_threads() -> None:
    program = "from fastnn import config; print(config.get_num_threads())"
    assert run(program, OMP_NUM_THREADS="3") == "3\n"
    assert run(program, OMP_NUM_THREADS="2,1") == "2\n"
    assert run(program, OMP_NUM_THREADS="100000") == "1024\n"


def test_importing_fastnn_imports_nothing_optional() -> None:
    program = """if True:
        import sys
        import numpy
        before = set(sys.modules)
        import fastnn
        print(*sorted({"argparse", "pooch", "requests", "safetensors", "tqdm"} & (set(sys.modules) - before)))
        """
    assert run(program) == "\n"
