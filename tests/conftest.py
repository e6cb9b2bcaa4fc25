"""What all tests share: repeatable property tests, the thread count put back, Python in a fresh process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import fastnn
import pytest
from fastnn._core import native
from hypothesis import settings

settings.register_profile("fastnn", deadline=None, derandomize=True)
settings.load_profile("fastnn")


def pytest_report_header() -> str:
    build = native.build_info()
    return (
        f"fastnn {build['version']}, level {build['isa']}, threading {build['threading']} on "
        f"{native.get_num_threads()}, from {os.path.dirname(fastnn.__file__)}"
    )


@pytest.fixture(autouse=True)
def _thread_count_put_back() -> Iterator[None]:
    before = native.get_num_threads()
    yield
    native.set_num_threads(before)


@pytest.fixture
def run_python() -> Callable[..., str]:
    """Run a program in a fresh process and return what it prints; variables set to None are removed."""

    def run(program: str, *args: str, fails: bool = False, **variables: str | None) -> str:
        environment = dict(os.environ)
        for name in ("FASTNN_ISA", "OMP_NUM_THREADS", "OMP_WAIT_POLICY", "GOMP_SPINCOUNT"):
            environment.pop(name, None)
        environment.update({name: value for name, value in variables.items() if value is not None})
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", program, *args],
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,  # a hang, not a slow machine
        )
        assert (done.returncode != 0) == fails, f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stderr if fails else done.stdout

    return run
