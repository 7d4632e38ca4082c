"""The SHA-256 of a file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from ddrm_core.cancel import CancelToken
from ddrm_core.os_errors import reading

_CHUNK_BYTES = 1 << 20


def compute_file_sha256(path: Path) -> str:
    """Of a file, in hexadecimal. Raises UnreadableFile."""
    with reading(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_file(
    path: Path, update_hash: Callable[[bytes], object], token: CancelToken
) -> Iterator[int]:
    """Give a file's bytes to `update_hash`, yielding how many are done.

    Raises:
        Cancelled: Between two pieces.
        UnreadableFile: The system did not give the bytes.
    """
    bytes_done = 0
    with reading(path), path.open("rb") as file:
        while data := file.read(_CHUNK_BYTES):
            token.raise_if_cancelled()
            update_hash(data)
            bytes_done += len(data)
            yield bytes_done
