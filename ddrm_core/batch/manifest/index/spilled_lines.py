"""Lines of a manifest in a temporary database of the process, except for the latest ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ddrm_core.batch.manifest.entries import FileEntry, key_of_target
from ddrm_core.batch.manifest.line_table import LineTable
from ddrm_core.batch.manifest.lines import ManifestLines

if TYPE_CHECKING:
    from ddrm_core.batch.manifest.index.line_database import LineDatabase

MAX_BYTES_IN_MEMORY = 8 << 20
"""Size of the lines in memory from which they are moved to a database: about 20,000 lines."""


class SpilledLines:
    """The lines of a manifest in a storage whose lines are read once, such as an object store.

    When the lines in memory take up 8 MiB, they are moved to a temporary database. If that is
    impossible, they stay in memory. This class implements `LineLookup`.
    """

    def __init__(
        self, lines: ManifestLines, *, max_bytes_in_memory: int = MAX_BYTES_IN_MEMORY
    ) -> None:
        """Create the object without reading anything."""
        self._lines, self._max_bytes = lines, max_bytes_in_memory
        self._can_spill = True
        self._clear()

    def refresh(self) -> None:
        """Read the lines that any process has added since the last call."""
        new_lines = self._lines.read_new_lines()
        if new_lines is None:
            self._clear()
            new_lines = self._lines.read_new_lines()
        for line in new_lines or ():
            self._table.add(line)
            if self._can_spill:
                self._latest_lines.append(line)
                self._latest_bytes += len(line)
                if self._latest_bytes > self._max_bytes:
                    self._spill()

    def find(self, key: str) -> tuple[bytes, ...]:
        """Return the lines with a key, the oldest first; equal lines count as one."""
        if self._database is None:
            return self._table.find(key)
        return tuple(dict.fromkeys((*self._database.find(key), *self._table.find(key))))

    def iter_targets(self, entry_class: type[FileEntry]) -> Iterator[str]:
        """Yield the paths, relative to the folder, that have an entry of a class."""
        # A call of `refresh` may move the lines of the table to the database meanwhile.
        database, latest_targets = self._database, tuple(self._table.iter_targets(entry_class))
        if database is None:
            yield from latest_targets
            return
        line_count = database.line_count
        yield from database.iter_targets(entry_class, line_count)
        for target in latest_targets:
            if not database.contains(key_of_target(target, entry_class), line_count):
                yield target

    def _clear(self) -> None:
        self._table = LineTable()
        self._database: LineDatabase | None = None
        self._latest_lines: list[bytes] = []
        self._latest_bytes = 0

    def _spill(self) -> None:
        """Move the lines in memory to the database, if possible."""
        lines, self._latest_lines, self._latest_bytes = self._latest_lines, [], 0
        try:
            import sqlite3

            from ddrm_core.batch.manifest.index.line_database import LineDatabase
        except ImportError:  # a Python without SQLite
            self._can_spill = False
            return
        try:
            database = self._database or LineDatabase()
            database.add(lines)
        except sqlite3.Error:  # for example without space
            self._can_spill = False
            return
        self._database = database
        self._table.clear()
