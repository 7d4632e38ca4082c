"""What of a folder of results is done, by content and settings: a line for each finished file.

The file is `.ddrm-restore.jsonl` in the folder of the results. A line is on the disk before its
result gets its name, and counts only where the result is there as the line says: a kill at any
moment leaves neither a result without a line nor a line that is believed without its result.

Lines are only ever added, each with one write, with a line end before it too: what a kill cut short
spoils no other line. Systems other than Windows add what one write brings in one piece, there a
lock is held meanwhile; so any number of processes may work on one folder.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path, PurePosixPath
from typing import Any

from ddrm_core.errors import UnreadableFile
from ddrm_core.files.atomic_write import remove_leftover_files
from ddrm_core.files.hashing import compute_file_sha256
from ddrm_core.os_errors import reading, writing

MANIFEST_NAME = ".ddrm-restore.jsonl"


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One finished file.

    Attributes:
        source_sha256: Of the source's bytes, in hexadecimal.
        settings_sha256: Of everything else that decides the result.
        target: The result's path inside the folder, with slashes.
        size: Of the result, in bytes.
        mtime_ns: When it was written, as the system counts.
        sha256: Of its bytes.
        consistency: Share of levels in their bins, as saved, 0 to 1.
        evaluations: Of the prior.
        seconds: Wall time.
        finished: The time of day, ISO 8601.
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


_FIELD_TYPES: dict[str, tuple[type, ...]] = {"str": (str,), "int": (int,), "float": (float, int)}


class Manifest:
    """The entries of one folder; for one thread at a time.

    Attributes:
        folder: Of the results.
        path: Of the file.
    """

    def __init__(self, folder: Path) -> None:
        """Nothing is read or made yet; the folder need not be there."""
        self.folder, self.path = folder, folder / MANIFEST_NAME
        self._read_offset = 0  # bytes, to the end of the last whole line
        # By content, then by settings and target.
        self._entries_by_source: dict[str, dict[tuple[str, str], ManifestEntry]] = {}
        self._entries_by_target: dict[
            str, list[ManifestEntry]
        ] = {}  # by target, the latest one last
        self._cleaned_folders: set[Path] = set()

    def find_results(self, source_sha256: str, settings_sha256: str) -> Iterator[ManifestEntry]:
        """The results of a content with these settings that are there, whole and unchanged.

        Raises:
            UnreadableFile: The system did not give the file's bytes.
        """
        for entry in self.find_results_of_source(source_sha256):
            if entry.settings_sha256 == settings_sha256:
                yield entry

    def find_results_of_source(self, source_sha256: str) -> Iterator[ManifestEntry]:
        """Yield the results of a content, whatever their settings, that are whole and unchanged.

        Raises as `find_results`.
        """
        self._read_new_entries()
        yield from filter(
            self._is_intact, tuple(self._entries_by_source.get(source_sha256, {}).values())
        )

    def is_our_result(self, target: Path, source_sha256: str | None = None) -> bool:
        """Whether a file is a result as it was written, whatever the settings were.

        The latest line need not be the file's: a kill leaves that of a result without its name.

        Args:
            target: The file.
            source_sha256: The content that it must be a result of, None for any.

        Raises as `find_results`.
        """
        self._read_new_entries()
        entries = reversed(self._entries_by_target.get(self.to_relative_path(target), []))
        return any(
            self._is_intact(entry)
            for entry in entries
            if source_sha256 in (None, entry.source_sha256)
        )

    def list_results(self) -> tuple[Path, ...]:
        """Return every file ever written here, present or not. Raises as `find_results`."""
        self._read_new_entries()
        return tuple(self.folder / target for target in self._entries_by_target)

    def remove_leftovers_once(self, folder: Path) -> None:
        """Delete what a killed batch left in a folder of results, once. Raises UnwritableOutput."""
        if folder not in self._cleaned_folders:
            self._cleaned_folders.add(folder)
            remove_leftover_files(folder)

    def to_relative_path(self, target: Path) -> str:
        """A result's path as entries have it. Raises ValueError for one outside the folder."""
        return target.relative_to(self.folder).as_posix()

    def add(self, entry: ManifestEntry) -> None:
        """Write an entry; it is on the disk when this returns.

        Raises:
            UnwritableOutput: The system refused.
        """
        line = b"\n" + json.dumps(asdict(entry)).encode() + b"\n"
        with self._open_for_append() as descriptor:
            # As a whole or, where the disk is full, as a line that is passed over.
            with _exclusive_lock(descriptor):
                if os.write(descriptor, line) < len(line):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(descriptor)

    def check_writable(self) -> None:
        """Find out whether the file takes entries; it is made where it is missing.

        Raises:
            UnwritableOutput: The system refuses, so that no result can be noted down.
        """
        with self._open_for_append():
            pass

    @contextmanager
    def _open_for_append(self) -> Iterator[int]:
        """Open the file for one more line. Raises UnwritableOutput for what the system refuses."""
        with writing(self.path):
            descriptor = os.open(
                self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _O_BINARY, 0o666
            )
            try:
                yield descriptor
            finally:
                os.close(descriptor)

    def _read_new_entries(self) -> None:
        """Take over what was added since, here or by another process."""
        with reading(self.path):
            try:
                with self.path.open("rb") as file:
                    size = os.fstat(file.fileno()).st_size
                    if size < self._read_offset:  # somebody has written another
                        self._forget_entries()
                    if size == self._read_offset:
                        return
                    file.seek(self._read_offset)
                    data = file.read()
            except FileNotFoundError:
                self._forget_entries()
                return
        complete_lines = data[: data.rfind(b"\n") + 1]
        self._read_offset += len(complete_lines)
        for line in complete_lines.split(b"\n"):
            if (entry := parse_manifest_entry(line)) is not None:
                key = (entry.settings_sha256, entry.target)
                self._entries_by_source.setdefault(entry.source_sha256, {})[key] = entry
                self._entries_by_target.setdefault(entry.target, []).append(entry)

    def _forget_entries(self) -> None:
        self._read_offset, self._entries_by_source, self._entries_by_target = 0, {}, {}

    def _is_intact(self, entry: ManifestEntry) -> bool:
        """By size and time, and by its bytes where only the time is another, as of a copy."""
        path = self.folder / entry.target
        try:
            file_stat = path.stat()
            if file_stat.st_size != entry.size:
                return False
            return (
                file_stat.st_mtime_ns == entry.mtime_ns or compute_file_sha256(path) == entry.sha256
            )
        except (OSError, UnreadableFile):
            return False


def parse_manifest_entry(line: bytes) -> ManifestEntry | None:
    """The entry in a line; None where it holds none, or not a whole one."""
    try:
        values: dict[str, Any] = json.loads(line)
        if not isinstance(values, dict) or set(values) != {f.name for f in fields(ManifestEntry)}:
            return None
    except (ValueError, RecursionError):
        return None
    for field in fields(ManifestEntry):
        value = values[field.name]
        if isinstance(value, bool) or not isinstance(value, _FIELD_TYPES[str(field.type)]):
            return None
    target = PurePosixPath(values["target"])
    if target.is_absolute() or ".." in target.parts or not target.parts:
        return None
    return ManifestEntry(**values)


_O_BINARY = getattr(os, "O_BINARY", 0)

if sys.platform == "win32":
    import msvcrt

    _LOCK_OFFSET = 1 << 40  # past the end: a locked byte cannot be read by anyone else

    @contextmanager
    def _exclusive_lock(descriptor: int) -> Iterator[None]:
        """Wait until no other process writes, ten seconds at most."""
        os.lseek(descriptor, _LOCK_OFFSET, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
        try:
            yield
        finally:
            os.lseek(descriptor, _LOCK_OFFSET, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:

    @contextmanager
    def _exclusive_lock(descriptor: int) -> Iterator[None]:  # noqa: ARG001
        """Nothing needs to be done: see the module."""
        yield
