"""Where data sets are kept, and how they get there: found in a folder, else downloaded, always checked."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from fastnn.datasets._idx import IdxFile
from fastnn.saving import atomic_write

_TIMEOUT = (10, 30)  # seconds to connect, and between two pieces of an answer


def data_home() -> Path:
    """Return the folder of the data sets: ``$FASTNN_DATA_HOME``, else the user's data folder for fastnn."""
    chosen = os.environ.get("FASTNN_DATA_HOME")
    if chosen:
        return Path(chosen).expanduser()
    import platformdirs  # comes with pooch

    return Path(platformdirs.user_data_dir("fastnn"))


def load(dataset: str, files: Sequence[IdxFile], mirrors: Sequence[str]) -> list[np.ndarray[Any, Any]]:
    """Return the arrays of a data set's files, downloading those that are not in the data folder."""
    home = data_home()
    arrays = []
    for file in files:
        places = [home / dataset / file.name, home / file.name]
        found = next((p for place in places for p in (place, Path(f"{place}.gz")) if p.is_file()), None)
        content = _read(found, file) if found else _download(dataset, file, mirrors, places[0], files)
        arrays.append(file.array(content))
    return arrays


def _read(path: Path, file: IdxFile) -> bytearray:
    with path.open("rb") as stream:
        try:
            return file.read(stream)
        except ValueError as error:
            raise ValueError(
                f"{path} {error}; it was not used: replace it, or delete it to download it again"
            ) from None


def _download(
    dataset: str, file: IdxFile, mirrors: Sequence[str], path: Path, files: Sequence[IdxFile]
) -> bytearray:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise type(error)(
            error.errno,
            f"{error.strerror} (folder for {dataset}; the variable FASTNN_DATA_HOME names another)",
            str(path.parent),
        ) from None
    from pooch import HTTPDownloader  # type: ignore[import-untyped]

    fetch = HTTPDownloader(progressbar=sys.stderr.isatty(), chunk_size=1 << 16, timeout=_TIMEOUT)
    reasons = []
    for mirror in mirrors:
        url = f"{mirror}{file.name}.gz"
        received = io.BytesIO()
        try:
            fetch(url, received, None)
            received.seek(0)
            content = file.read(received)
        except (OSError, ValueError) as error:  # all network errors are OSErrors; what came may be wrong
            reasons.append(f"{urlsplit(url).netloc}: {_reason(error)}")
        else:
            # Kept decompressed: the next load then takes a fifth of the time.
            atomic_write(path, content)
            return content
    names = ", ".join(f.name for f in files)
    raise ConnectionError(
        f"{dataset}: {file.name}.gz could not be downloaded ({'; '.join(reasons)}). Without a network, put "
        f"the files {names}, raw or with .gz, into {path.parent} or into a folder named by FASTNN_DATA_HOME"
    )


def _reason(error: Exception) -> str:
    response = getattr(error, "response", None)  # what the server said, where it said anything
    if response is not None:
        return f"HTTP status {response.status_code}"
    if isinstance(error, OSError):
        return f"no connection ({type(error).__name__})"
    return f"the file {error}, and was not used"
