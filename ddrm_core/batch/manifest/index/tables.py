"""The tables of an index: the positions of lines by their keys, and of the targets' first lines."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from ddrm_core.batch.manifest.entries import (
    CopyEntry,
    ManifestEntry,
    key_of_target,
    list_keys,
    parse_entry,
)
from ddrm_core.batch.manifest.index.format import KIND_NUMBERS, hash_key

_TABLES = (
    """CREATE TABLE IF NOT EXISTS line (
        key BLOB, position INTEGER, PRIMARY KEY (key, position)
    ) WITHOUT ROWID""",
    "CREATE TABLE IF NOT EXISTS target (position INTEGER PRIMARY KEY, kind INTEGER)",
    "CREATE TEMPORARY TABLE new_line (key BLOB, position INTEGER, kind INTEGER)",
)
# Rows in the order of their keys are written to the end of the table; others need a page each.
_MERGE_STATEMENTS = (
    """INSERT INTO target SELECT MIN(position), kind FROM new_line
        WHERE kind > 0 AND NOT EXISTS (SELECT 1 FROM line WHERE line.key = new_line.key)
        GROUP BY key""",
    "INSERT OR IGNORE INTO line SELECT key, position FROM new_line ORDER BY key, position",
    "DELETE FROM new_line",  # a table cannot be dropped during a search
)
_CACHE_KIB = 8192


def prepare_tables(connection: sqlite3.Connection) -> None:
    """Create the tables if they are missing, and set the size of the cache: 8 MiB."""
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    for statement in _TABLES:
        connection.execute(statement)


def add_lines(connection: sqlite3.Connection, lines: Iterable[tuple[int, bytes]]) -> None:
    """Add lines to the tables of an index, with a bounded amount of memory.

    Args:
        connection: Database with the tables, in a transaction.
        lines: Position and text of each line, in ascending order. Lines that are not complete and
            valid entries are left out.

    Raises:
        sqlite3.Error: If SQLite refuses.
    """
    rows = (row for position, line in lines for row in _iter_rows(position, line))
    connection.executemany("INSERT INTO new_line VALUES (?, ?, ?)", rows)
    for statement in _MERGE_STATEMENTS:
        connection.execute(statement)


def _iter_rows(position: int, line: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield hashed key, position and kind for each key of a line.

    The kind is 0 for keys that are not those of a target.
    """
    entry = parse_entry(line)
    if entry is None:
        return
    target_key, kind = "", 0
    if isinstance(entry, ManifestEntry | CopyEntry):
        target_key, kind = key_of_target(entry.target, type(entry)), KIND_NUMBERS[type(entry)]
    for key in list_keys(entry):
        yield hash_key(key), position, kind if key == target_key else 0
