"""A checksum at the end of a file, by which any damage of the file is recognized."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

_SEAL_BYTES, _CHUNK_BYTES = 64, 1 << 20


def seal_file(path: Path) -> None:
    """Append the SHA-256 of a file, in hexadecimal, to the file. Raise OSError if refused."""
    with path.open("r+b") as file:
        seal = hashlib.file_digest(file, "sha256").hexdigest().encode()
        file.seek(0, os.SEEK_END)
        file.write(seal)


def is_sealed(path: Path) -> bool:
    """Return whether a file ends with the SHA-256 of the bytes before. Raise OSError if refused."""
    sha256 = hashlib.sha256()
    with path.open("rb") as file:
        bytes_left = os.fstat(file.fileno()).st_size - _SEAL_BYTES
        while bytes_left > 0 and (chunk := file.read(min(bytes_left, _CHUNK_BYTES))):
            sha256.update(chunk)
            bytes_left -= len(chunk)
        return file.read() == sha256.hexdigest().encode()
