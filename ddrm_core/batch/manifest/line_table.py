"""The lines of a manifest in memory, found by their keys."""

from __future__ import annotations

from collections.abc import Iterator

from ddrm_core.batch.manifest.entries import (
    CopyEntry,
    FileEntry,
    ManifestEntry,
    list_keys,
    parse_entry,
)


class LineTable:
    """The lines of a manifest, found by their keys; each key keeps the order of its lines."""

    def __init__(self) -> None:
        """Create a table without lines."""
        self._lines_by_key: dict[str, list[bytes]] = {}
        # In the order of the first line of each target.
        self._targets: dict[type[FileEntry], dict[str, None]] = {ManifestEntry: {}, CopyEntry: {}}

    def add(self, line: bytes) -> None:
        """Add a line, unless the line is not a complete and valid entry."""
        entry = parse_entry(line)
        if entry is None:
            return
        for key in list_keys(entry):
            self._lines_by_key.setdefault(key, []).append(line)
        if isinstance(entry, ManifestEntry | CopyEntry):
            self._targets[type(entry)][entry.target] = None

    def find(self, key: str) -> tuple[bytes, ...]:
        """Return the lines with a key, the oldest first; equal lines count as one."""
        return tuple(dict.fromkeys(self._lines_by_key.get(key, ())))

    def iter_targets(self, entry_class: type[FileEntry]) -> Iterator[str]:
        """Yield the paths, relative to the folder, that have an entry of a class."""
        yield from tuple(self._targets[entry_class])

    def clear(self) -> None:
        """Remove all lines."""
        self._lines_by_key = {}
        self._targets = {ManifestEntry: {}, CopyEntry: {}}
