"""Making of an index from the files of a manifest, with a bounded amount of memory."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from ddrm_core.batch.manifest.index.format import FORMAT_VERSION, CoveredFile, encode_position
from ddrm_core.batch.manifest.index.seal import seal_file
from ddrm_core.batch.manifest.index.snapshot import IndexSnapshot, connect
from ddrm_core.batch.manifest.index.tables import add_lines, prepare_tables
from ddrm_core.batch.manifest.line_file import LineFile

_COVERED_TABLE = """CREATE TABLE IF NOT EXISTS covered (
    name BLOB PRIMARY KEY, number INTEGER, size INTEGER, checksum TEXT
)"""


def fill_index_file(path: Path, old: IndexSnapshot | None, files: Mapping[str, LineFile]) -> None:
    """Write an index of all lines of a manifest to an empty file.

    Args:
        path: The file, which no other process opens.
        old: Index of the first lines, None to read all lines.
        files: Files of the manifest by name.

    Raises:
        UnreadableFile: If a file of the manifest cannot be read.
        OSError, sqlite3.Error: If the index cannot be written.
    """
    with closing(connect(path, "nolock=1")) as connection:
        _fill_index(connection, old, files)
    seal_file(path)


def build_private_index(old: IndexSnapshot | None, files: Mapping[str, LineFile]) -> IndexSnapshot:
    """Return an index of all lines of a manifest in a temporary file of this process.

    SQLite deletes the file. Arguments and errors are those of `fill_index_file`.
    """
    connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    try:
        _fill_index(connection, old, files)
        return IndexSnapshot(connection, files)
    except BaseException:
        connection.close()
        raise


def _fill_index(
    connection: sqlite3.Connection, old: IndexSnapshot | None, files: Mapping[str, LineFile]
) -> None:
    """Write an index to an empty database."""
    # Without a journal: an index that is not complete is never used.
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    covered = {} if old is None else dict(old.covered)
    if old is not None:
        old.copy_to(connection)
    connection.execute(f"PRAGMA user_version = {FORMAT_VERSION}")
    connection.execute(_COVERED_TABLE)
    prepare_tables(connection)
    readers: dict[int, LineFile] = {}
    for name, file in files.items():
        each = covered.setdefault(name, CoveredFile(len(covered), 0, ""))
        readers[each.number] = LineFile(file.path)
        readers[each.number].read_offset = each.size
    connection.execute("BEGIN")
    add_lines(connection, _iter_lines(readers))
    for name in files:
        number = covered[name].number
        size = readers[number].read_offset
        values = (os.fsencode(name), number, size, readers[number].compute_checksum(size))
        connection.execute("INSERT OR REPLACE INTO covered VALUES (?, ?, ?, ?)", values)
    connection.execute("COMMIT")


def _iter_lines(readers: Mapping[int, LineFile]) -> Iterator[tuple[int, bytes]]:
    """Yield position and text of the new lines of all files, which are given by their numbers."""
    for number in sorted(readers):
        for offset, line in readers[number].iter_new_lines():
            yield encode_position(number, offset), line
