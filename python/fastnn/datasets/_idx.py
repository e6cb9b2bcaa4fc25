"""IDX files, the format of MNIST: four bytes of magic, big-endian sizes, then the values row by row.

Source of the format: Y. LeCun, C. Cortes, C. Burges, The MNIST database, http://yann.lecun.com/exdb/mnist/.
"""

from __future__ import annotations

import gzip
import hashlib
import math
import zlib
from dataclasses import dataclass
from io import BufferedIOBase
from typing import Any

import numpy as np

_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True)
class IdxFile:
    """One published file of unsigned bytes: its name, the shape it holds, and the hash of its content."""

    name: str
    shape: tuple[int, ...]
    sha256: str  # of the decompressed content, so that any mirror's compression will do

    @property
    def header(self) -> bytes:
        """The bytes before the values: zero, zero, 8 for unsigned bytes, the rank, each size."""
        return bytes([0, 0, 8, len(self.shape)]) + np.array(self.shape, ">u4").tobytes()

    def read(self, stream: BufferedIOBase) -> bytearray:
        """Read a raw or gzipped file and return its content, checked; ValueError says what is wrong with it.

        No more is read than the published file holds, so a hostile one cannot fill the memory.
        """
        if stream.read(2) == _GZIP_MAGIC:  # the content tells: a name or a server's headers may mislead
            stream.seek(0)
            with gzip.GzipFile(fileobj=stream) as unzipped:
                try:
                    return self._read_raw(unzipped)
                except EOFError:
                    raise ValueError("is a truncated gzip file") from None
                except (gzip.BadGzipFile, zlib.error) as error:
                    raise ValueError(f"is a corrupt gzip file ({error})") from None
        stream.seek(0)
        return self._read_raw(stream)

    def _read_raw(self, stream: BufferedIOBase) -> bytearray:
        content = bytearray(len(self.header) + math.prod(self.shape))
        length = stream.readinto(content)
        magic, header = self.header[:4], bytes(content[: len(self.header)])
        if length >= 4 and header[:4] != magic:
            raise ValueError(
                f"is not the IDX file expected: it begins 0x{header[:4].hex()}, not 0x{magic.hex()}"
            )
        if length >= len(header) and header != self.header:
            shape = tuple(np.frombuffer(header, ">u4", offset=4).tolist())
            raise ValueError(f"holds the shape {shape}, but {self.name} holds {self.shape}")
        if length < len(content):
            raise ValueError(f"is truncated: {length} of {len(content)} bytes")
        if stream.read(1):
            raise ValueError(f"is longer than the {len(content)} bytes of {self.name}")
        found = hashlib.sha256(content).hexdigest()
        if found != self.sha256:
            raise ValueError(f"has the wrong content: SHA-256 {found}, expected {self.sha256}")
        return content

    def array(self, content: bytearray) -> np.ndarray[Any, Any]:
        """Return the values of a checked content as a writable array that shares its memory."""
        return np.frombuffer(content, np.uint8, offset=len(self.header)).reshape(self.shape)
