"""Loads the native core: the build for the best CPU level that this processor has.

``FASTNN_ISA=v2|v3|v4`` forces one level and fails clearly where it cannot run.
"""

import importlib
import os
import pkgutil
import sys
from typing import TYPE_CHECKING

from . import _cpu as _cpu

_LEVELS = ("base", "v1", "v2", "v3", "v4")  # "base": processors other than x86-64
_PREFIX = "_fastnn_"


def _choose(processor: str, built: list[str], forced: str | None) -> str:
    """Return the level to load, or raise ImportError saying what to do."""
    runnable = [level for level in built if _LEVELS.index(level) <= _LEVELS.index(processor)]
    if forced:
        if forced not in _LEVELS:
            raise ImportError(
                f"FASTNN_ISA={forced!r} is not a CPU level: choose from {', '.join(runnable) or processor}"
            )
        if forced not in built:
            raise ImportError(
                f"FASTNN_ISA={forced!r} was not built: this installation holds {', '.join(built)}"
            )
        if forced not in runnable:
            raise ImportError(
                f"FASTNN_ISA={forced!r} cannot run here: this processor has levels up to {processor!r}"
            )
        return forced
    if not runnable:
        raise ImportError(
            f"this installation of fastnn holds the CPU levels {', '.join(built) or 'none'}, "
            f"but this processor has levels up to {processor!r}; build fastnn from source on this machine"
        )
    return runnable[-1]


built_isas = sorted(
    (m.name[len(_PREFIX) :] for m in pkgutil.iter_modules(__path__) if m.name.startswith(_PREFIX)),
    key=_LEVELS.index,
)
if TYPE_CHECKING:
    from . import native as native
else:
    _level = _choose(_cpu.level(), built_isas, os.environ.get("FASTNN_ISA"))
    native = importlib.import_module(f"{__name__}.{_PREFIX}{_level}")
    sys.modules[f"{__name__}.native"] = native  # the name that native.pyi describes
