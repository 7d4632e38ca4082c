"""Checksum of a prior's file at its import, in a file beside it in the format of sha256sum."""

from __future__ import annotations

import re
from pathlib import Path

from ddrm_core.errors import InvalidPrior, PriorChecksumMismatch
from ddrm_core.files.atomic_write import write_atomically
from ddrm_core.files.hashing import compute_file_sha256
from ddrm_core.messages import Message
from ddrm_core.os_errors import reading
from ddrm_core.prior.reasons import PriorDefect

CHECKSUM_SUFFIX = ".sha256"
_SHA256_PATTERN = re.compile(rb"[0-9a-fA-F]{64}\b")


def write_checksum(path: Path, sha256: str) -> None:
    """Write the checksum of `path` to a file in its folder, with the suffix `.sha256`.

    Raise UnwritableOutput if the system cannot write the file.
    """
    write_atomically(path.with_suffix(CHECKSUM_SUFFIX), f"{sha256}  {path.name}\n".encode())


def verify_checksum(path: Path) -> bool:
    """Compare a file with its checksum file; return False if it has no checksum file.

    Raises:
        PriorChecksumMismatch: If the checksums differ.
        InvalidPrior: If the checksum file does not contain a SHA-256.
        UnreadableFile: If the system cannot read a file.
    """
    checksum_path = path.with_suffix(CHECKSUM_SUFFIX)
    if not checksum_path.exists():
        return False
    with reading(checksum_path):
        content = checksum_path.read_bytes()
    match = _SHA256_PATTERN.match(content)
    if match is None:
        raise InvalidPrior(path, Message(PriorDefect.CHECKSUM_FILE, {"file": checksum_path.name}))
    actual = compute_file_sha256(path)
    expected = match[0].decode().lower()
    if actual != expected:
        raise PriorChecksumMismatch(path, expected, actual)
    return True
