"""Data sets: the bundled digits, and MNIST found, downloaded, and refused, from a server on this machine."""

from __future__ import annotations

import gzip
import hashlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from fastnn.datasets import _store, digits, mnist
from fastnn.datasets._idx import IdxFile

SHAPES = ((6, 4, 5), (6,), (3, 4, 5), (3,))
ARRAYS = [np.random.default_rng(i).integers(0, 256, shape, np.uint8) for i, shape in enumerate(SHAPES)]


def idx_bytes(array: np.ndarray) -> bytes:
    sizes = b"".join(n.to_bytes(4, "big") for n in array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes()


CONTENTS = {file.name: idx_bytes(array) for file, array in zip(mnist.FILES, ARRAYS, strict=True)}
FILES = tuple(
    IdxFile(file.name, array.shape, hashlib.sha256(CONTENTS[file.name]).hexdigest())
    for file, array in zip(mnist.FILES, ARRAYS, strict=True)
)
IMAGES = FILES[0].name


class Server(ThreadingHTTPServer):
    """Serves `bodies` by path; `lengths` announces another Content-Length; `silent` paths get no answer."""

    def __init__(self) -> None:
        self.bodies = {f"/{name}.gz": gzip.compress(body) for name, body in CONTENTS.items()}
        self.lengths: dict[str, int] = {}
        self.silent: set[str] = set()
        self.requested: list[str] = []
        self.closing = threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.requested.append(self.path)
        if self.path in self.server.silent:
            self.server.closing.wait(30)
            return
        body = self.server.bodies.get(self.path)
        if body is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(self.server.lengths.get(self.path, len(body))))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.closing.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder, and MNIST shrunk to a few images, without mirrors."""
    monkeypatch.setenv("FASTNN_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(mnist, "FILES", FILES)
    monkeypatch.setattr(mnist, "MIRRORS", ())
    return tmp_path / "data"


@pytest.fixture
def online(home: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(mnist, "MIRRORS", (server.url,))
    return home


def closed_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/"


def put(folder: Path, suffix: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in CONTENTS.items():
        (folder / f"{name}{suffix}").write_bytes(gzip.compress(body) if suffix == ".gz" else body)


def check_loaded() -> None:
    (x_train, y_train), (x_test, y_test) = mnist.load_data()
    for got, expected in zip((x_train, y_train, x_test, y_test), ARRAYS, strict=True):
        np.testing.assert_array_equal(got, expected)
        assert got.dtype == np.uint8
        assert got.flags.writeable


def test_digits() -> None:
    (x_train, y_train), (x_test, y_test) = digits.load_data()
    assert x_train.shape == (1437, 8, 8)
    assert x_test.shape == (360, 8, 8)
    assert x_train.dtype == y_train.dtype == x_test.dtype == y_test.dtype == np.uint8
    assert x_train.min() == x_test.min() == 0
    assert x_train.max() == x_test.max() == 16
    np.testing.assert_array_equal(np.bincount(y_test), [36, 36, 36, 36, 37, 36, 36, 36, 35, 36])
    # The split is part of what is promised: published accuracies refer to it.
    content = b"".join(a.tobytes() for a in (x_train, y_train, x_test, y_test))
    sha256 = hashlib.sha256(content).hexdigest()
    assert sha256 == "b086734a4c7e9fe9069104bd8f90442e31ebf255ae7dbec23a9030a760bdcc42"


def test_digits_are_those_of_scikit_learn() -> None:
    datasets = pytest.importorskip("sklearn.datasets")
    theirs = datasets.load_digits()
    (x_train, y_train), (x_test, y_test) = digits.load_data()
    test = np.sort(np.argsort(theirs.target, kind="stable")[::5])
    np.testing.assert_array_equal(x_test, theirs.images[test])
    np.testing.assert_array_equal(y_test, theirs.target[test])
    np.testing.assert_array_equal(x_train, np.delete(theirs.images, test, 0))
    np.testing.assert_array_equal(y_train, np.delete(theirs.target, test, 0))


def test_digits_belong_to_the_caller() -> None:
    (x_train, _), _ = digits.load_data()
    x_train[:] = 0
    assert digits.load_data()[0][0].max() == 16


def test_mnist_as_published() -> None:
    home = _store.data_home()
    if not list(home.glob(f"**/{IMAGES}*")):
        pytest.skip(f"MNIST is not in {home}")
    (x_train, y_train), (x_test, y_test) = mnist.load_data()
    assert x_train.shape == (60000, 28, 28)
    assert y_train.shape == (60000,)
    assert x_test.shape == (10000, 28, 28)
    assert y_test.shape == (10000,)
    assert y_train[:5].tolist() == [5, 0, 4, 1, 9]
    assert np.bincount(y_test).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


@pytest.mark.parametrize("folder", [".", "mnist"])
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_files_in_the_data_folder_are_used(home: Path, folder: str, suffix: str) -> None:
    put(home / folder, suffix)
    check_loaded()


def test_path_of_keras_is_accepted(home: Path) -> None:
    put(home)
    assert mnist.load_data(path="mnist.npz")[0][0].shape == SHAPES[0]


@pytest.mark.skipif(sys.platform != "linux", reason="the folder of Linux")
def test_default_folder_is_the_users_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("FASTNN_DATA_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert _store.data_home() == tmp_path / "fastnn"


def test_home_may_begin_with_a_tilde(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(home)
    monkeypatch.setenv("HOME", str(home.parent))
    monkeypatch.setenv("FASTNN_DATA_HOME", "~/data")
    check_loaded()


def test_download_is_kept(online: Path, server: Server) -> None:
    check_loaded()
    assert server.requested == [f"/{file.name}.gz" for file in FILES]
    assert {p.name: p.read_bytes() for p in (online / "mnist").iterdir()} == CONTENTS
    check_loaded()
    assert len(server.requested) == 4


def test_only_missing_files_are_downloaded(online: Path, server: Server) -> None:
    put(online, ".gz")
    (online / f"{IMAGES}.gz").unlink()
    check_loaded()
    assert server.requested == [f"/{IMAGES}.gz"]


def test_server_that_decompresses(online: Path, server: Server) -> None:
    server.bodies = {f"/{name}.gz": body for name, body in CONTENTS.items()}
    check_loaded()


def test_second_mirror(online: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mnist, "MIRRORS", (closed_port(), server.url + "nothing/", server.url))
    check_loaded()


WRONG_HASH = bytes([*CONTENTS[IMAGES][:-1], CONTENTS[IMAGES][-1] ^ 1])
BAD_CONTENTS = {
    "hash": (WRONG_HASH, "has the wrong content: SHA-256"),
    "gzipped-hash": (gzip.compress(WRONG_HASH), "has the wrong content: SHA-256"),
    "truncated-gzip": (gzip.compress(CONTENTS[IMAGES])[:-20], "is a truncated gzip file"),
    "corrupt-gzip": (gzip.compress(b"")[:10] + b"\xff" * 60, r"is a corrupt gzip file \(Error -3"),
    "gzip-checksum": (gzip.compress(CONTENTS[IMAGES])[:-8] + bytes(8), r"is a corrupt gzip file \(CRC"),
    "truncated": (CONTENTS[IMAGES][:-1], "is truncated: 135 of 136 bytes"),
    "truncated-header": (CONTENTS[IMAGES][:7], "is truncated: 7 of 136 bytes"),
    "empty": (b"", "is truncated: 0 of 136 bytes"),
    "too-long": (CONTENTS[IMAGES] + b"!", "is longer than the 136 bytes"),
    "bomb": (gzip.compress(CONTENTS[IMAGES] + bytes(10**7)), "is longer than the 136 bytes"),
    "magic": (b"<html>not here</html>", "it begins 0x3c68746d, not 0x00000803"),
    "labels": (CONTENTS[FILES[1].name], "it begins 0x00000801, not 0x00000803"),
    "shape": (CONTENTS[FILES[2].name], r"holds the shape \(3, 4, 5\), but train-images"),
}


@pytest.mark.parametrize(("body", "message"), BAD_CONTENTS.values(), ids=BAD_CONTENTS.keys())
def test_bad_file_in_the_folder(home: Path, body: bytes, message: str) -> None:
    put(home)
    bad = home / IMAGES
    bad.write_bytes(body)
    with pytest.raises(ValueError, match=f"^{bad} .*{message}.*; it was not used: replace it, or delete it"):
        mnist.load_data()
    assert bad.read_bytes() == body


@pytest.mark.parametrize(("body", "message"), BAD_CONTENTS.values(), ids=BAD_CONTENTS.keys())
def test_bad_download(online: Path, server: Server, body: bytes, message: str) -> None:
    server.bodies[f"/{IMAGES}.gz"] = body
    with pytest.raises(ConnectionError, match=f"127.0.0.1:[0-9]+: the file .*{message}.*, and was not used"):
        mnist.load_data()
    assert not list((online / "mnist").iterdir())


def test_bad_download_leaves_it_to_the_next_mirror(
    online: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.bodies[f"/old/{IMAGES}.gz"] = gzip.compress(WRONG_HASH)
    monkeypatch.setattr(mnist, "MIRRORS", (server.url + "old/", server.url))
    check_loaded()


def test_connection_that_breaks(online: Path, server: Server) -> None:
    server.bodies[f"/{IMAGES}.gz"] = gzip.compress(CONTENTS[IMAGES])[:50]
    server.lengths[f"/{IMAGES}.gz"] = 10**6
    with pytest.raises(ConnectionError, match=f"{IMAGES}.gz could not be downloaded"):
        mnist.load_data()
    assert not list((online / "mnist").iterdir())


def test_server_that_never_answers(online: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_store, "_TIMEOUT", (5, 0.2))
    server.silent.add(f"/{IMAGES}.gz")
    with pytest.raises(ConnectionError, match="ReadTimeout"):
        mnist.load_data()


def test_no_network(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mnist, "MIRRORS", (closed_port(), closed_port()))
    with pytest.raises(ConnectionError, match=r"no connection.*no connection") as caught:
        mnist.load_data()
    message = str(caught.value)
    assert all(file.name in message for file in FILES)
    assert str(home / "mnist") in message
    assert "FASTNN_DATA_HOME" in message


def test_missing_on_the_server(online: Path, server: Server) -> None:
    server.bodies.clear()
    with pytest.raises(ConnectionError, match=r"127.0.0.1:[0-9]+: HTTP status 404"):
        mnist.load_data()


def test_folder_that_cannot_be_made(online: Path, server: Server) -> None:
    online.write_text("a file where the folder should be")
    with pytest.raises(OSError, match="FASTNN_DATA_HOME names another"):
        mnist.load_data()
    assert not server.requested


def test_full_disk(online: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left on device") as caught:
        mnist.load_data()
    assert caught.value.filename == str(online / "mnist" / IMAGES)
    assert not list((online / "mnist").iterdir())


def test_processes_that_download_at_once(online: Path, server: Server) -> None:
    program = f"""if True:
        from fastnn.datasets import mnist
        from fastnn.datasets._idx import IdxFile
        mnist.FILES = {FILES!r}
        mnist.MIRRORS = ({server.url!r},)
        assert [a.sum() for pair in mnist.load_data() for a in pair] == {[int(a.sum()) for a in ARRAYS]}
        """
    processes = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert {p.name: p.read_bytes() for p in (online / "mnist").iterdir()} == CONTENTS


def test_imported_when_used() -> None:
    program = """if True:
        import sys
        import fastnn.datasets
        assert not [name for name in sys.modules if name.startswith("fastnn.datasets.")]
        assert dir(fastnn.datasets) == ["digits", "mnist"]
        fastnn.datasets.digits.load_data()
        assert not {"pooch", "requests", "safetensors", "tqdm"} & set(sys.modules)
        """
    subprocess.run([sys.executable, "-c", program], check=True)


def test_unknown_data_set() -> None:
    import fastnn.datasets

    with pytest.raises(AttributeError, match="has no attribute 'cifar10'"):
        _ = fastnn.datasets.cifar10
