"""Making of an index from the files of a manifest, with a bounded amount of memory."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from ddrm_core.batch.manifest.entries import (
    CopyEntry,
    ManifestEntry,
    key_of_file,
    list_keys,
    parse_entry,
)
from ddrm_core.batch.manifest.index.format import (
    FORMAT_VERSION,
    KIND_NUMBERS,
    CoveredFile,
    encode_position,
    hash_key,
)
from ddrm_core.batch.manifest.index.seal import seal_file
from ddrm_core.batch.manifest.index.snapshot import IndexSnapshot, connect
from ddrm_core.batch.manifest.line_file import LineFile

# A line has a row per key. Lines of a target after the first one are not in `target`.
_SCHEMA = f"""
PRAGMA user_version = {FORMAT_VERSION};
CREATE TABLE IF NOT EXISTS covered (
    name BLOB PRIMARY KEY, number INTEGER, size INTEGER, checksum TEXT
);
CREATE TABLE IF NOT EXISTS line (
    key BLOB, position INTEGER, PRIMARY KEY (key, position)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS target (position INTEGER PRIMARY KEY, kind INTEGER);
CREATE TEMPORARY TABLE new_line (key BLOB, position INTEGER, kind INTEGER);
"""
# Rows in the order of their keys are written to the end of the table; others need a page each.
_MERGE = """
INSERT INTO target SELECT MIN(position), kind FROM new_line
    WHERE kind > 0 AND NOT EXISTS (SELECT 1 FROM line WHERE line.key = new_line.key) GROUP BY key;
INSERT OR IGNORE INTO line SELECT key, position FROM new_line ORDER BY key, position;
DROP TABLE new_line;
"""
_CACHE_KIB = 8192


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
    connection.executescript(
        f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -{_CACHE_KIB};"
    )
    covered = {} if old is None else dict(old.covered)
    if old is not None:
        old.copy_to(connection)
    connection.executescript(_SCHEMA)
    connection.execute("BEGIN")
    for name, file in files.items():
        if name not in covered:
            covered[name] = CoveredFile(len(covered), 0, "")
        number, reader = covered[name].number, LineFile(file.path)
        reader.read_offset = covered[name].size
        rows = _iter_rows(reader, number)
        connection.executemany("INSERT INTO new_line VALUES (?, ?, ?)", rows)
        size = reader.read_offset
        values = (os.fsencode(name), number, size, reader.compute_checksum(size))
        connection.execute("INSERT OR REPLACE INTO covered VALUES (?, ?, ?, ?)", values)
    connection.execute("COMMIT")
    connection.executescript(f"BEGIN;{_MERGE}COMMIT;")


def _iter_rows(file: LineFile, number: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield hashed key, position and kind for each key of the new lines of a file.

    The kind is 0 for keys that are not those of a target.
    """
    for offset, line in file.iter_new_lines():
        entry = parse_entry(line)
        if entry is None:
            continue
        position, target_key, kind = encode_position(number, offset), "", 0
        if isinstance(entry, ManifestEntry | CopyEntry):
            target_key, kind = key_of_file(entry), KIND_NUMBERS[type(entry)]
        for key in list_keys(entry):
            yield hash_key(key), position, kind if key == target_key else 0
