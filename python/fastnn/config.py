"""What runs where: version, CPU level, threads, and how the native core was built."""

from __future__ import annotations

import operator
import os
import platform
from pathlib import Path
from typing import Any

import numpy as np

from fastnn._core import _cpu, built_isas, native


def get_num_threads() -> int:
    """Return how many threads the native kernels use.

    The default is the number of cores that this process may use (its affinity and its container's CPU
    quota), or ``OMP_NUM_THREADS`` where that is set.

    Examples
    --------
    >>> import fastnn
    >>> fastnn.get_num_threads() >= 1
    True
    """
    return int(native.get_num_threads())


def set_num_threads(n: int) -> None:
    """Let the native kernels use ``n`` threads. Results have the same bits at any number.

    Parameters
    ----------
    n : int
        1 to 1024.

    Raises
    ------
    TypeError, ValueError
        ``n`` is not an integer, or out of range.

    Examples
    --------
    >>> import fastnn
    >>> before = fastnn.get_num_threads()
    >>> fastnn.set_num_threads(1)
    >>> fastnn.get_num_threads()
    1
    >>> fastnn.set_num_threads(before)
    """
    native.set_num_threads(operator.index(n))


def config_dict() -> dict[str, Any]:
    """Return what `show_config` prints, by name.

    Returns
    -------
    dict
        ``fastnn``, ``python``, ``numpy``: versions. ``cpu_level``: the level of the loaded core ("v2" SSE4,
        "v3" AVX2, "v4" AVX-512, "base" on other processors), ``built_levels`` those of this installation,
        ``processor_level`` the best that this processor runs. ``threads`` in use, ``threading``: "OpenMP"
        or "none". ``compiler``, ``eigen``, ``sanitized``: the build. ``path`` of the package and its
        ``size`` on disk in bytes.

    Examples
    --------
    >>> from fastnn.config import config_dict
    >>> config_dict()["cpu_level"] in ("base", "v1", "v2", "v3", "v4")
    True
    """
    build = native.build_info()
    package = Path(__file__).parent
    return {
        "fastnn": build["version"],
        "cpu_level": build["isa"],
        "built_levels": list(built_isas),
        "processor_level": _cpu.level(),
        "threads": get_num_threads(),
        "threading": build["threading"],
        "compiler": build["compiler"],
        "eigen": build["eigen"],
        "sanitized": build["sanitized"],
        "python": platform.python_version(),
        "numpy": np.__version__,
        "path": str(package),
        "size": sum(f.stat().st_size for f in package.rglob("*") if f.is_file()),
    }


def show_config() -> None:
    """Print version, CPU level, threads and build options, as ``fastnn info`` does.

    Examples
    --------
    >>> import fastnn
    >>> fastnn.show_config()  # doctest: +SKIP
    fastnn     0.1.0
    CPU level  v4 (built: v2, v3, v4; this processor: v4)
    """
    c = config_dict()
    forced = ", forced by FASTNN_ISA" if os.environ.get("FASTNN_ISA") else ""
    lines = {
        "fastnn": c["fastnn"],
        "CPU level": f"{c['cpu_level']}{forced} (built: {', '.join(c['built_levels'])}; "
        f"this processor: {c['processor_level']})",
        "threads": f"{c['threads']} ({c['threading']})"
        if c["threading"] != "none"
        else "1 (built without OpenMP)",
        "compiler": c["compiler"] + (", with sanitizers" if c["sanitized"] else ""),
        "Eigen": c["eigen"],
        "Python": c["python"],
        "NumPy": c["numpy"],
        "package": f"{c['path']} ({c['size'] / 1e6:.1f} MB)",
    }
    for name, value in lines.items():
        print(f"{name:<10} {value}")
