"""Findings of searches for an earlier compression, so that a later batch need not search again.

A finding is an entry of the manifest. An entry that is invalid or of another version is skipped,
and its content is searched again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from ddrm_core.batch.manifest.entries import FindingEntry
from ddrm_core.batch.manifest.manifest import Manifest

if TYPE_CHECKING:  # loads numpy, which the help of commands does not wait for
    from ddrm_core.jpeg.recompression import PreviousCompression

_VERSION = 1  # to be increased when the search finds other compressions
_FIELD_TYPES: dict[str, tuple[type, ...]] = {"str": (str,), "int": (int,), "float": (float, int)}


@dataclass(frozen=True, slots=True)
class SearchFinding:
    """The finding of a search in an undamaged file.

    Attributes:
        previous_compression: See `CompressionFacts`; None without signs.
    """

    previous_compression: PreviousCompression | None


@dataclass(frozen=True, slots=True)
class SearchLog:
    """The findings of searches in a manifest.

    Attributes:
        manifest: Manifest of the results.
    """

    manifest: Manifest

    def find(self, source_sha256: str) -> SearchFinding | None:
        """Return the finding for a content, None if the content was not searched.

        Args:
            source_sha256: SHA-256 of the source's bytes, in hexadecimal.

        Raises:
            UnreadableFile: If the manifest cannot be read.
        """
        for entry in self.manifest.iter_finding_entries(source_sha256):
            if entry.version == _VERSION:
                if entry.previous_compression is None:
                    return SearchFinding(None)
                if _is_compression(entry.previous_compression):
                    return _create_finding(entry.previous_compression)
        return None

    def add(self, source_sha256: str, finding: SearchFinding) -> None:
        """Add a finding to the manifest.

        Args:
            source_sha256: SHA-256 of the source's bytes, in hexadecimal.
            finding: Finding of the search.

        Raises:
            UnwritableOutput: If the manifest cannot be written.
        """
        previous = finding.previous_compression
        values = None if previous is None else asdict(previous)
        self.manifest.add_finding(FindingEntry(_VERSION, source_sha256, values))


def _create_finding(values: dict[str, Any]) -> SearchFinding:
    from ddrm_core.jpeg.recompression import PreviousCompression

    return SearchFinding(PreviousCompression(**values))


def _is_compression(values: dict[str, Any]) -> bool:
    """Return whether values are those of a `PreviousCompression`."""
    from ddrm_core.jpeg.recompression import PreviousCompression

    types = {field.name: _FIELD_TYPES[str(field.type)] for field in fields(PreviousCompression)}
    return (
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
