"""Loads the native core: the build for the best CPU level that this processor has.

``FASTNN_ISA=v2|v3|v4`` forces one level and fails clearly where it cannot run.
"""

import importlib
import os
import pkgutil
import sys

from . import _cpu

_ORDER = ("base", "v1", "v2", "v3", "v4")


def _choose(processor: str, built: list[str], forced: str | None) -> str:
    """Return the level to load, or raise ImportError saying what to do."""
    runnable = [level for level in built if _ORDER.index(level) <= _ORDER.index(processor)]
    if forced:
        if forced not in built:
            raise ImportError(f"FASTNN_ISA={forced!r}: this installation holds {', '.join(built)}")
        if forced not in runnable:
            raise ImportError(f"FASTNN_ISA={forced!r}: this processor runs levels up to {processor!r}")
        return forced
    if not runnable:
        raise ImportError(
            f"this installation of fastnn holds the CPU levels {', '.join(built)}, "
            f"but this processor runs levels up to {processor!r}; build fastnn from source on this machine"
        )
    return runnable[-1]


_prefix = "_fastnn_"
built_isas = sorted(
    (m.name[len(_prefix) :] for m in pkgutil.iter_modules(__path__) if m.name.startswith(_prefix)),
    key=_ORDER.index,
)
native = importlib.import_module(
    f".{_prefix}{_choose(_cpu.level(), built_isas, os.environ.get('FASTNN_ISA'))}", __name__
)
sys.modules[f"{__name__}.native"] = native  # the name that native.pyi describes
