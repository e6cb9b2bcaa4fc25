"""NumPy programs whose import was exchanged do what they did: fastnn.examples.numpy_*, with either import."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import fastnn.examples
import numpy as np
import pytest

FOLDER = Path(fastnn.examples.__path__[0])
OURS = "import fastnn.numpy as np\n"
SMALL: dict[str, dict[str, Any]] = {
    "numpy_two_layers": {"steps": 100},
    "numpy_logistic_regression": {"samples": 2000},
    "numpy_line_fit": {"steps": 3000},
    "numpy_kmeans": {"points": 2000, "steps": 5},
}


def test_all_programs_are_tested() -> None:
    assert {p.stem for p in FOLDER.glob("numpy_*.py")} == set(SMALL)


@pytest.mark.parametrize("name", SMALL)
def test_both_imports_give_the_same(name: str, tmp_path: Path) -> None:
    source = (FOLDER / f"{name}.py").read_text()
    assert source.count(OURS) == 1
    numpys = tmp_path / "numpys.py"
    numpys.write_text(source.replace(OURS, "import numpy as np\n"))
    got = runpy.run_path(str(FOLDER / f"{name}.py"))["main"](**SMALL[name])
    want = runpy.run_path(str(numpys))["main"](**SMALL[name])
    assert got.keys() == want.keys()
    for key, value in got.items():
        assert np.isclose(value, want[key], rtol=1e-6, atol=1e-9), key


def test_two_layers_learn() -> None:
    from fastnn.examples import numpy_two_layers

    result = numpy_two_layers.main()
    assert result["gradient_error"] < 1e-9
    assert result["accuracy"] > 0.9


def test_the_line_is_found() -> None:
    from fastnn.examples import numpy_line_fit

    result = numpy_line_fit.main(steps=20_000)
    assert abs(result["w"] - 2) < 0.05
    assert abs(result["b"] - 1) < 0.1
    assert 0.03 < result["loss"] < 0.06


def test_naive_loops_agree() -> None:
    from fastnn.examples import naive_loops

    for name, (difference, _) in naive_loops.main(rows=20, columns=30).items():
        assert difference < 1e-5, name
