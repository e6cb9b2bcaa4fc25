"""What the figures were measured on: the processor, and the version of every library."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from pathlib import Path

LIBRARIES = ("fastnn", "numpy", "numexpr", "onnxruntime", "torch", "jax", "tensorflow", "keras")

# Says which libraries an interpreter has without importing them; fastnn alone is asked for its CPU level.
_ASK = f"""
import importlib.metadata as metadata, importlib.util, json
found = {{}}
for name in {LIBRARIES}:
    if importlib.util.find_spec(name):
        names = metadata.packages_distributions().get(name, [])
        found[name] = metadata.version(names[0]) if names else "from source"
if "fastnn" in found:
    from fastnn._core import native
    info = native.build_info()
    found["fastnn"] = ", ".join(str(info[key]) for key in ("version", "isa", "compiler", "threading"))
print(json.dumps(found))
"""


def libraries(python: str) -> dict[str, str]:
    """Return the version of every library that an interpreter has."""
    done = subprocess.run([python, "-c", _ASK], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"cannot ask {python} for its libraries:\n{done.stderr}")
    return dict(json.loads(done.stdout))


def processor() -> str:
    """Return the processor's name."""
    cpuinfo = Path("/proc/cpuinfo")
    for line in cpuinfo.read_text().splitlines() if cpuinfo.exists() else []:
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def describe(versions: dict[str, str]) -> dict[str, str]:
    """Return the lines that head a table."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    missing = [name for name in LIBRARIES if name not in versions]
    return {
        "processor": f"{processor()}, {cores} cores, {platform.system()} {platform.machine()}",
        **versions,
        "missing": ", ".join(missing) or "nothing",
    }
