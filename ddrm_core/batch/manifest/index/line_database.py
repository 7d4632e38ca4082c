"""Lines of a manifest in a temporary database."""

from __future__ import annotations

import sqlite3
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path

from ddrm_core.batch.manifest.entries import FileEntry, parse_entry
from ddrm_core.batch.manifest.index.format import KIND_NUMBERS, hash_key
from ddrm_core.batch.manifest.index.tables import add_lines, prepare_tables
from ddrm_core.errors import UnreadableFile
from ddrm_core.os_errors import describe_failure


class LineDatabase:
    """Lines of a manifest in a temporary file, which SQLite deletes, found by their keys.

    Attributes:
        line_count: Number of lines.
    """

    def __init__(self) -> None:
        """Create a database without lines. Raise sqlite3.Error if SQLite refuses."""
        self.line_count = 0
        self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self._connection.close)
        prepare_tables(self._connection)
        self._connection.execute("CREATE TABLE text (position INTEGER PRIMARY KEY, line BLOB)")

    def add(self, lines: Sequence[bytes]) -> None:
        """Add lines. Raise sqlite3.Error if SQLite refuses; then no line is added."""
        rows = list(enumerate(lines, self.line_count))
        with self._connection:  # the end of the transaction
            self._connection.execute("BEGIN")
            self._connection.executemany("INSERT INTO text VALUES (?, ?)", rows)
            add_lines(self._connection, rows)
        self.line_count += len(rows)

    def find(self, key: str) -> Iterator[bytes]:
        """Yield the lines with a key, the oldest first.

        Raises:
            UnreadableFile: If the database cannot be read.
        """
        query = (
            "SELECT text.line FROM line JOIN text USING (position) WHERE key = ? ORDER BY position"
        )
        return self._select(query, hash_key(key))

    def contains(self, key: str, line_count: int) -> bool:
        """Return whether any of the first lines has a key; raises UnreadableFile."""
        query = "SELECT key FROM line WHERE key = ? AND position < ? LIMIT 1"
        return any(self._select(query, hash_key(key), line_count))

    def iter_targets(self, entry_class: type[FileEntry], line_count: int) -> Iterator[str]:
        """Yield the paths that have an entry of a class in the first lines, in their order.

        Raises:
            UnreadableFile: If the database cannot be read.
        """
        query = (
            "SELECT line FROM target JOIN text USING (position)"
            " WHERE kind = ? AND position < ? ORDER BY position"
        )
        for line in self._select(query, KIND_NUMBERS[entry_class], line_count):
            entry = parse_entry(line)
            if isinstance(entry, entry_class):
                yield entry.target

    def _select(self, query: str, *values: bytes | int) -> Iterator[bytes]:
        try:
            for (value,) in self._connection.execute(query, values):
                yield value
        except sqlite3.Error as error:
            raise UnreadableFile(Path(tempfile.gettempdir()), describe_failure(error)) from error
