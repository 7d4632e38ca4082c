"""Findings of searches for an earlier compression, so that a later batch need not search again.

The search log is the file `.ddrm-restore-searches.jsonl` in the folder of the results, with a line
per content that was searched. Lines are only appended, each by a single write. A line that is
incomplete or of another version is skipped, and its content is searched again, as without the file.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ddrm_core.files.appended_lines import append_line, open_for_appending
from ddrm_core.os_errors import reading, writing

if TYPE_CHECKING:  # loads numpy, which the help of commands does not wait for
    from ddrm_core.jpeg.recompression import PreviousCompression

SEARCH_LOG_NAME = ".ddrm-restore-searches.jsonl"
_VERSION = 1  # to be increased when the search finds other compressions
_HASH_LENGTH = 64
_FIELD_TYPES: dict[str, tuple[type, ...]] = {"str": (str,), "int": (int,), "float": (float, int)}


@dataclass(frozen=True, slots=True)
class SearchFinding:
    """The finding of a search in an undamaged file.

    Attributes:
        previous_compression: See `CompressionFacts`; None without signs.
    """

    previous_compression: PreviousCompression | None


class SearchLog:
    """The search log of a folder. An instance is not safe for concurrent threads.

    Attributes:
        path: Path of the file.
    """

    def __init__(self, folder: Path) -> None:
        """Create the search log of a folder, which need not exist; nothing is read yet."""
        self.path = folder / SEARCH_LOG_NAME
        self._by_sha256: dict[str, SearchFinding] | None = None

    def find(self, source_sha256: str) -> SearchFinding | None:
        """Return the finding for a content, None if the content was not searched.

        Args:
            source_sha256: SHA-256 of the source's bytes, in hexadecimal.

        Raises:
            UnreadableFile: If the file cannot be read.
        """
        if self._by_sha256 is None:
            self._by_sha256 = self._read_lines()
        return self._by_sha256.get(source_sha256)

    def add(self, source_sha256: str, finding: SearchFinding) -> None:
        """Append a finding.

        Args:
            source_sha256: SHA-256 of the source's bytes, in hexadecimal.
            finding: Finding of the search.

        Raises:
            UnwritableOutput: If the file cannot be written.
        """
        previous = finding.previous_compression
        line = {
            "version": _VERSION,
            "source_sha256": source_sha256,
            "previous_compression": None if previous is None else asdict(previous),
        }
        with writing(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = open_for_appending(self.path)
            try:
                append_line(descriptor, json.dumps(line).encode())
            finally:
                os.close(descriptor)
        if self._by_sha256 is not None:
            self._by_sha256[source_sha256] = finding

    def _read_lines(self) -> dict[str, SearchFinding]:
        with reading(self.path):
            if not os.path.exists(self.path):
                return {}
            lines = self.path.read_bytes().split(b"\n")
        return dict(parsed for line in lines if (parsed := _parse_line(line)) is not None)


def _parse_line(line: bytes) -> tuple[str, SearchFinding] | None:
    """Return the hash and the finding of a line, None if the line is not complete and valid."""
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return None
    names = {"version", "source_sha256", "previous_compression"}
    if not isinstance(values, dict) or values.keys() != names or values["version"] != _VERSION:
        return None
    sha256, previous = values["source_sha256"], values["previous_compression"]
    if not isinstance(sha256, str) or len(sha256) != _HASH_LENGTH:
        return None
    if previous is None:
        return sha256, SearchFinding(None)
    compression = _parse_compression(previous)
    return None if compression is None else (sha256, SearchFinding(compression))


def _parse_compression(values: Any) -> PreviousCompression | None:
    from ddrm_core.jpeg.recompression import PreviousCompression

    if not isinstance(values, dict):
        return None
    types = {field.name: _FIELD_TYPES[str(field.type)] for field in fields(PreviousCompression)}
    is_valid = (
        values.keys() == types.keys()
        and all(
            isinstance(values[name], kinds) and not isinstance(values[name], bool)
            for name, kinds in types.items()
        )
        and 1 <= values["quality"] <= 100
        and values["left"] in range(16)
        and values["top"] in range(16)
        and 0 <= values["confidence"] <= 1
    )
    return PreviousCompression(**values) if is_valid else None
