"""SHA-256 of files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from ddrm_core.cancel import CancelToken
from ddrm_core.os_errors import reading

_CHUNK_BYTES = 1 << 20


def compute_file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal. Raise UnreadableFile if it is unreadable."""
    with reading(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_file(
    path: Path, update_hash: Callable[[bytes], object], token: CancelToken
) -> Iterator[int]:
    """Pass a file's bytes to `update_hash`; yield the number of bytes passed after each chunk.

    Raises:
        OperationCancelled: If `token` was cancelled; checked before each chunk.
        UnreadableFile: If the system refuses to read the file.
    """
    bytes_done = 0
    with reading(path), path.open("rb") as file:
        while data := file.read(_CHUNK_BYTES):
            token.raise_if_cancelled()
            update_hash(data)
            bytes_done += len(data)
            yield bytes_done
