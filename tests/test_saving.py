"""The model file: what goes in comes out, nothing else is believed, and no failure costs the old file."""

from __future__ import annotations

import errno
import json
import os
import pickle
import stat
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastnn import saving

CONFIG = {"layers": [{"class": "Dense", "units": 3}], "rate": 0.1, "name": "größe", "none": None}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "model.safetensors"


def round_trip(path: Path, array: Any) -> np.ndarray:
    saving.save(path, {"a": array}, {})
    tensors, config = saving.load(path)
    assert list(tensors) == ["a"]
    assert config == {}
    return tensors["a"]


@pytest.mark.parametrize("dtype", ["float32", "float64", "int64", "int8", "uint16", "float16", "bool"])
def test_round_trip(path: Path, dtype: str) -> None:
    array = np.arange(6).reshape(2, 3).astype(dtype)
    saving.save(path, {"dense/kernel": array, "dense/bias": np.zeros(0, dtype)}, CONFIG)
    tensors, config = saving.load(path)
    assert config == CONFIG
    assert list(tensors) == ["dense/bias", "dense/kernel"]
    np.testing.assert_array_equal(tensors["dense/kernel"], array, strict=True)
    np.testing.assert_array_equal(tensors["dense/bias"], np.zeros(0, dtype), strict=True)
    tensors["dense/kernel"][0, 0] = 1  # the caller's own


def test_special_values_keep_their_bits(path: Path) -> None:
    array = np.array([np.nan, -np.nan, np.inf, -np.inf, -0.0, 5e-324])
    assert round_trip(path, array).tobytes() == array.tobytes()


BASE = np.arange(24.0).reshape(4, 6)
LAYOUTS = {
    "transposed": BASE.T,
    "fortran": np.asfortranarray(BASE),
    "step": BASE[::2, 1::3],
    "negative": BASE[::-1, ::-1],
    "zero-stride": np.broadcast_to(BASE[0], (3, 6)),
    "big-endian": BASE.astype(">f8"),
    "big-endian-transposed": BASE.astype(">i8").T,
    "misaligned": np.frombuffer(b"x" + BASE.tobytes(), np.uint8)[1:].view(np.float64),
    "0-d": np.array(3.5),
    "scalar": np.float32(2.5),
    "0-d-big-endian": np.array(3, ">i8"),
    "zero-size": np.zeros((3, 0, 2), "float32"),
}


@pytest.mark.parametrize("array", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_layouts_are_saved_by_value(path: Path, array: np.ndarray) -> None:
    loaded = round_trip(path, array)
    assert loaded.shape == array.shape
    assert loaded.dtype == array.dtype.newbyteorder("=")
    np.testing.assert_array_equal(loaded, array)


def test_equal_models_give_equal_bytes(path: Path) -> None:
    arrays = {name: np.full((2, 2), i) for i, name in enumerate("abcde")}
    saving.save(path, arrays, CONFIG)
    first = path.read_bytes()
    saving.save(path, dict(reversed(arrays.items())), dict(reversed(CONFIG.items())))
    assert path.read_bytes() == first


@pytest.mark.parametrize("name", ["größe 模型.safetensors", "x" * 255, "no-extension"])
@pytest.mark.parametrize("kind", [str, Path])
def test_paths(tmp_path: Path, name: str, kind: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    saving.save(kind(name), {"a": np.ones(2)}, CONFIG)
    assert saving.load(kind(tmp_path / name))[1] == CONFIG
    assert os.listdir(tmp_path) == [name]


def test_other_programs_read_the_arrays(path: Path) -> None:
    from safetensors.numpy import load_file

    saving.save(path, {"a": BASE.T}, CONFIG)
    np.testing.assert_array_equal(load_file(path)["a"], BASE.T)


@pytest.mark.parametrize("array", [np.zeros(2, complex), np.array(["text"]), np.array([None]), [1, "a"]])
def test_dtypes_that_cannot_be_saved(path: Path, array: Any) -> None:
    with pytest.raises(TypeError, match="'a' cannot be saved: its dtype is"):
        saving.save(path, {"a": array}, {})
    assert not path.exists()


@pytest.mark.parametrize("value", [object(), np.float32(1), {1, 2}, b"bytes", float("nan"), float("inf")])
def test_configurations_that_cannot_be_saved(path: Path, value: Any) -> None:
    saving.save(path, {}, CONFIG)
    with pytest.raises((TypeError, ValueError), match="JSON"):
        saving.save(path, {}, {"key": value})
    assert saving.load(path)[1] == CONFIG


def test_permissions_of_an_existing_file_are_kept(path: Path) -> None:
    saving.save(path, {}, {})
    path.chmod(0o640)
    saving.save(path, {}, CONFIG)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_permissions_of_a_new_file_follow_the_umask(path: Path) -> None:
    before = os.umask(0o027)
    try:
        saving.save(path, {}, {})
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_symbolic_link_stays_one(path: Path) -> None:
    target = path.with_name("target")
    path.symlink_to(target)
    saving.save(path, {}, CONFIG)
    saving.save(path, {}, CONFIG)
    assert path.is_symlink()
    assert saving.load(target)[1] == CONFIG


def test_folders_and_devices_are_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="Not a regular file"):
        saving.save(tmp_path, {}, {})
    if os.path.exists("/dev/null"):
        with pytest.raises(OSError, match="Not a regular file"):
            saving.save("/dev/null", {}, {})
        assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_missing_folder(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "model.safetensors"
    with pytest.raises(FileNotFoundError, match="nothing was written") as caught:
        saving.save(path, {}, {})
    assert caught.value.filename == str(path)


def fail(error: BaseException) -> Callable[..., None]:
    def function(*args: object) -> None:
        raise error

    return function


@pytest.mark.parametrize("call", ["fsync", "chmod", "replace"])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_failed_save_loses_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch, call: str, error: BaseException
) -> None:
    saving.save(path, {"a": np.ones(3)}, CONFIG)
    before = path.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail(error))
        with pytest.raises(type(error)) as caught:
            saving.save(path, {"a": np.zeros(3)}, {})
    if isinstance(error, OSError):
        assert caught.value.errno == errno.ENOSPC
        assert str(path) in str(caught.value)
        assert "existing file is unchanged" in str(caught.value)
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == [path.name]


def test_disk_that_fills_up(path: Path) -> None:
    pytest.importorskip("resource")
    saving.save(path, {"a": np.ones(3)}, CONFIG)
    before = path.read_bytes()
    program = """if True:
        import resource, sys
        import numpy as np
        from fastnn import saving
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            saving.save(sys.argv[1], {"a": np.zeros(100_000)}, {})
        except OSError as error:
            sys.exit(0 if "nothing was written" in str(error) else 2)
        sys.exit(1)
        """
    assert subprocess.run([sys.executable, "-c", program, path]).returncode == 0
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == [path.name]


def test_killed_while_saving(path: Path) -> None:
    """At whatever moment a process dies, one of the two whole files is there."""
    saving.save(path, {"a": np.zeros(100_000)}, {})
    program = """if True:
        import os, sys
        import numpy as np
        from fastnn import saving
        function = getattr(os, sys.argv[2])
        def die(*args):
            if sys.argv[3] == "after":
                function(*args)
            os._exit(9)
        setattr(os, sys.argv[2], die)
        saving.save(sys.argv[1], {"a": np.ones(100_000)}, {})
        """
    for call, moment, value in (("fsync", "before", 0), ("replace", "before", 0), ("replace", "after", 1)):
        assert subprocess.run([sys.executable, "-c", program, path, call, moment]).returncode == 9
        assert saving.load(path)[0]["a"].tolist() == [value] * 100_000


def test_missing_file(path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"model\.safetensors"):
        saving.load(path)


def test_folder_and_device_are_not_loaded(tmp_path: Path) -> None:
    for path in (tmp_path, "/dev/null"):
        with pytest.raises(ValueError, match=f"^{path} is not a file but a folder or device"):
            saving.load(path)


def file_bytes(header: Any, body: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def one_array(dtype: str = "F32", shape: Any = (1,), offsets: Any = (0, 4), **others: Any) -> bytes:
    entry = {"dtype": dtype, "shape": shape, "data_offsets": offsets}
    metadata = {"fastnn": json.dumps({"version": 1, "config": {}})}
    return file_bytes({"__metadata__": metadata, "a": entry, **others}, b"1234")


def with_config(text: str) -> bytes:
    return file_bytes({"__metadata__": {"fastnn": text}})


class Bomb:
    def __reduce__(self) -> tuple[Any, ...]:
        return (os.abort, ())


REFUSED = "Error while deserializing header"  # by safetensors, whose words change with its version
EMPTY = {"dtype": "F32", "shape": [0], "data_offsets": [4, 4]}
HOSTILE = {
    "empty": (b"", REFUSED),
    "short": (b"\x10\0\0", REFUSED),
    "huge-header": (struct.pack("<Q", 1 << 62) + b"{}", REFUSED),
    "header-beyond-the-end": (struct.pack("<Q", 90_000_000) + b"{}", REFUSED),
    "bad-json": (file_bytes(b"{nope"), REFUSED),
    "bad-utf8": (file_bytes(b'{"\xff":1}'), REFUSED),
    "list": (file_bytes([]), REFUSED),
    "pickle": (pickle.dumps(Bomb()), REFUSED),
    "pickle-with-a-small-header": (pickle.dumps([Bomb(), "x" * 100], 0), REFUSED),
    "npz": (b"PK\x03\x04" + bytes(100), REFUSED),
    "hdf5": (b"\x89HDF\r\n\x1a\n" + bytes(100), REFUSED),
    "overlap": (one_array(b={"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}), REFUSED),
    "offsets-beyond-the-end": (one_array(offsets=(0, 8), shape=(2,)), REFUSED),
    "offsets-reversed": (one_array(offsets=(4, 0)), REFUSED),
    "hole": (one_array(offsets=(2, 4), dtype="F16"), REFUSED),
    "shape-overflows": (one_array(shape=(1 << 40, 1 << 40)), REFUSED),
    "shape-negative": (one_array(shape=(-1,)), REFUSED),
    "shape-lies": (one_array(shape=(2,)), REFUSED),
    "shape-too-big-for-numpy": (one_array(b=dict(EMPTY, shape=[0, 1 << 62])), "big"),
    "too-many-dimensions": (one_array(shape=(1,) * 100), "dimension"),
    "dtype-unknown": (one_array(dtype="F33"), REFUSED),
    "dtype-of-others": (one_array(dtype="BF16", shape=(2,)), "dtype BF16, which NumPy does not have"),
    "no-metadata": (file_bytes({}), "not saved by fastnn"),
    "metadata-of-others": (file_bytes({"__metadata__": {"format": "pt"}}), "not saved by fastnn"),
    "metadata-not-text": (file_bytes({"__metadata__": {"fastnn": 3}}), REFUSED),
    "config-bad-json": (with_config("{"), "not valid JSON"),
    "config-nested": (with_config("[" * 10**6), "not valid JSON"),
    "config-not-a-dict": (with_config("[1]"), "version of the file format"),
    "config-inner-not-a-dict": (with_config('{"version": 1, "config": []}'), "must be a dict; received list"),
    "config-missing": (with_config('{"version": 1}'), "must be a dict; received NoneType"),
    "version-missing": (with_config('{"config": {}}'), "version of the file format"),
    "version-text": (with_config('{"version": "1", "config": {}}'), "version of the file format"),
    "version-true": (with_config('{"version": true, "config": {}}'), "version of the file format"),
    "version-zero": (with_config('{"version": 0, "config": {}}'), "version of the file format"),
    "version-of-the-future": (with_config('{"version": 2, "config": {}}'), "reads up to 1: upgrade fastnn"),
}


@pytest.mark.parametrize(("content", "message"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_files(path: Path, content: bytes, message: str) -> None:
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"^{path} cannot be loaded: .*{message}.*restore a copy"):
        saving.load(path)


def test_the_hostile_files_are_hostile_for_one_reason_only(path: Path) -> None:
    path.write_bytes(one_array(b=EMPTY))
    assert saving.load(path)[0]["a"].tobytes() == b"1234"


def test_every_truncation_is_noticed(path: Path) -> None:
    saving.save(path, {"a": np.arange(4.0), "b": np.ones(3, "float32")}, CONFIG)
    content = path.read_bytes()
    for length in range(len(content)):
        path.write_bytes(content[:length])
        with pytest.raises(ValueError, match="cannot be loaded"):
            saving.load(path)


def test_damaged_bytes_never_crash(path: Path) -> None:
    saving.save(path, {"a": np.arange(4.0), "b": np.ones(3, "float32")}, CONFIG)
    content = path.read_bytes()
    rng = np.random.default_rng(0)
    refused = 0
    for _ in range(300):
        damaged = bytearray(content)
        for position in rng.integers(0, len(content), rng.integers(1, 4)):
            damaged[position] = rng.integers(256)
        path.write_bytes(damaged)
        try:
            tensors, config = saving.load(path)
        except ValueError:
            refused += 1
        else:  # harmless damage: of a value, a name, or a setting
            assert isinstance(config, dict)
            assert all(isinstance(array, np.ndarray) for array in tensors.values())
    assert 0 < refused < 300
