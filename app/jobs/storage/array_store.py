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
from app.jobs.storage.temporary_folder import TemporaryFolder
from ddrm_core.errors import UnreadableFile
from ddrm_core.messages import Reason
from ddrm_core.os_errors import describe_failure, reading

_MEMORY_SHARE, _MAX_MEMORY_BYTES = 1 / 8, 2 << 30
_DISK_SHARE, _MAX_DISK_BYTES = 1 / 4, 4 << 30
_EVICTED_LABEL = tr_noop("the picture of an earlier run")


class EvictionReason(Reason):
    """Reason why an array is not kept any more."""

    NEWER_ARRAYS = tr_noop("it had to make room for newer ones")


_use_counter = itertools.count()


class StoredArray:
    """An array in a `ArrayStore`, for as long as this object lives. Safe to use from any thread.

    Attributes:
        nbytes: What it takes, wherever it is.
        last_used: When it was last read, as a number that only grows.
        is_evictable: Whether it has to make room for what is newer, those used longest ago first.
        is_over_budget: Whether it is in memory beyond the budgets: no store has room for it.
    """

    def __init__(self, array: NDArray[Any]) -> None:
        self._array: NDArray[Any] | None = array
        self._path: Path | None = None
        self.nbytes = array.nbytes
        self.last_used = next(_use_counter)
        self.is_evictable = False
        self.is_over_budget = True

    @property
    def is_evicted(self) -> bool:
        """Whether it had to make room."""
        return self._array is None and self._path is None

    @property
    def is_in_memory(self) -> bool:
        return self._array is not None

    def load(self) -> NDArray[Any]:
        """What was kept, bit by bit; not to be written to.

        Raises:
            UnreadableFile: It had to make room, or somebody has taken its file away.
        """
        self.last_used = next(_use_counter)
        array, path = self._array, self._path
        if array is not None:
            return array
        if path is None:
            raise UnreadableFile(Path(tr(_EVICTED_LABEL)), EvictionReason.NEWER_ARRAYS)
        try:
            with reading(path):
                loaded: NDArray[Any] = np.load(path, allow_pickle=False)
        except ValueError as error:
            raise UnreadableFile(path, describe_failure(error)) from error
        return loaded

    def release(self) -> None:
        """Free its memory or its file."""
        path, self._array, self._path = self._path, None, None
        if path is not None:
            path.unlink(missing_ok=True)

    def move_to_disk(self, path: Path) -> None:
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


class ArrayStore:
    """Keeps arrays within two budgets; those not used for longest go to the disk first.

    The budgets may be changed at any time; what is kept already follows when more comes.

    Attributes:
        folder: Where those on disk are.
        max_memory_bytes: At most so much of them is in memory.
        max_disk_bytes: And so much on disk.
    """

    def __init__(
        self,
        folder: TemporaryFolder,
        *,
        max_memory_bytes: int | None = None,
        max_disk_bytes: int | None = None,
    ) -> None:
        """What is not given follows what is free now, and the disk at the first use of it."""
        if max_memory_bytes is None:
            free = psutil.virtual_memory().available
            max_memory_bytes = min(int(free * _MEMORY_SHARE), _MAX_MEMORY_BYTES)
        self.max_memory_bytes = max_memory_bytes
        self._max_disk_bytes = max_disk_bytes
        self.folder = folder
        self._stored_arrays: weakref.WeakSet[StoredArray] = weakref.WeakSet()
        self._file_numbers = itertools.count()
        self._lock = threading.Lock()

    @property
    def max_disk_bytes(self) -> int:
        if self._max_disk_bytes is None:
            free = shutil.disk_usage(existing_ancestor(self.folder.parent)).free
            self._max_disk_bytes = min(int(free * _DISK_SHARE), _MAX_DISK_BYTES)
        return self._max_disk_bytes

    @max_disk_bytes.setter
    def max_disk_bytes(self, most: int) -> None:
        self._max_disk_bytes = most

    def free_bytes(self) -> int:
        """How many more bytes it takes, once all that is spare has made room."""
        with self._lock:
            return self._count_free_bytes()

    def free_bytes_nowait(self) -> int | None:
        """Return the room without waiting for the lock; None while an array is written."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            return self._count_free_bytes()
        finally:
            self._lock.release()

    def _count_free_bytes(self) -> int:
        return self._budget_bytes - _sum_bytes(
            item for item in self._live_arrays if not item.is_evictable
        )

    @property
    def _budget_bytes(self) -> int:
        return self.max_memory_bytes + self.max_disk_bytes

    @property
    def _live_arrays(self) -> list[StoredArray]:
        return [stored for stored in list(self._stored_arrays) if not stored.is_evicted]

    def store(self, array: NDArray[Any]) -> StoredArray | None:
        """Keep an array that nobody writes to any more; None where there is no room for it.

        May write to the disk: not for a thread that must not wait.
        """
        stored = StoredArray(array)
        self.admit(stored)
        return None if stored.is_over_budget else stored

    def admit(self, stored: StoredArray) -> None:
        """Hold an array within the budgets, if there is room; else the array stays over budget.

        May write to the disk: not for a thread that must not wait.
        """
        with self._lock:
            if not stored.is_over_budget or stored.nbytes > self._count_free_bytes():
                return
            self._evict(stored.nbytes)
            self._stored_arrays.add(stored)
            try:
                self._move_excess_to_disk()
            except OSError:  # a full disk, or one that cannot be written to
                self._stored_arrays.discard(stored)
                self.max_disk_bytes = _sum_bytes(
                    item for item in self._live_arrays if not item.is_in_memory
                )
            else:
                stored.is_over_budget = False

    def close(self) -> None:
        """Delete what is on disk."""
        self.folder.remove()

    def _evict(self, needed_bytes: int) -> None:
        """Let go of what is spare, as far as that is needed."""
        excess = _sum_bytes(self._live_arrays) + needed_bytes - self._budget_bytes
        for stored in sorted(
            (item for item in self._live_arrays if item.is_evictable),
            key=lambda item: item.last_used,
        ):
            if excess <= 0:
                return
            stored.release()
            excess -= stored.nbytes

    def _move_excess_to_disk(self) -> None:
        """Move to the disk what the memory has no room for. Raises OSError."""
        in_memory = sorted(
            (item for item in self._live_arrays if item.is_in_memory),
            key=lambda item: item.last_used,
        )
        excess = _sum_bytes(in_memory) - self.max_memory_bytes
        for stored in in_memory:
            if excess <= 0:
                return
            stored.move_to_disk(self.folder.get_or_create() / f"{next(self._file_numbers)}.npy")
            excess -= stored.nbytes


def _sum_bytes(arrays: Iterable[StoredArray]) -> int:
    return sum(item.nbytes for item in arrays)
