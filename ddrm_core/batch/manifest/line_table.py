"""The lines of a manifest in memory, found by their keys."""

from __future__ import annotations

from collections.abc import Iterator

from ddrm_core.batch.manifest.entries import CopyEntry, ManifestEntry, list_keys, parse_entry


class LineTable:
    """The lines of a manifest, found by their keys; each key keeps the order of its lines."""

    def __init__(self) -> None:
        """Create a table without lines."""
        self._lines_by_key: dict[str, list[bytes]] = {}
        self._targets: dict[str, None] = {}  # in the order of their first line

    def add(self, line: bytes) -> None:
        """Add a line, unless the line is not a complete and valid entry."""
        entry = parse_entry(line)
        if entry is None:
            return
        for key in list_keys(entry):
            self._lines_by_key.setdefault(key, []).append(line)
        if isinstance(entry, ManifestEntry | CopyEntry):
            self._targets[entry.target] = None

    def find(self, key: str) -> tuple[bytes, ...]:
        """Return the lines with a key, the oldest first; equal lines count as one."""
        return tuple(dict.fromkeys(self._lines_by_key.get(key, ())))

    def iter_targets(self) -> Iterator[str]:
        """Yield the paths of all results and copies, relative to the folder."""
        yield from tuple(self._targets)

    def clear(self) -> None:
        """Remove all lines."""
        self._lines_by_key, self._targets = {}, {}
