"""Lines of a manifest in an index, except for the latest ones, which are in memory."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterator, Mapping
from typing import TYPE_CHECKING

from ddrm_core.batch.manifest.entries import FileEntry, key_of_target
from ddrm_core.batch.manifest.index.format import StaleIndex
from ddrm_core.batch.manifest.line_file import LineFile
from ddrm_core.batch.manifest.line_table import LineTable
from ddrm_core.batch.manifest.lines import ManifestLines
from ddrm_core.errors import UnwritableOutput
from ddrm_core.files.atomic_write import single_writer

if TYPE_CHECKING:
    from ddrm_core.batch.manifest.index.snapshot import IndexSnapshot

MIN_TAIL_BYTES = 2 << 20
"""Size of the lines without an index from which an index is made: about 5,000 lines."""
_MAX_TAIL_BYTES = 8 << 20
# The index of many lines is written more rarely, because it is written as a whole.
_COVERED_BYTES_PER_TAIL_BYTE = 50
# While another process writes the index, so many times as many bytes are kept in memory.
_WAITING_FACTOR = 4
_MAX_STALE_COUNT = 3


class IndexedLines:
    """The lines of a manifest: the first ones in an index, later ones in memory.

    An index is made when the lines without an index take up 2 MiB, so that a small manifest has
    none. It is shared by all processes, or private in a temporary file, or missing if neither can
    be written; the answers are the same.
    """

    def __init__(
        self,
        lines: ManifestLines,
        *,
        writes_index: bool,
        min_tail_bytes: int = MIN_TAIL_BYTES,
    ) -> None:
        """Create the object without reading or writing anything.

        Args:
            lines: The stored lines.
            writes_index: Whether the shared index is written. A process that adds no lines should
                not write to a folder.
            min_tail_bytes: Size of the lines without an index from which an index is made.
        """
        self._lines, self._table, self._min_tail_bytes = lines, LineTable(), min_tail_bytes
        self._files: Mapping[str, LineFile] = {}
        self._snapshot: IndexSnapshot | None = None
        self._can_write, self._can_index = writes_index, True
        self._known_version: Hashable = None  # the latest one of the shared index
        self._stale_count = 0  # consecutive searches with a stale index

    def refresh(self) -> None:
        """Read the lines that any process has added since the last call.

        Raises:
            UnreadableFile: If the lines cannot be read.
        """
        self._find_files()
        if self._can_index and self._tail_size > self._max_tail_size:
            try:
                self._index_tail()
            except ImportError:  # a Python without SQLite
                self._can_index = False
        for file in self._files.values():
            if file.size > file.read_offset:
                for _, line in file.iter_new_lines():
                    self._table.add(line)

    def find(self, key: str) -> tuple[bytes, ...]:
        """Return the lines with a key, the oldest of a file first; equal lines count as one.

        Raises:
            UnreadableFile: If the lines cannot be read.
        """
        snapshot = self._snapshot
        if snapshot is None:
            return self._table.find(key)
        try:
            lines = tuple(snapshot.find(key))
        except StaleIndex:
            self._discard_index(snapshot)
            return self.find(key)
        self._stale_count = 0
        return tuple(dict.fromkeys((*lines, *self._table.find(key))))

    def iter_targets(self, entry_class: type[FileEntry]) -> Iterator[str]:
        """Yield the paths, relative to the folder, that have an entry of a class.

        If the index turns out to be stale, paths that were yielded are yielded again.

        Raises:
            UnreadableFile: If the lines cannot be read.
        """
        # A call of `refresh` may clear the table meanwhile.
        snapshot, new_targets = self._snapshot, tuple(self._table.iter_targets(entry_class))
        if snapshot is None:
            yield from new_targets
            return
        try:
            yield from snapshot.iter_targets(entry_class)
            for target in new_targets:
                if not snapshot.contains(key_of_target(target, entry_class)):
                    yield target
        except StaleIndex:
            self._discard_index(snapshot)
            yield from self.iter_targets(entry_class)

    @property
    def _covered_size(self) -> int:
        return 0 if self._snapshot is None else self._snapshot.covered_size

    @property
    def _tail_size(self) -> int:
        """Number of bytes whose lines are not in the index."""
        return sum(file.size for file in self._files.values()) - self._covered_size

    @property
    def _max_tail_size(self) -> int:
        """Number of bytes from which an index is made or extended."""
        wanted = min(self._covered_size // _COVERED_BYTES_PER_TAIL_BYTE, _MAX_TAIL_BYTES)
        return max(wanted, self._min_tail_bytes)

    def _find_files(self) -> None:
        files = self._lines.find_files()
        if files is None:
            self._use_snapshot(None)
            self._known_version = None
            files = self._lines.find_files()
        self._files = files or {}

    def _use_snapshot(self, snapshot: IndexSnapshot | None) -> None:
        """Use another index; the lines that are not in the index are read again."""
        self._snapshot = snapshot
        self._table.clear()
        covered = {} if snapshot is None else snapshot.covered
        for name, file in self._files.items():
            file.read_offset = covered[name].size if name in covered else 0

    def _discard_index(self, snapshot: IndexSnapshot) -> None:
        """Go on without an index that turned out to be stale, and make another one if needed."""
        if snapshot is not self._snapshot:
            return
        self._stale_count += 1
        self._can_index = self._stale_count < _MAX_STALE_COUNT
        self._use_snapshot(None)
        self.refresh()

    def _index_tail(self) -> None:
        """Use an index of more lines: the shared one if it has them, or a new one."""
        self._open_shared_index()
        if self._can_write and self._tail_size > self._max_tail_size:
            self._write_shared_index()
        waiting_factor = _WAITING_FACTOR if self._can_write else 1
        if self._tail_size > self._max_tail_size * waiting_factor:
            self._build_private_index()

    def _open_shared_index(self) -> None:
        """Use the shared index if it has changed and has more lines."""
        from ddrm_core.batch.manifest.index.snapshot import open_index

        try:
            stat = os.stat(self._lines.index_path)
        except OSError:
            return
        version = (stat.st_size, stat.st_mtime_ns, stat.st_ino)
        if version == self._known_version:
            return
        self._known_version = version
        snapshot = open_index(self._lines.index_path, self._files)
        if snapshot is not None and snapshot.covered_size > self._covered_size:
            self._use_snapshot(snapshot)

    def _write_shared_index(self) -> None:
        """Write and use the shared index, unless another process is writing it."""
        import sqlite3

        from ddrm_core.batch.manifest.index.build import fill_index_file

        try:
            with single_writer(self._lines.index_path) as temporary_path:
                if temporary_path is None:
                    return
                fill_index_file(temporary_path, self._snapshot, self._files)
                # Windows cannot replace a file that is open.
                self._use_snapshot(None)
                self._known_version = None
        except (UnwritableOutput, sqlite3.Error):
            self._can_write = False
            return
        self._open_shared_index()

    def _build_private_index(self) -> None:
        import sqlite3

        from ddrm_core.batch.manifest.index.build import build_private_index

        try:
            self._use_snapshot(build_private_index(self._snapshot, self._files))
        except (OSError, sqlite3.Error, StaleIndex):
            self._can_index = False
