"""Content of a result's file, some of which is copied from the source."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ddrm_core.errors import UnreadableFile
from ddrm_core.jpeg.reasons import ReadFailure
from ddrm_core.os_errors import reading

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class FileSpan:
    """A range of a file's bytes, which is read when a result is written.

    Attributes:
        path: Path of the file.
        offset: Offset of the first byte.
        length: Number of bytes.
        sha256: SHA-256 that the bytes must have, in hexadecimal.
    """

    path: Path
    offset: int
    length: int
    sha256: str


ContentSpan = bytes | FileSpan
"""A part of a result's file: bytes in memory, or bytes of the source."""


def count_bytes(spans: Iterable[ContentSpan]) -> int:
    """Return the number of bytes of all spans."""
    return sum(len(span) if isinstance(span, bytes) else span.length for span in spans)


def iterate_chunks(spans: Iterable[ContentSpan]) -> Iterator[bytes]:
    """Yield the bytes of spans one after another, those of the source in chunks of 1 MiB.

    Raises:
        UnreadableFile: If a file cannot be read, or has other bytes than expected.
    """
    for span in spans:
        if isinstance(span, bytes):
            yield span
        else:
            yield from read_span(span)


def write_content(spans: Iterable[ContentSpan], path: Path) -> str:
    """Write spans one after another to `path`, and return the SHA-256 of the file.

    Raises:
        UnreadableFile: If the source cannot be read, or has other bytes than expected.
        OSError: If the system refuses to write.
    """
    chunks = iterate_chunks(spans)
    first = next(chunks, b"")
    digest = hashlib.sha256(first)
    path.write_bytes(first)
    with path.open("ab") as file:
        for chunk in chunks:
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def read_span(span: FileSpan) -> Iterator[bytes]:
    """Yield the bytes of a span in chunks of at most 1 MiB.

    Raises:
        UnreadableFile: If the file cannot be read; after the last chunk, if the bytes are not those
            that were expected.
    """
    digest, remaining = hashlib.sha256(), span.length
    with reading(span.path), span.path.open("rb") as file:
        file.seek(span.offset)
        while remaining and (chunk := file.read(min(remaining, _CHUNK_BYTES))):
            digest.update(chunk)
            remaining -= len(chunk)
            yield chunk
    if remaining or digest.hexdigest() != span.sha256:
        raise UnreadableFile(span.path, ReadFailure.CHANGED)


def compute_range_sha256(path: Path, offset: int, length: int) -> str:
    """Return the SHA-256 of a range of a file, in hexadecimal.

    Raises:
        UnreadableFile: If the file cannot be read.
    """
    digest, remaining = hashlib.sha256(), length
    with reading(path), path.open("rb") as file:
        file.seek(offset)
        while remaining and (chunk := file.read(min(remaining, _CHUNK_BYTES))):
            digest.update(chunk)
            remaining -= len(chunk)
    return digest.hexdigest()
