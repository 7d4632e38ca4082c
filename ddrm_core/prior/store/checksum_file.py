"""The hash a prior's file had when it was imported, in a file beside it as of sha256sum."""

from __future__ import annotations

import re
from pathlib import Path

from ddrm_core.errors import BadPrior, ChangedPrior, UnreadableFile
from ddrm_core.files.atomic_write import write_atomically
from ddrm_core.files.hashing import sha256_of

SUM_SUFFIX = ".sha256"
_SUM = re.compile(rb"[0-9a-fA-F]{64}\b")


def write_sum(path: Path, sha256: str) -> None:
    """Note a file's hash beside it. Raises UnwritableOutput."""
    write_atomically(path.with_suffix(SUM_SUFFIX), f"{sha256}  {path.name}\n".encode())


def check_sum(path: Path) -> bool:
    """Compare a file with what was noted beside it; False where nothing was.

    Raises:
        ChangedPrior: They differ.
        BadPrior: What is beside it is no hash.
        UnreadableFile: The system did not give the bytes.
    """
    noted = path.with_suffix(SUM_SUFFIX)
    if not noted.exists():
        return False
    try:
        text = noted.read_bytes()
    except OSError as error:
        raise UnreadableFile(noted, error.strerror or str(error)) from error
    match = _SUM.match(text)
    if match is None:
        raise BadPrior(path, f"{noted.name} beside it is no SHA-256")
    found = sha256_of(path)
    expected = match[0].decode().lower()
    if found != expected:
        raise ChangedPrior(path, expected, found)
    return True
