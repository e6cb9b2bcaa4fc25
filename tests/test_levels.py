"""The op suite on every CPU level of this installation that this processor runs, in a process of its own each.

The level that is loaded here is tested by the suite itself.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fastnn import _core
from fastnn._core import native

ORDER = ("base", "v1", "v2", "v3", "v4")
LEVELS = [level for level in _core.built_isas if ORDER.index(level) <= ORDER.index(_core._cpu.level())]
SMOKE = """
import numpy as np
from fastnn import ops
from fastnn._core import native
print(native.build_info()["isa"])
x = np.random.default_rng(0).standard_normal((37, 41))
for dtype in (np.float32, np.float64):
    a = x.astype(dtype)
    eps = np.finfo(dtype).eps
    for got, want in [
        (ops.tanh(a), np.tanh(a)),
        (ops.sigmoid(a), 1 / (1 + np.exp(-a.astype(np.float64)))),
        (ops.add(a, a[0]), a + a[0]),
        (ops.divide(a, a.T[:, :1].T), a / a.T[:, :1].T),
        (ops.mean(a, axis=0), a.mean(axis=0, dtype=np.float64)),
        (ops.matmul(a.T, a), a.T.astype(np.float64) @ a),
    ]:
        assert got.dtype == dtype
        np.testing.assert_allclose(got, want, rtol=64 * eps, atol=64 * eps)
"""


@pytest.mark.parametrize("level", LEVELS)
def test_smoke(level: str, run_python: Callable[..., str]) -> None:
    assert run_python(SMOKE, FASTNN_ISA=level) == f"{level}\n"


@pytest.mark.slow
@pytest.mark.parametrize("level", [level for level in LEVELS if level != native.build_info()["isa"]])
def test_op_suite(level: str) -> None:
    here = Path(__file__).parent
    suite = [here / f"test_{name}.py" for name in ("ops", "elementwise", "reductions", "threads")]
    done = subprocess.run(
        # Second derivatives are made of ops whose every level is tested by the others.
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "not second", *suite],
        cwd=here.parent,
        env={**os.environ, "FASTNN_ISA": level},
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
