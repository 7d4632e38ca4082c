"""All lines of a manifest in memory, with which other lookups are compared."""

from __future__ import annotations

from collections.abc import Iterator

from ddrm_core.batch.manifest.entries import FileEntry
from ddrm_core.batch.manifest.line_table import LineTable
from ddrm_core.batch.manifest.lines import ManifestLines
from tests.support.manifest_lines import read_new_lines


class LinesInMemory:
    """All lines of a manifest in memory.

    The methods are those of `IndexedLines`.
    """

    def __init__(self, lines: ManifestLines) -> None:
        """Create the object without reading anything."""
        self._lines, self._table = lines, LineTable()

    def refresh(self) -> None:
        """Read the lines that any process has added since the last call."""
        new_lines = read_new_lines(self._lines)
        if new_lines is None:
            self._table.clear()
            new_lines = read_new_lines(self._lines)
        for line in new_lines or ():
            self._table.add(line)

    def find(self, key: str) -> tuple[bytes, ...]:
        """Return the lines with a key, the oldest first; equal lines count as one."""
        return self._table.find(key)

    def iter_targets(self, entry_class: type[FileEntry]) -> Iterator[str]:
        """Yield the paths, relative to the folder, that have an entry of a class."""
        yield from self._table.iter_targets(entry_class)
