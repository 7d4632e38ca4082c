"""Arrays kept in memory as far as that goes, and on disk beyond it."""

from __future__ import annotations

import itertools
import shutil
import threading
import weakref
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

from app.jobs.session_folder import SessionFolder
from app.priors import nearest_folder
from ddrm_core.errors import UnreadableFile

_MEMORY_SHARE, _MOST_MEMORY = 1 / 8, 2 << 30
_DISK_SHARE, _MOST_DISK = 1 / 4, 4 << 30
_turns = itertools.count()


class Kept:
    """An array in a `Vault`, for as long as this object lives. Safe to use from any thread.

    Attributes:
        bytes: What it takes, wherever it is.
        used: When it was last read, as a number that only grows.
    """

    def __init__(self, array: NDArray[Any]) -> None:
        self._array: NDArray[Any] | None = array
        self._path: Path | None = None
        self.bytes = array.nbytes
        self.used = next(_turns)

    @property
    def in_memory(self) -> bool:
        return self._array is not None

    def array(self) -> NDArray[Any]:
        """What was kept, bit by bit; not to be written to.

        Raises:
            UnreadableFile: It was put on disk, and somebody has taken it away.
        """
        self.used = next(_turns)
        array, path = self._array, self._path
        if array is not None:
            return array
        assert path is not None  # one of the two, always
        try:
            loaded: NDArray[Any] = np.load(path, allow_pickle=False)
        except (OSError, ValueError) as error:
            raise UnreadableFile(path, str(error)) from error
        return loaded

    def put_on_disk(self, path: Path) -> None:
        """Write it there, and free its memory; the file goes when this object does.

        Raises:
            OSError: Nothing is left there, and it stays in memory.
        """
        array = self._array
        assert array is not None  # the vault asks once
        try:
            np.save(path, array, allow_pickle=False)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        weakref.finalize(self, path.unlink, missing_ok=True)
        self._path = path
        self._array = None


class Vault:
    """Keeps arrays within two budgets; those not used for longest go to the disk first.

    Attributes:
        memory_bytes: At most so much of them is in memory.
        disk_bytes: And so much on disk.
    """

    def __init__(
        self,
        folder: SessionFolder,
        *,
        memory_bytes: int | None = None,
        disk_bytes: int | None = None,
    ) -> None:
        """What is not given follows what is free now, and the disk at the first use of it."""
        if memory_bytes is None:
            free = psutil.virtual_memory().available
            memory_bytes = min(int(free * _MEMORY_SHARE), _MOST_MEMORY)
        self.memory_bytes = memory_bytes
        self._disk_bytes = disk_bytes
        self._folder = folder
        self._kept: weakref.WeakSet[Kept] = weakref.WeakSet()
        self._names = itertools.count()
        self._lock = threading.Lock()

    @property
    def disk_bytes(self) -> int:
        if self._disk_bytes is None:
            free = shutil.disk_usage(nearest_folder(self._folder.parent)).free
            self._disk_bytes = min(int(free * _DISK_SHARE), _MOST_DISK)
        return self._disk_bytes

    def room(self) -> int:
        """How many more bytes it takes."""
        return self.memory_bytes + self.disk_bytes - _total(list(self._kept))

    def keep(self, array: NDArray[Any]) -> Kept | None:
        """Keep an array that nobody writes to any more; None where there is no room for it.

        May write to the disk: not for a thread that must not wait.
        """
        with self._lock:
            if array.nbytes > self.room():
                return None
            kept = Kept(array)
            self._kept.add(kept)
            try:
                self._settle()
            except OSError:  # a full disk, or one that cannot be written to
                self._disk_bytes = _total(k for k in list(self._kept) if not k.in_memory)
                return None
            return kept

    def close(self) -> None:
        """Delete what is on disk."""
        self._folder.remove()

    def _settle(self) -> None:
        """Move to the disk what the memory has no room for. Raises OSError."""
        there = sorted((k for k in list(self._kept) if k.in_memory), key=lambda k: k.used)
        excess = _total(there) - self.memory_bytes
        for kept in there:
            if excess <= 0:
                return
            kept.put_on_disk(self._folder.path() / f"{next(self._names)}.npy")
            excess -= kept.bytes


def _total(kept: Iterable[Kept]) -> int:
    return sum(k.bytes for k in kept)
