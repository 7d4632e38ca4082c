"""The manifest of a folder of results: one line with content and settings per finished file.

A copy of a file that the selection rule leaves as it is has a line of its own kind, which version
0.1.0 skips. Findings of searches for an earlier compression are lines, too.

The manifest is the file `.ddrm-restore.jsonl` in the folder of the results. Findings are in the
search log `.ddrm-restore-searches.jsonl` beside it. In a folder of the network, and for parts of
one batch, each machine has a file of its own in `.ddrm-restore.d`, because two machines cannot
append to one file of a network folder; all files are read. A line is on the disk before its result
is renamed to the target, and a line counts only if the result matches the line. If the process is
killed at any moment, no result lacks a line and no line counts without its result.

A large manifest has an index, see `IndexedLines`, so that its lines are neither read at each start
nor kept in memory.

Any number of processes of one machine may work on one folder, see `LineFile`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from itertools import islice
from pathlib import Path

from ddrm_core.batch.manifest.driver import BatchDriver
from ddrm_core.batch.manifest.entries import (
    CopyEntry,
    Entry,
    FileEntry,
    FindingEntry,
    ManifestEntry,
    SourceEntry,
    VersionEntry,
    format_entry,
    key_of_content,
    key_of_copy,
    key_of_finding,
    key_of_result,
    key_of_source,
    key_of_versions,
    parse_entry,
)
from ddrm_core.batch.manifest.index.indexed_lines import IndexedLines
from ddrm_core.batch.manifest.lines import FolderLines, ManifestLines
from ddrm_core.batch.result_storage import FolderStorage, ResultStorage, StoredFile
from ddrm_core.errors import UnreadableFile

_MAX_KNOWN_HASHES = 10_000
# Files that the selection rule leaves have no entry of a result that could take others along.
_MAX_UNWRITTEN_LINES = 200


class Manifest:
    """The list of finished files in a folder of results.

    A batch continues from its manifest. An instance is not safe for concurrent threads.

    Attributes:
        folder: Folder of the results.
        driver: Program whose lines have a file of its machine, see `__init__`.
        storage: Storage of the results.
    """

    def __init__(
        self,
        folder: Path,
        driver: BatchDriver | None = None,
        *,
        storage: ResultStorage | None = None,
        lines: ManifestLines | None = None,
        writes_index: bool = False,
    ) -> None:
        """Create the manifest of a folder, which need not exist; nothing is read or written yet.

        Args:
            folder: Folder of the results.
            driver: Program that restores a part of a batch, or that writes to a folder of the
                network. Lines are appended to the file of its machine, and temporary files have its
                name. None for a whole batch in a folder of this machine.
            storage: Storage of the results, None for the folder itself.
            lines: Storage of the lines, None for files in the folder.
            writes_index: Whether an index of many lines is written beside them. A program that only
                reads a folder should not write to it.
        """
        self.folder, self.driver = folder, driver
        self.storage = storage or FolderStorage(driver.file_owner if driver else "")
        self._lines = lines or FolderLines(folder, driver)
        self._unwritten_lines: list[bytes] = []
        self._lookup = IndexedLines(self._lines, writes_index=writes_index)
        # Version and SHA-256 of results whose bytes were compared.
        self._hashes: dict[Path, tuple[Hashable, str]] = {}

    def find_results(self, source_sha256: str, settings_sha256: str) -> Iterator[ManifestEntry]:
        """Yield the entries of intact results of a source with the same content and settings.

        Args:
            source_sha256: SHA-256 of the source's bytes, in hexadecimal.
            settings_sha256: Hash of settings and prior, as in `ManifestEntry`.

        Raises:
            UnreadableFile: If the manifest cannot be read.
        """
        for entry in self.find_results_of_source(source_sha256):
            if entry.settings_sha256 == settings_sha256:
                yield entry

    def find_results_of_source(
        self, source_sha256: str, *, reads_new_lines: bool = True
    ) -> Iterator[ManifestEntry]:
        """Yield the entries of intact results of a source with the same content, any settings.

        Args:
            source_sha256: SHA-256 of the source's bytes, in hexadecimal.
            reads_new_lines: Whether lines are read that were added since the last search, which is
                a request for a manifest in a store.

        Raises the errors of `find_results`.
        """
        if reads_new_lines:
            self.read_new_lines()
        entries: dict[tuple[str, str], ManifestEntry] = {}
        for entry in self._find_entries(key_of_content(source_sha256)):
            if isinstance(entry, ManifestEntry):
                entries[entry.settings_sha256, entry.target] = entry
        yield from filter(self._is_intact, entries.values())

    def iter_intact_entries(self) -> Iterator[ManifestEntry]:
        """Yield the latest intact entry of each result.

        Raises the errors of `find_results`.
        """
        self.read_new_lines()
        for target in self._lookup.iter_targets(ManifestEntry):
            entries = reversed(self._list_entries(target))
            for entry in islice(filter(self._is_intact, entries), 1):
                if isinstance(entry, ManifestEntry):
                    yield entry

    def is_our_file(self, target: Path, source_sha256: str | None = None) -> bool:
        """Return whether a file is an unchanged result or copy of a batch, with any settings.

        Every entry of the target is compared with the file: the latest entry may be that of a
        killed process, which did not rename its result to the target.

        Args:
            target: Path of the file, inside the folder.
            source_sha256: Checksum of the source that the file must be made from, None for any.

        Raises the errors of `find_results`.
        """
        return any(
            self._is_intact(entry)
            for entry in self._list_new_entries(target)
            if source_sha256 in (None, entry.source_sha256)
        )

    def is_our_copy(self, target: Path, source_sha256: str) -> bool:
        """Return whether a file is an unchanged copy of a source; see `is_our_file`."""
        return any(
            isinstance(entry, CopyEntry) and self._is_intact(entry)
            for entry in self._list_new_entries(target)
            if entry.source_sha256 == source_sha256
        )

    def _list_new_entries(self, target: Path) -> Iterator[FileEntry]:
        """Return the entries of a path inside the folder, the latest first."""
        self.read_new_lines()
        return reversed(self._list_entries(self.to_relative_path(target)))

    def _list_entries(self, target: str) -> list[FileEntry]:
        """Return the entries of a path relative to the folder: copies, then results.

        Entries of one kind are in the order of their lines.
        """
        keys = (key_of_copy(target), key_of_result(target))
        entries = (entry for key in keys for entry in self._find_entries(key))
        return [entry for entry in entries if isinstance(entry, ManifestEntry | CopyEntry)]

    def _find_entries(self, key: str) -> Iterator[Entry]:
        """Yield the entries with a key, in the order of their lines."""
        return filter(None, map(parse_entry, self._lookup.find(key)))

    def read_new_lines(self) -> None:
        """Read the lines that any process has added since the last call.

        Every search calls this method unless it is told not to. A program that starts others calls
        it first, so that they find an index of many lines.

        Raises the errors of `find_results`.
        """
        self._lookup.refresh()

    def has_result(self, target: Path) -> bool:
        """Return whether a path has an entry of a result, whether the result still exists or not.

        Raises the errors of `find_results`.
        """
        if not target.is_relative_to(self.folder):
            return False
        self.read_new_lines()
        return any(self._find_entries(key_of_result(self.to_relative_path(target))))

    def iter_results(self) -> Iterator[Path]:
        """Yield the paths of all results that have an entry, whether they still exist or not.

        If the files of the manifest are replaced meanwhile, a path may be yielded twice.

        Raises the errors of `find_results`.
        """
        return self._iter_targets(ManifestEntry)

    def list_results(self) -> tuple[Path, ...]:
        """Return the paths of all results that have an entry, see `iter_results`."""
        return tuple(self.iter_results())

    def list_copies(self) -> tuple[Path, ...]:
        """Return the paths of all copies that have an entry, whether they still exist or not.

        Raises the errors of `find_results`.
        """
        return tuple(self._iter_targets(CopyEntry))

    def _iter_targets(self, entry_class: type[FileEntry]) -> Iterator[Path]:
        self.read_new_lines()
        for target in self._lookup.iter_targets(entry_class):
            yield self.folder / target

    def to_relative_path(self, target: Path) -> str:
        """Return a result's path relative to the folder, with slashes.

        Raise ValueError if the path is outside the folder.
        """
        return target.relative_to(self.folder).as_posix()

    def add(self, entry: FileEntry) -> None:
        """Add an entry, which outlasts a crash of the system from now on.

        Raises:
            UnwritableOutput: If the manifest cannot be written.
        """
        lines, self._unwritten_lines = self._unwritten_lines, []
        self._lines.append((*lines, format_entry(entry)))

    def add_version(self, target: Path, version: str | None, sha256: str) -> None:
        """Add the version that the storage gave to a result; see `add_later`.

        Args:
            target: Path of the result.
            version: Version, None if the storage recognizes files by their modification time.
            sha256: SHA-256 of the result's bytes, in hexadecimal.
        """
        if version is not None:
            self.add_later(VersionEntry(self.to_relative_path(target), version, sha256))

    def add_later(self, entry: VersionEntry | SourceEntry) -> None:
        """Add an entry that is written with the next one of a result, or with many like it.

        Only time is lost without the entry: a file is read again.

        Raises:
            UnwritableOutput: If the manifest cannot be written.
        """
        line = format_entry(entry)
        # A source without a result is read by each batch.
        is_known = isinstance(entry, SourceEntry) and line in self._lookup.find(
            key_of_source(entry.source)
        )
        if not is_known and line not in self._unwritten_lines:
            self._unwritten_lines.append(line)
        if len(self._unwritten_lines) >= _MAX_UNWRITTEN_LINES:
            self._write_unwritten_lines()

    def flush(self) -> None:
        """Write the entries of `add_later`, at the end of a batch.

        Raises:
            UnwritableOutput: If the manifest cannot be written.
        """
        self._write_unwritten_lines()
        self._lines.merge()

    def _write_unwritten_lines(self) -> None:
        lines, self._unwritten_lines = self._unwritten_lines, []
        if lines:
            self._lines.append(lines)

    def find_source_content(self, source: str, version: str) -> str | None:
        """Return the SHA-256 of a version of a source in an object store, None if it is unknown.

        Args:
            source: Address of the source.
            version: Version of the object.

        Raises the errors of `find_results`.
        """
        for entry in self._iter_lately(key_of_source(source)):
            if isinstance(entry, SourceEntry) and entry.version == version:
                return entry.sha256
        return None

    def iter_finding_entries(self, source_sha256: str) -> Iterator[FindingEntry]:
        """Yield the findings of searches in a content.

        Args:
            source_sha256: SHA-256 of the searched file's bytes, in hexadecimal.

        Raises the errors of `find_results`.
        """
        for entry in self._iter_lately(key_of_finding(source_sha256)):
            if isinstance(entry, FindingEntry):
                yield entry

    def add_finding(self, entry: FindingEntry) -> None:
        """Add the finding of a search; raises the errors of `add`."""
        self._lines.append_finding(format_entry(entry))

    def _iter_lately(self, key: str) -> Iterator[Entry]:
        """Yield the entries with a key: those of known lines, then all after reading new lines.

        A caller that finds its entry among the first ones saves a request to an object store.
        """
        yield from self._find_entries(key)
        self.read_new_lines()
        yield from self._find_entries(key)

    def check_writable(self) -> None:
        """Check that entries can be added; create the manifest's file if it is missing.

        Raises:
            UnwritableOutput: If the manifest cannot be written.
        """
        self._lines.check_writable()

    def _is_intact(self, entry: FileEntry) -> bool:
        """Return whether the file of an entry is unchanged since the entry was made.

        If the modification time differs but the size does not, as after copying, the checksums are
        compared. They are also compared if the target has several entries: results have the
        modification time of their source, so their sizes and times may be equal.
        """
        path = self.folder / entry.target
        file = self.storage.find(path)
        if file is None or file.size != entry.size:
            return False
        if file.mtime_ns == entry.mtime_ns and len(self._list_entries(entry.target)) == 1:
            return True
        try:
            return self._compute_sha256(path, file) == entry.sha256
        except UnreadableFile:
            return False

    def _compute_sha256(self, path: Path, file: StoredFile) -> str:
        """Return the SHA-256 of a result, which is computed again only if the file has changed."""
        known_version, sha256 = self._hashes.get(path, (None, ""))
        if known_version == file.version:
            return sha256
        for entry in self._find_entries(key_of_versions(self.to_relative_path(path))):
            if isinstance(entry, VersionEntry) and entry.version == file.version:
                return entry.sha256
        sha256 = self.storage.compute_sha256(path)
        if len(self._hashes) >= _MAX_KNOWN_HASHES:
            self._hashes.clear()
        self._hashes[path] = (file.version, sha256)
        return sha256
