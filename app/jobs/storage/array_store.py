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

from app.config.prior_locations import existing_ancestor
from app.i18n.translation import tr, tr_noop
from app.jobs.storage.session_directory import SessionFolder
from ddrm_core.errors import UnreadableFile

_MEMORY_SHARE, _MOST_MEMORY = 1 / 8, 2 << 30
_DISK_SHARE, _MOST_DISK = 1 / 4, 4 << 30
_GONE = tr_noop("the picture of an earlier run")
_turns = itertools.count()


class Kept:
    """An array in a `Vault`, for as long as this object lives. Safe to use from any thread.

    Attributes:
        bytes: What it takes, wherever it is.
        used: When it was last read, as a number that only grows.
        spare: Whether it has to make room for what is newer, those used longest ago first.
    """

    def __init__(self, array: NDArray[Any]) -> None:
        self._array: NDArray[Any] | None = array
        self._path: Path | None = None
        self.bytes = array.nbytes
        self.used = next(_turns)
        self.spare = False

    @property
    def gone(self) -> bool:
        """Whether it had to make room."""
        return self._array is None and self._path is None

    @property
    def in_memory(self) -> bool:
        return self._array is not None

    def array(self) -> NDArray[Any]:
        """What was kept, bit by bit; not to be written to.

        Raises:
            UnreadableFile: It had to make room, or somebody has taken its file away.
        """
        self.used = next(_turns)
        array, path = self._array, self._path
        if array is not None:
            return array
        if path is None:
            raise UnreadableFile(Path(tr(_GONE)), "It had to make room for newer ones")
        try:
            loaded: NDArray[Any] = np.load(path, allow_pickle=False)
        except OSError as error:
            raise UnreadableFile(path, error.strerror or str(error)) from error
        except ValueError as error:
            raise UnreadableFile(path, str(error)) from error
        return loaded

    def let_go(self) -> None:
        """Free its memory or its file."""
        path, self._array, self._path = self._path, None, None
        if path is not None:
            path.unlink(missing_ok=True)

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

    The budgets may be changed at any time; what is kept already follows when more comes.

    Attributes:
        folder: Where those on disk are.
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
        self.folder = folder
        self._kept: weakref.WeakSet[Kept] = weakref.WeakSet()
        self._names = itertools.count()
        self._lock = threading.Lock()

    @property
    def disk_bytes(self) -> int:
        if self._disk_bytes is None:
            free = shutil.disk_usage(existing_ancestor(self.folder.parent)).free
            self._disk_bytes = min(int(free * _DISK_SHARE), _MOST_DISK)
        return self._disk_bytes

    @disk_bytes.setter
    def disk_bytes(self, most: int) -> None:
        self._disk_bytes = most

    def room(self) -> int:
        """How many more bytes it takes, once all that is spare has made room."""
        with self._lock:
            return self._room()

    def room_now(self) -> int | None:
        """Return the room without waiting for the lock; None while an array is written."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            return self._room()
        finally:
            self._lock.release()

    def _room(self) -> int:
        return self._budget - _total(k for k in self._there if not k.spare)

    @property
    def _budget(self) -> int:
        return self.memory_bytes + self.disk_bytes

    @property
    def _there(self) -> list[Kept]:
        return [kept for kept in list(self._kept) if not kept.gone]

    def keep(self, array: NDArray[Any]) -> Kept | None:
        """Keep an array that nobody writes to any more; None where there is no room for it.

        May write to the disk: not for a thread that must not wait.
        """
        with self._lock:
            if array.nbytes > self._room():
                return None
            self._make_room(array.nbytes)
            kept = Kept(array)
            self._kept.add(kept)
            try:
                self._settle()
            except OSError:  # a full disk, or one that cannot be written to
                self.disk_bytes = _total(k for k in self._there if not k.in_memory)
                return None
            return kept

    def close(self) -> None:
        """Delete what is on disk."""
        self.folder.remove()

    def _make_room(self, size: int) -> None:
        """Let go of what is spare, as far as that is needed."""
        excess = _total(self._there) + size - self._budget
        for kept in sorted((k for k in self._there if k.spare), key=lambda k: k.used):
            if excess <= 0:
                return
            kept.let_go()
            excess -= kept.bytes

    def _settle(self) -> None:
        """Move to the disk what the memory has no room for. Raises OSError."""
        there = sorted((k for k in self._there if k.in_memory), key=lambda k: k.used)
        excess = _total(there) - self.memory_bytes
        for kept in there:
            if excess <= 0:
                return
            kept.put_on_disk(self.folder.path() / f"{next(self._names)}.npy")
            excess -= kept.bytes


def _total(kept: Iterable[Kept]) -> int:
    return sum(k.bytes for k in kept)
