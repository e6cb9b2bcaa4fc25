"""Which build of the native core is loaded, and how a wish that cannot be met is refused."""

from __future__ import annotations

import pytest
from fastnn import _core

BUILD = _core.native.build_info()
LOADED = "from fastnn._core import native; print(native.build_info()['isa'])"
RUNNABLE = [level for level in _core.built_isas if level <= _core._cpu.level()]


@pytest.mark.parametrize(
    ("processor", "built", "chosen"),
    [
        ("v4", ["v2", "v3", "v4"], "v4"),
        ("v3", ["v2", "v3", "v4"], "v3"),
        ("v2", ["v2", "v3", "v4"], "v2"),
        ("v4", ["v2"], "v2"),
        ("base", ["base"], "base"),
    ],
)
@pytest.mark.parametrize("unset", [None, ""])
def test_best_level_is_chosen(processor: str, built: list[str], chosen: str, unset: str | None) -> None:
    assert _core._choose(processor, built, unset) == chosen


def test_forced_level_is_chosen() -> None:
    assert _core._choose("v4", ["v2", "v3", "v4"], "v3") == "v3"


@pytest.mark.parametrize(
    ("processor", "built", "forced", "message"),
    [
        ("v4", ["v2", "v3"], "avx2", r"'avx2' is not a CPU level: choose from v2, v3$"),
        ("v4", ["v2", "v3"], "V3", r"'V3' is not a CPU level"),
        ("v4", ["v2", "v3"], "v4", r"'v4' was not built: this installation holds v2, v3$"),
        ("v2", ["v2", "v3"], "v3", r"'v3' cannot run here: this processor has levels up to 'v2'"),
        (
            "v1",
            ["v2", "v3"],
            None,
            r"holds the CPU levels v2, v3, but .* up to 'v1'; build fastnn from source",
        ),
        ("v4", [], None, r"holds the CPU levels none"),
    ],
)
def test_what_cannot_be_loaded_is_refused(
    processor: str, built: list[str], forced: str | None, message: str
) -> None:
    with pytest.raises(ImportError, match=message):
        _core._choose(processor, built, forced)


@pytest.mark.parametrize("level", RUNNABLE)
def test_variable_forces_a_level(run_python, level: str) -> None:
    assert run_python(LOADED, FASTNN_ISA=level) == f"{level}\n"


def test_empty_variable_counts_as_unset(run_python) -> None:
    assert run_python(LOADED, FASTNN_ISA="") == f"{RUNNABLE[-1]}\n"


def test_unknown_level_fails_at_import(run_python) -> None:
    error = run_python("import fastnn._core", FASTNN_ISA="v9", fails=True)
    assert error.splitlines()[-1].startswith("ImportError: FASTNN_ISA='v9' is not a CPU level")


def test_module_loaded_is_the_one_described() -> None:
    import fastnn._core.native

    assert fastnn._core.native is _core.native
    assert _core.native.__name__ == f"fastnn._core._fastnn_{BUILD['isa']}"
