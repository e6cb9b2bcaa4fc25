"""The logic of the benchmark: nothing here depends on how long anything takes."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys

import numpy as np
import pytest
from fastnn.bench import harness, machine, rows, table, worker
from fastnn.bench.rows import _data
from fastnn.cli import main


@pytest.fixture
def row():
    return rows.load("matmul")["64x64x64"]


def measured(**bursts):
    return harness.Measured("table/row", "s", {name.replace("_", "-"): b for name, b in bursts.items()})


class Clock:
    """A clock that stands still but for the durations of the calls, taken in turn (the last one for ever)."""

    def __init__(self, *durations):
        self.now = 0.0
        self.durations = list(durations)
        self.calls = 0

    def perf_counter(self):
        return self.now

    def call(self):
        self.calls += 1
        self.now += self.durations[min(self.calls, len(self.durations)) - 1]


@pytest.mark.parametrize(
    ("durations", "expected"),
    [
        ((2.0,), 2.0),  # longer than the burst: called once
        ((0.5, 0.01, 0.01, 0.3, 0.01), 0.01),  # a slow first call and one disturbance
        ((1e-6,), 1e-6),  # timed a thousand at a time
    ],
)
def test_burst_is_the_median_call(monkeypatch, durations, expected):
    clock = Clock(*durations)
    monkeypatch.setattr(worker, "time", clock)
    assert worker.burst(clock.call, 1.0) == pytest.approx(expected)
    assert (clock.calls == 1) == (expected > 1.0)
    assert clock.now <= 2.0


def test_calmest_bursts_are_compared():
    m = measured(fastnn=[3.0, 1.0, 2.0], torch=[9.0, 4.0, 4.0], jax_scan=[8.0, 3.0, 90.0])
    assert m.figures == {"fastnn": 1.0, "torch": 4.0, "jax-scan": 3.0}
    assert m.best_peer() == ("jax-scan", 3.0)
    assert m.ratio() == 3.0
    assert m.noise() == pytest.approx(8 / 3 - 1)


@pytest.mark.parametrize("m", [measured(), measured(fastnn=[1.0]), measured(numpy=[1.0])])
def test_no_ratio_without_two_contenders(m):
    assert m.ratio() is None


def test_disagreeing_contenders_are_named():
    row = rows.Row("r", {}, rtol=1e-3, atol=0)
    one = np.ones((2, 2), np.float32)
    results = {"a": one, "b": one + 5e-4, "c": one + 2e-3, "d": one[:1], "e": one * np.nan}
    problems = harness.disagreements(row, results)
    assert list(problems) == ["c", "d", "e"]
    assert problems["c"] == "result differs from a's by up to 0.002"
    assert "shape (1, 2)" in problems["d"]


def test_contenders_run_in_processes_and_agree(row):
    pythons = dict.fromkeys(("fastnn", "numpy"), sys.executable)
    m = harness.measure("matmul", row, pythons, bursts=2, seconds=0.0, pause=0.0)
    assert m.problems == {}
    assert {name: len(bursts) for name, bursts in m.bursts.items()} == {"numpy": 2, "fastnn": 2}


def test_contender_that_fails_is_reported_and_left_out(row):
    unknown = rows.Row(row.name, {"numpy": row.contenders["numpy"], "numpy-unknown": row.contenders["numpy"]})
    m = harness.measure("matmul", unknown, {"numpy": sys.executable}, bursts=1, seconds=0.0, pause=0.0)
    assert m.problems == {"numpy-unknown": "KeyError: 'numpy-unknown'"}
    assert list(m.bursts) == ["numpy"]


@pytest.mark.parametrize("load", [0.0, 1.0])
def test_rest_waits_for_a_calm_machine(monkeypatch, load):
    slept = []
    monkeypatch.setattr(harness.time, "sleep", slept.append)
    monkeypatch.setattr(harness, "_busy", lambda: load * sum(slept))
    assert harness.rest(0.1) == (load == 0)
    assert len(slept) == (1 if load == 0 else harness.PATIENCE)


def test_row_names_are_unique_and_fastnn_is_in_every_row():
    for stem in rows.stems():
        found = rows.load(stem)
        assert len(found) == len(importlib.import_module(f"fastnn.bench.rows.{stem}").ROWS)
        assert all("fastnn" in row.contenders and len(row.contenders) > 1 for row in found.values())


def test_mnist_stand_in_has_the_shape_of_mnist(monkeypatch, tmp_path):
    monkeypatch.setenv("FASTNN_DATA_HOME", str(tmp_path))
    x, y = _data.mnist()
    assert (x.shape, x.dtype, y.shape, y.dtype) == ((60000, 784), np.float32, (60000,), np.int64)
    assert 0 <= x.min() < x.max() <= 1
    assert set(y) == set(range(10))


@pytest.mark.parametrize(
    ("figure", "unit", "text"),
    [
        (None, "s", ""),
        (2.345, "s", "2.35 s"),
        (0.0123, "s", "12.3 ms"),
        (123.4e-6, "s", "123 µs"),
        (2e-8, "s", "0.02 µs"),
        (512.3, "MB", "512 MB"),
    ],
)
def test_figures_are_shown_in_three_digits(figure, unit, text):
    assert table.show(figure, unit) == text


def test_report_shows_figures_ratio_and_problems(capsys):
    m = measured(fastnn=[1e-3], numpy=[2e-3], jax_scan=[3e-3])
    m.problems["torch"] = "No module named 'torch'"
    m.disturbed = 2
    table.report([m])
    head, _, line, problem, busy = capsys.readouterr().out.splitlines()
    assert busy == "! other programs kept the machine busy before 2 of 3 bursts"
    assert head.split() == ["row", "fastnn", "numpy", "jax-scan", "ratio", "noise"]
    assert line.split() == [
        "table/row",
        *["1.00", "ms", "2.00", "ms", "3.00", "ms", "2.00", "x", "numpy", "0%"],
    ]
    assert problem == "! table/row: torch: No module named 'torch'"


def test_compare_uses_ratios_of_the_same_run(capsys, tmp_path):
    old, new = measured(fastnn=[1.0], numpy=[1.0]), measured(fastnn=[3.0], numpy=[6.0])
    for name, m in (("old", old), ("new", new)):
        harness.save(tmp_path / name, {"processor": "p"}, [m])
    table.compare(harness.read(tmp_path / "old"), harness.read(tmp_path / "new"))
    line = capsys.readouterr().out.splitlines()[-1]
    assert " ".join(line.split()) == "table/row 1.00 s 3.00 s 1.00 2.00 +100% 0%"


def test_libraries_of_an_interpreter():
    found = machine.libraries(sys.executable)
    assert found["numpy"] == np.__version__
    assert "keras" in machine.describe({"numpy": "2.0"})["missing"]


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="--threads needs Linux")
def test_command_line(tmp_path):
    file = tmp_path / "run.json"
    command = [
        sys.executable,
        "-m",
        "fastnn",
        "bench",
        "--only",
        "64x64x64$",
        "--threads",
        "1",
        "--bursts",
        "1",
    ]
    command += ["--seconds", "0", "--rest", "0", "--peers-python", sys.executable, "--json", file]
    command += ["--libraries", "fastnn,numpy"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    saved = json.loads(file.read_text())
    assert "1 cores" in saved["machine"]["processor"]
    assert [r["name"] for r in saved["rows"]] == ["matmul/64x64x64"]
    assert set(saved["rows"][0]["bursts"]) == {"fastnn", "numpy"}
    assert "matmul/64x64x64" in done.stdout
    assert done.returncode == 0


def test_pattern_that_matches_nothing_is_an_error(capsys):
    assert main(["bench", "--only", "no such row"]) == 1
    assert "no row matches 'no such row'" in capsys.readouterr().err


def test_rows_are_listed(capsys):
    assert main(["bench", "--list", "--only", "64x64"]) == 0
    assert "matmul/64x64x64" in capsys.readouterr().out.splitlines()
