"""The format of an index: keys, positions of lines, and the files whose lines are in the index."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from ddrm_core.batch.manifest.entries import CopyEntry, FileEntry, ManifestEntry

FORMAT_VERSION = 1
KIND_NUMBERS: dict[type[FileEntry], int] = {ManifestEntry: 1, CopyEntry: 2}
"""Number of each class of entries whose targets are listed."""
_OFFSET_BITS, _KEY_BYTES = 44, 16


class StaleIndex(Exception):
    """The error that an index is damaged, or does not match the files of the manifest any more."""


@dataclass(frozen=True, slots=True)
class CoveredFile:
    """A file of a manifest whose first lines are in an index.

    Attributes:
        number: Number of the file in positions, from 0.
        size: Number of bytes whose lines are in the index.
        checksum: Checksum of these bytes, see `LineFile.compute_checksum`.
    """

    number: int
    size: int
    checksum: str


def hash_key(key: str) -> bytes:
    """Return the hash by which the lines with a key are found, 16 bytes of BLAKE2b."""
    # Paths can contain surrogates, in place of bytes that are not UTF-8.
    data = key.encode(errors="surrogatepass")
    return hashlib.blake2b(data, digest_size=_KEY_BYTES).digest()


def encode_position(file_number: int, offset: int) -> int:
    """Return the position of a line: the number of its file, then 44 bits of its offset in bytes.

    Positions are in the order of files and lines.
    """
    return file_number << _OFFSET_BITS | offset


def decode_position(position: int) -> tuple[int, int]:
    """Return the number of a line's file and the offset of the line in bytes."""
    return divmod(position, 1 << _OFFSET_BITS)
