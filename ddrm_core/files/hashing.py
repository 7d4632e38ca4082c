"""The SHA-256 of a file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from ddrm_core.cancel import CancelToken
from ddrm_core.errors import UnreadableFile

_MOST_BYTES = 1 << 20


def sha256_of(path: Path) -> str:
    """Of a file, in hexadecimal. Raises UnreadableFile."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableFile(path, error.strerror or str(error)) from error


def hash_file(path: Path, update: Callable[[bytes], object], token: CancelToken) -> Iterator[int]:
    """Give a file's bytes to `update`, yielding how many are done.

    Raises:
        Cancelled: Between two pieces.
        UnreadableFile: The system did not give the bytes.
    """
    done = 0
    try:
        with path.open("rb") as file:
            while data := file.read(_MOST_BYTES):
                token.raise_if_cancelled()
                update(data)
                done += len(data)
                yield done
    except OSError as error:
        raise UnreadableFile(path, error.strerror or str(error)) from error
