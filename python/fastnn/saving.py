"""The file format of models: safetensors for the arrays, JSON in its metadata for the configuration.

Loading such a file runs no code. Writing is atomic: whatever goes wrong, an older file stays whole.
"""

from __future__ import annotations

import json
import os
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Path = str | os.PathLike[str]

_KEY = "fastnn"  # the metadata entry that holds the configuration
_VERSION = 1  # of the file format, raised when older versions of fastnn could not read what is written
_DTYPES = {
    "BOOL": "bool",
    "I8": "int8",
    "I16": "int16",
    "I32": "int32",
    "I64": "int64",
    "U8": "uint8",
    "U16": "uint16",
    "U32": "uint32",
    "U64": "uint64",
    "F16": "float16",
    "F32": "float32",
    "F64": "float64",
}


def save(path: Path, tensors: Mapping[str, Array], config: Mapping[str, Any]) -> None:
    """Save named arrays and a configuration in one file, replacing an older one atomically.

    Equal arrays and configurations give equal bytes.

    Parameters
    ----------
    path : str or path-like
        File to write; its folder must exist.
    tensors : mapping of str to ndarray
        Arrays of booleans, integers or floats up to 64 bits, in any layout and byte order.
    config : mapping of str
        What JSON can hold: None, bool, int, finite float, str, and lists and dicts of these.

    Raises
    ------
    TypeError, ValueError
        The configuration or an array's dtype cannot be stored; nothing is written.
    OSError
        The file cannot be written, for instance on a full disk; an older file stays as it was.

    Examples
    --------
    >>> import os, tempfile
    >>> from fastnn import saving
    >>> path = os.path.join(tempfile.mkdtemp(), "model.safetensors")
    >>> saving.save(path, {"kernel": np.ones((2, 3), "float32")}, {"units": 3})
    >>> tensors, config = saving.load(path)
    >>> tensors["kernel"].shape, config
    ((2, 3), {'units': 3})
    """
    from safetensors.numpy import save as serialize

    plain = {}
    for name in sorted(tensors):
        array = np.asarray(tensors[name])
        if array.dtype.name not in _DTYPES.values():
            raise TypeError(
                f"{name!r} cannot be saved: its dtype is {array.dtype}, which the format does not hold"
            )
        # safetensors takes memory as it lies: native byte order, rows one after another.
        plain[name] = np.asarray(array, array.dtype.newbyteorder("="), order="C")
    text = json.dumps({"config": dict(config), "version": _VERSION}, sort_keys=True, allow_nan=False)
    atomic_write(path, serialize(plain, {_KEY: text}))


def load(path: Path) -> tuple[dict[str, Array], dict[str, Any]]:
    """Read what `save` wrote, and run nothing that the file holds.

    Parameters
    ----------
    path : str or path-like
        File to read.

    Returns
    -------
    tensors : dict of str to ndarray
        The arrays by name, in the order of their names; the caller's own, writable.
    config : dict
        The configuration.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    ValueError
        It is not a file that `save` wrote, is damaged, or comes from a newer version of fastnn.
    """
    from safetensors import SafetensorError, safe_open

    path = os.fspath(path)
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise ValueError(f"{path} is not a file but a folder or device: give the path of a saved model")
    try:
        with safe_open(path, framework="np") as file:
            config = _read_config(file.metadata())
            tensors = {name: _read_tensor(file, name) for name in sorted(file.keys())}
    except (SafetensorError, ValueError) as error:
        raise ValueError(
            f"{path} cannot be loaded: {error}. If it is damaged, restore a copy or save the model again"
        ) from None
    return tensors, config


def _read_config(metadata: Mapping[str, str] | None) -> dict[str, Any]:
    if not metadata or _KEY not in metadata:
        raise ValueError(f"it holds no {_KEY!r} configuration, so it was not saved by fastnn")
    try:
        content = json.loads(metadata[_KEY])
    except (ValueError, RecursionError) as error:
        raise ValueError(f"its configuration is not valid JSON ({error})") from None
    version = content.get("version") if isinstance(content, dict) else None
    if type(version) is not int or version < 1:
        raise ValueError("its configuration does not tell the version of the file format")
    if version > _VERSION:
        raise ValueError(
            f"it has version {version} of the format, but this fastnn reads up to {_VERSION}: upgrade fastnn"
        )
    config = content.get("config")
    if not isinstance(config, dict):
        raise ValueError(f"its configuration must be a dict; received {type(config).__name__}")
    return config


def _read_tensor(file: Any, name: str) -> Array:
    dtype = file.get_slice(name).get_dtype()
    if dtype not in _DTYPES:
        raise ValueError(f"its array {name!r} has the dtype {dtype}, which NumPy does not have")
    array: Array = file.get_tensor(name)
    return array


def atomic_write(path: Path, data: bytes | bytearray) -> None:
    """Write a file so that at every moment there is the whole old one or the whole new one.

    The data goes into a new file in the same folder, reaches the disk, and then takes the old file's
    place. An existing file's permissions are kept; a symbolic link stays one, its target is replaced.

    Raises
    ------
    OSError
        Something failed, for instance for want of space; the old file is as it was, no other is left.
    """
    target = os.path.realpath(path)
    folder = os.path.dirname(target)
    temporary = os.path.join(folder, f".fastnn-{secrets.token_hex(8)}.tmp")
    try:
        mode = os.stat(target).st_mode if os.path.exists(target) else None
        if mode is not None and not stat.S_ISREG(mode):
            raise OSError(None, "Not a regular file")  # replacing /dev/null would take it from everybody
        try:
            with open(temporary, "xb") as file:
                file.write(data)
                file.flush()
                if mode is not None:
                    os.chmod(temporary, stat.S_IMODE(mode))
                os.fsync(file.fileno())
            os.replace(temporary, target)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(temporary)
    except OSError as error:
        raise OSError(
            error.errno,
            f"{error.strerror}; nothing was written, an existing file is unchanged",
            os.fspath(path),
        ) from error
    # The new name must reach the disk as well; some file systems cannot be asked for that.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
