"""The manifest of a folder of results: one line with content and settings per finished file.

A copy of a file that the selection rule leaves as it is has a line of its own kind, which version
0.1.0 skips.

The manifest is the file `.ddrm-restore.jsonl` in the folder of the results. Machines that restore
parts of one batch have a file each in `.ddrm-restore.d`, because two machines cannot append to one
file of a network folder; all files are read. A line is on the disk before its result is renamed to
the target, and a line counts only if the result matches the line. If the process is killed at any
moment, no result lacks a line and no line counts without its result.

Any number of processes of one machine may work on one folder, see `ManifestFile`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from itertools import islice
from pathlib import Path
from typing import Any

from ddrm_core.batch.manifest_file import BatchDriver, ManifestFile
from ddrm_core.batch.selection.search_log import SearchLog
from ddrm_core.errors import UnreadableFile
from ddrm_core.files.atomic_write import remove_leftover_files
from ddrm_core.files.hashing import compute_file_sha256
from ddrm_core.os_errors import reading, writing

MANIFEST_NAME = ".ddrm-restore.jsonl"
MACHINES_FOLDER_NAME = ".ddrm-restore.d"
"""Name of the folder with the manifest's files of several machines."""
_COPY_KIND = "copy"


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """The entry of a manifest for one finished file of a batch.

    Attributes:
        source_sha256: SHA-256 of the source's bytes, in hexadecimal.
        settings_sha256: SHA-256 of everything else that determines the result, in hexadecimal.
        target: Path of the result relative to the folder, with slashes.
        size: Size of the result in bytes.
        mtime_ns: Modification time of the result in nanoseconds, `st_mtime_ns`.
        sha256: SHA-256 of the result's bytes, in hexadecimal.
        consistency: Share of levels in their bins in the saved result, 0 to 1.
        evaluations: Evaluations of the prior.
        seconds: Wall time in seconds.
        finished: Date and time of the end in UTC, ISO 8601.
    """

    source_sha256: str
    settings_sha256: str
    target: str
    size: int
    mtime_ns: int
    sha256: str
    consistency: float
    evaluations: int
    seconds: float
    finished: str


@dataclass(frozen=True, slots=True)
class CopyEntry:
    """The entry of a manifest for the copy of a file that the selection rule leaves as it is.

    Attributes:
        source_sha256: SHA-256 of the source's bytes and of the copy's, in hexadecimal.
        target: Path of the copy relative to the folder, with slashes.
        size: Size of the copy in bytes.
        mtime_ns: Modification time of the copy in nanoseconds, `st_mtime_ns`.
        finished: Date and time of the end in UTC, ISO 8601.
        kind: "copy", by which the line is recognized.
    """

    source_sha256: str
    target: str
    size: int
    mtime_ns: int
    finished: str
    kind: str = _COPY_KIND

    @property
    def sha256(self) -> str:
        """SHA-256 of the copy's bytes, in hexadecimal."""
        return self.source_sha256


_FIELD_TYPES: dict[str, tuple[type, ...]] = {"str": (str,), "int": (int,), "float": (float, int)}
_TYPES_BY_CLASS = {
    entry_class: {field.name: _FIELD_TYPES[str(field.type)] for field in fields(entry_class)}
    for entry_class in (ManifestEntry, CopyEntry)
}
# Texts that many entries have in common, and of which one object is enough.
_REPEATED_FIELDS = {"settings_sha256", "finished"}


class Manifest:
    """The list of finished files in a folder of results, stored in a file of the folder.

    A batch continues from its manifest. An instance is not safe for concurrent threads.

    Attributes:
        folder: Folder of the results.
        path: Path of the file that lines are appended to.
        driver: Program that restores a part of a batch, None for a whole batch.
        file_owner: Owner in the names of temporary files, see `atomic_writer`.
        search_log: Findings of searches for an earlier compression, in a file of their own.
    """

    def __init__(self, folder: Path, driver: BatchDriver | None = None) -> None:
        """Create the manifest of a folder, which need not exist; nothing is read or written yet.

        Args:
            folder: Folder of the results.
            driver: Program that restores a part of a batch. Lines are appended to the file of its
                machine, and temporary files have its name. None for a program that restores a whole
                batch.
        """
        self.folder, self.search_log = folder, SearchLog(folder)
        main_file, self._machines_folder = folder / MANIFEST_NAME, folder / MACHINES_FOLDER_NAME
        self.path = self._machines_folder / f"{driver.host_name}.jsonl" if driver else main_file
        self.driver, self.file_owner = driver, driver.file_owner if driver else ""
        self._files = {main_file: ManifestFile(main_file)}
        self._own_file = self._files.setdefault(self.path, ManifestFile(self.path))
        # Keys: source_sha256, then (settings_sha256, target).
        self._entries_by_source: dict[str, dict[tuple[str, str], ManifestEntry]] = {}
        # Entries of a target in the order of their lines.
        self._entries_by_target: dict[str, list[ManifestEntry | CopyEntry]] = {}
        self._cleaned_folders: set[Path] = set()
        # State and SHA-256 of results whose bytes were compared.
        self._hashes: dict[Path, tuple[tuple[int, ...], str]] = {}

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

    def find_results_of_source(self, source_sha256: str) -> Iterator[ManifestEntry]:
        """Yield the entries of intact results of a source with the same content, any settings.

        Raises the errors of `find_results`.
        """
        self._read_new_entries()
        yield from filter(
            self._is_intact, tuple(self._entries_by_source.get(source_sha256, {}).values())
        )

    def iter_intact_entries(self) -> Iterator[ManifestEntry]:
        """Yield the latest intact entry of each result.

        Raises the errors of `find_results`.
        """
        self._read_new_entries()
        for entries in tuple(self._entries_by_target.values()):
            for entry in islice(filter(self._is_intact, reversed(entries)), 1):
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
            for entry in self._list_entries(target)
            if source_sha256 in (None, entry.source_sha256)
        )

    def is_our_copy(self, target: Path, source_sha256: str) -> bool:
        """Return whether a file is an unchanged copy of a source; see `is_our_file`."""
        return any(
            isinstance(entry, CopyEntry) and self._is_intact(entry)
            for entry in self._list_entries(target)
            if entry.source_sha256 == source_sha256
        )

    def _list_entries(self, target: Path) -> Iterator[ManifestEntry | CopyEntry]:
        """Return the entries of a path inside the folder, the latest first."""
        self._read_new_entries()
        return reversed(self._entries_by_target.get(self.to_relative_path(target), []))

    def list_results(self) -> tuple[Path, ...]:
        """Return the paths of all results that have an entry, whether they still exist or not.

        Raises the errors of `find_results`.
        """
        return self._list_targets(ManifestEntry)

    def list_copies(self) -> tuple[Path, ...]:
        """Return the paths of all copies that have an entry, whether they still exist or not.

        Raises the errors of `find_results`.
        """
        return self._list_targets(CopyEntry)

    def _list_targets(self, entry_class: type[ManifestEntry | CopyEntry]) -> tuple[Path, ...]:
        self._read_new_entries()
        return tuple(
            self.folder / target
            for target, entries in self._entries_by_target.items()
            if any(isinstance(entry, entry_class) for entry in entries)
        )

    def remove_leftovers_once(self, folder: Path) -> None:
        """Delete temporary files that a killed batch left in `folder`.

        Later calls for the same folder do nothing.

        Raises the errors of `remove_leftover_files`.
        """
        if folder not in self._cleaned_folders:
            self._cleaned_folders.add(folder)
            remove_leftover_files(folder, self.file_owner)

    def to_relative_path(self, target: Path) -> str:
        """Return a result's path relative to the folder, with slashes.

        Raise ValueError if the path is outside the folder.
        """
        return target.relative_to(self.folder).as_posix()

    def add(self, entry: ManifestEntry | CopyEntry) -> None:
        """Append an entry and flush it to the disk.

        Raises:
            UnwritableOutput: If the manifest cannot be written.
        """
        self._create_machines_folder()
        self._own_file.append(json.dumps(asdict(entry)).encode())

    def check_writable(self) -> None:
        """Check that entries can be appended; create the manifest's file if it is missing.

        Raises:
            UnwritableOutput: If the manifest cannot be written.
        """
        self._create_machines_folder()
        self._own_file.check_writable()

    def _create_machines_folder(self) -> None:
        if self.path.parent != self.folder:
            with writing(self._machines_folder):
                self._machines_folder.mkdir(exist_ok=True)

    def _read_new_entries(self) -> None:
        """Read the entries that any process has appended to a file since the last call."""
        self._find_files()
        new_lines = [file.read_new_lines() for file in self._files.values()]
        if None in new_lines:
            self._forget_entries()
            new_lines = [file.read_new_lines() for file in self._files.values()]
        for lines in new_lines:
            self._add_lines(lines or ())

    def _find_files(self) -> None:
        """Find the files of all machines."""
        with reading(self._machines_folder):
            try:
                names = os.listdir(self._machines_folder)
            except (FileNotFoundError, NotADirectoryError):
                return
        for name in sorted(names):
            path = self._machines_folder / name
            if path.suffix == ".jsonl" and path not in self._files:
                self._files[path] = ManifestFile(path)

    def _add_lines(self, lines: Iterable[bytes]) -> None:
        for line in filter(None, lines):
            entry = parse_manifest_entry(line) or parse_copy_entry(line)
            if entry is None:
                continue
            self._entries_by_target.setdefault(entry.target, []).append(entry)
            if isinstance(entry, ManifestEntry):
                key = (entry.settings_sha256, entry.target)
                self._entries_by_source.setdefault(entry.source_sha256, {})[key] = entry

    def _forget_entries(self) -> None:
        self._entries_by_source, self._entries_by_target = {}, {}
        for file in self._files.values():
            file.forget()

    def _is_intact(self, entry: ManifestEntry | CopyEntry) -> bool:
        """Return whether the file of an entry is unchanged since the entry was made.

        If the modification time differs but the size does not, as after copying, the checksums are
        compared. They are also compared if the target has several entries: results have the
        modification time of their source, so their sizes and times may be equal.
        """
        path = self.folder / entry.target
        has_one_entry = len(self._entries_by_target.get(entry.target, ())) == 1
        try:
            file_stat = path.stat()
            if file_stat.st_size != entry.size:
                return False
            if has_one_entry and file_stat.st_mtime_ns == entry.mtime_ns:
                return True
            return self._compute_sha256(path, file_stat) == entry.sha256
        except (OSError, UnreadableFile):
            return False

    def _compute_sha256(self, path: Path, file_stat: os.stat_result) -> str:
        """Return the SHA-256 of a result, which is computed again only if the file has changed.

        A change that keeps the modification time changes the time of the last change, `st_ctime`.
        """
        state = (file_stat.st_size, file_stat.st_mtime_ns, file_stat.st_ctime_ns, file_stat.st_ino)
        known_state, sha256 = self._hashes.get(path, (None, ""))
        if known_state != state:
            sha256 = compute_file_sha256(path)
            self._hashes[path] = (state, sha256)
        return sha256


def parse_manifest_entry(line: bytes) -> ManifestEntry | None:
    """Parse the line of a result; return None if the line is not a complete and valid entry."""
    values = _parse_line(line, ManifestEntry)
    return None if values is None else ManifestEntry(**values)


def parse_copy_entry(line: bytes) -> CopyEntry | None:
    """Parse the line of a copy; return None if the line is not a complete and valid entry."""
    values = _parse_line(line, CopyEntry)
    return None if values is None or values["kind"] != _COPY_KIND else CopyEntry(**values)


def _parse_line(line: bytes, entry_class: type[ManifestEntry | CopyEntry]) -> dict[str, Any] | None:
    """Return the values of a line for an entry, None if a value is missing, unknown or invalid."""
    types = _TYPES_BY_CLASS[entry_class]
    try:
        values: dict[str, Any] = json.loads(line)
        if not isinstance(values, dict) or values.keys() != types.keys():
            return None
    except (ValueError, RecursionError):
        return None
    # The exact type, because True is an int, too.
    if any(type(value) not in types[name] for name, value in values.items()):
        return None
    target: str = values["target"]
    names = [name for name in target.split("/") if name not in ("", ".")]
    if target.startswith("/") or ".." in names or not names:
        return None
    for name in _REPEATED_FIELDS & values.keys():
        values[name] = sys.intern(values[name])
    return values
