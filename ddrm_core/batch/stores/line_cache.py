"""The lines of a store's manifest that a machine has read, in files of a folder."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
import uuid
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from ddrm_core.batch.manifest.line_file import LineFile
from ddrm_core.errors import UnwritableOutput
from ddrm_core.files.atomic_write import write_atomically
from ddrm_core.files.file_lock import lock_file
from ddrm_core.os_errors import SystemFailure

_STATE_NAME, _LOCK_NAME, _INDEX_NAME = "state.json", "lock", "index"
_VERSION = 1
_LOCK_SECONDS, _STATE_SECONDS, _PAUSE_SECONDS = 60.0, 1.0, 0.02


@dataclass(frozen=True, slots=True)
class CacheState:
    """The content of a cache at one time.

    Attributes:
        file_name: Name of the file with the lines, empty without a file. A file is only appended
            to; if its lines are gone from the store, another file takes its place.
        size: Number of bytes of the file that were on the disk, at least.
        checksum: Checksum of these bytes, see `LineFile.compute_checksum`.
        last_numbers: Number of the last append in the file of each writer, see `LineObject`.
    """

    file_name: str = ""
    size: int = 0
    checksum: str = ""
    last_numbers: Mapping[str, int] = field(default_factory=dict)


class LineCache:
    """The lines of a store's manifest in a folder that all programs of a machine may share.

    One program at a time, which holds a lock, appends the lines of further objects and then
    replaces the state. Lines of a killed program that the state does not have are appended once
    more. A damaged file or state is made anew.

    Attributes:
        is_temporary: Whether the folder is a temporary one of this object.
    """

    def __init__(self, folder: Path | None) -> None:
        """Create the object without reading or writing anything.

        Args:
            folder: Folder of the cache, which need not exist; None for a temporary folder, which is
                deleted with the object.
        """
        self.is_temporary, self._given_folder, self._checked_name = folder is None, folder, ""

    @cached_property
    def folder(self) -> Path:
        """Folder of the cache. Raise OSError if no temporary folder can be made."""
        if self._given_folder is not None:
            return self._given_folder
        path = Path(tempfile.mkdtemp(prefix="ddrm-restore-"))
        weakref.finalize(self, shutil.rmtree, path, ignore_errors=True)
        return path

    @property
    def index_path(self) -> Path:
        """Path of the index of the lines."""
        return self.folder / _INDEX_NAME

    def find_file(self, state: CacheState) -> Path:
        """Return the path of the file with the lines."""
        return self.folder / state.file_name

    def read_state(self) -> CacheState:
        """Return the state; one without a file if the cache is missing or damaged.

        Raises:
            OSError, UnreadableFile: If the system refuses.
        """
        try:
            state = _parse_state((self.folder / _STATE_NAME).read_bytes())
            if state is None or self.find_file(state).stat().st_size < state.size:
                return CacheState()
        except FileNotFoundError:
            return CacheState()
        # The file is only appended to, and is large: one comparison for each program is enough.
        if state.file_name != self._checked_name:
            if LineFile(self.find_file(state)).compute_checksum(state.size) != state.checksum:
                return CacheState()
            self._checked_name = state.file_name
        return state

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Let no other program of this machine change the cache; create the folder.

        Raises:
            TimeoutError: If another program has changed the cache for a minute.
            OSError: If the system refuses.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / _LOCK_NAME).open("ab") as file:
            deadline = time.monotonic() + _LOCK_SECONDS
            while True:
                try:
                    lock_file(file.fileno())
                    break
                except BlockingIOError as error:
                    if time.monotonic() > deadline:
                        raise TimeoutError from error
                    time.sleep(_PAUSE_SECONDS)
            yield

    def start(self) -> CacheState:
        """Replace all lines by a file without lines, under the lock; return the new state.

        Raises:
            OSError, UnwritableOutput: If the system refuses.
        """
        state = CacheState(f"lines-{uuid.uuid4().hex}.jsonl")
        self.find_file(state).touch()
        state = self.store(state)
        for path in self.folder.glob("lines-*.jsonl"):
            if path.name != state.file_name:
                with suppress(OSError):  # Windows deletes no file that another program reads
                    path.unlink()
        return state

    @contextmanager
    def appending(self, state: CacheState) -> Iterator[BinaryIO]:
        """Yield the file to append lines to, under the lock, and flush them to the disk.

        Raise OSError if the system refuses.
        """
        with self.find_file(state).open("ab") as file:
            file.write(b"\n")  # behind the incomplete line of a killed program
            try:
                yield file
            finally:
                file.flush()
                os.fsync(file.fileno())

    def store(self, state: CacheState) -> CacheState:
        """Replace the state, under the lock, by one of all lines in the file; return the new state.

        Args:
            state: New state; size and checksum are taken from the file.

        Raises:
            OSError, UnreadableFile, UnwritableOutput: If the system refuses.
        """
        file = LineFile(self.find_file(state))
        size = file.measure() or 0
        numbers = dict(state.last_numbers)
        stored = CacheState(state.file_name, size, file.compute_checksum(size), numbers)
        data = json.dumps({"version": _VERSION, **asdict(stored)}).encode()
        self._write_state(data)
        return stored

    def _write_state(self, data: bytes) -> None:
        deadline = time.monotonic() + _STATE_SECONDS
        while True:
            try:
                write_atomically(self.folder / _STATE_NAME, data)
                return
            # Windows replaces no file that another program reads at this moment.
            except UnwritableOutput as error:
                if error.reason is not SystemFailure.EACCES or time.monotonic() > deadline:
                    raise
                time.sleep(_PAUSE_SECONDS)


def _parse_state(data: bytes) -> CacheState | None:
    """Return the state in a file, None if the file is damaged or of another version."""
    try:
        values = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict) or values.pop("version", None) != _VERSION:
        return None
    types = {"file_name": str, "size": int, "checksum": str, "last_numbers": dict}
    is_valid = values.keys() == types.keys() and all(
        type(values[name]) is value_type for name, value_type in types.items()
    )
    if not is_valid or not all(type(n) is int for n in values["last_numbers"].values()):
        return None
    if os.path.basename(values["file_name"]) != values["file_name"]:
        return None
    return CacheState(**values)
