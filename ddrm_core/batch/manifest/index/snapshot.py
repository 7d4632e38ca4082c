"""A complete index of the first lines of a manifest, which does not change any more."""

from __future__ import annotations

import os
import sqlite3
import urllib.parse
import weakref
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from ddrm_core.batch.manifest.entries import FileEntry, list_keys, parse_entry
from ddrm_core.batch.manifest.index.format import (
    FORMAT_VERSION,
    KIND_NUMBERS,
    CoveredFile,
    StaleIndex,
    decode_position,
    hash_key,
)
from ddrm_core.batch.manifest.index.seal import is_sealed
from ddrm_core.batch.manifest.line_file import LineFile


class IndexSnapshot:
    """The positions of the first lines of a manifest, found by their keys.

    The lines themselves are read from the files of the manifest and compared with their keys, so
    that an index never adds a line to a manifest. The database is closed with the last reference to
    the object.

    Attributes:
        covered: Files whose first lines are in the index, by name.
    """

    def __init__(self, connection: sqlite3.Connection, files: Mapping[str, LineFile]) -> None:
        """Read which lines are in an index.

        Args:
            connection: Database of the index.
            files: Files of the manifest by name.

        Raises:
            StaleIndex: If the database is damaged, has another format, or is the index of other
                files.
        """
        self._connection = connection
        weakref.finalize(self, connection.close)
        try:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version != FORMAT_VERSION:
                raise StaleIndex
            rows = connection.execute("SELECT name, number, size, checksum FROM covered").fetchall()
        except sqlite3.Error as error:
            raise StaleIndex from error
        self.covered = {os.fsdecode(name): CoveredFile(*values) for name, *values in rows}
        if not all(_is_covered(files.get(name), each) for name, each in self.covered.items()):
            raise StaleIndex
        self._files = {each.number: files[name] for name, each in self.covered.items()}

    @property
    def covered_size(self) -> int:
        """Number of bytes of all files whose lines are in the index."""
        return sum(each.size for each in self.covered.values())

    def copy_to(self, connection: sqlite3.Connection) -> None:
        """Copy the index to an empty database. Raise sqlite3.Error if SQLite refuses."""
        self._connection.backup(connection)

    def find(self, key: str) -> Iterator[bytes]:
        """Yield the lines with a key in the order of files and lines.

        Raises:
            StaleIndex: If the index is damaged or does not match the files.
            UnreadableFile: If a file cannot be read.
        """
        query = "SELECT position FROM line WHERE key = ? ORDER BY position"
        for line in self._read_lines(query, hash_key(key)):
            entry = parse_entry(line)
            if entry is None or key not in list_keys(entry):
                raise StaleIndex
            yield line

    def contains(self, key: str) -> bool:
        """Return whether any line has a key. Raise StaleIndex if the index is damaged."""
        query = "SELECT position FROM line WHERE key = ? LIMIT 1"
        return next(self._iter_positions(query, hash_key(key)), None) is not None

    def iter_targets(self, entry_class: type[FileEntry]) -> Iterator[str]:
        """Yield the paths that have an entry of a class, in the order of their first lines.

        Raises the errors of `find`.
        """
        query = "SELECT position FROM target WHERE kind = ? ORDER BY position"
        for line in self._read_lines(query, KIND_NUMBERS[entry_class]):
            entry = parse_entry(line)
            if not isinstance(entry, entry_class):
                raise StaleIndex
            yield entry.target

    def _read_lines(self, query: str, value: bytes | int) -> Iterator[bytes]:
        """Yield the lines at the positions that a query finds in ascending order."""
        places = map(decode_position, self._iter_positions(query, value))
        for number, places_in_file in groupby(places, key=lambda place: place[0]):
            yield from self._files[number].read_lines(offset for _, offset in places_in_file)

    def _iter_positions(self, query: str, value: bytes | int) -> Iterator[int]:
        try:
            for (position,) in self._connection.execute(query, (value,)):
                yield position
        except sqlite3.Error as error:
            raise StaleIndex from error


def open_index(path: Path, files: Mapping[str, LineFile]) -> IndexSnapshot | None:
    """Open the index in a file; return None if the file is missing, damaged or stale.

    Args:
        path: Path of the index.
        files: Files of the manifest by name.

    Raises:
        UnreadableFile: If a file of the manifest cannot be read.
    """
    try:
        if is_sealed(path):
            # An immutable file is read without locks, which network file systems may not have.
            return IndexSnapshot(connect(path, "mode=ro&immutable=1"), files)
    except (OSError, sqlite3.Error, StaleIndex):
        pass
    return None


def connect(path: Path, parameters: str) -> sqlite3.Connection:
    """Open a database with parameters of SQLite's URIs. Raise sqlite3.Error if SQLite refuses."""
    posix_path = os.fsencode(path.absolute().as_posix())
    slash = b"" if posix_path.startswith(b"/") else b"/"
    address = f"file://{urllib.parse.quote(slash + posix_path)}?{parameters}"
    return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)


def _is_covered(file: LineFile | None, covered: CoveredFile) -> bool:
    """Return whether a file still begins with the bytes that an index was made of."""
    if file is None or (file.measure() or 0) < covered.size:
        return False
    return file.compute_checksum(covered.size) == covered.checksum
