"""A store for arrays in memory and, beyond a memory budget, on disk."""

from __future__ import annotations

import itertools
import shutil
import threading
import weakref
from collections.abc import Iterable, Sequence
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
_LOST_LABEL = tr_noop("the picture of an earlier run")


class LossReason(Reason):
    """The reason why an array is not available any more."""

    NEWER_ARRAYS = tr_noop("it had to make room for newer ones")


_use_counter = itertools.count()


class StoredArray:
    """An array in memory or on disk, kept as long as this object lives. Thread-safe.

    Attributes:
        nbytes: Size of the array, in memory or on disk.
        loss: Reason why the array is lost, None while the array is available.
        last_used: Number of the latest read; a later read of any array has a larger number.
        is_evictable: Whether the array may be removed when a newer array needs the space; the
            least recently used array is removed first.
        is_over_budget: Whether the array is in memory outside the budgets of any store.
        is_persistent: Whether the array has a file that stays when this object is deleted.
    """

    def __init__(
        self, array: NDArray[Any] | None, *, path: Path | None = None, nbytes: int = 0
    ) -> None:
        """Create an array in memory, or one of a file that stays when this object is deleted.

        Args:
            array: The array; None for an array of a file.
            path: File of the array, without `array`.
            nbytes: Size of the array in the file.
        """
        self._array = array
        self._path = path
        self.is_persistent = path is not None
        self.nbytes = nbytes if array is None else array.nbytes
        self.loss: LossReason | None = None
        self.last_used = next(_use_counter)
        self.is_evictable = False
        self.is_over_budget = True

    @property
    def is_in_memory(self) -> bool:
        return self._array is not None

    def load(self) -> NDArray[Any]:
        """Return the array, which the caller must not change.

        An array on disk is read from its file.

        Raises:
            UnreadableFile: If the array is lost, or if its file is missing or damaged.
        """
        self.last_used = next(_use_counter)
        if self.loss is not None:
            raise UnreadableFile(Path(tr(_LOST_LABEL)), self.loss)
        array, path = self._array, self._path
        if array is not None:
            return array
        assert path is not None  # an available array is in memory or on disk
        try:
            return _read_array(path)
        except UnreadableFile:
            new_path = self._path
            if new_path is None or new_path == path:
                raise
            return _read_array(new_path)  # another thread has moved the array to this file

    def lose(self, reason: LossReason) -> None:
        """Free the array's memory or delete its file, for the given reason."""
        self.loss = reason
        path, self._array, self._path = self._path, None, None
        if path is not None:
            path.unlink(missing_ok=True)

    def move_to_disk(self, path: Path) -> None:
        """Write the array to `path` and free its memory.

        The file is deleted when this object is deleted.

        Raises:
            OSError: If writing fails; then no file is left and the array stays in memory.
        """
        array = self._array
        assert array is not None  # the store moves an array only once
        try:
            np.save(path, array, allow_pickle=False)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        weakref.finalize(self, path.unlink, missing_ok=True)
        self._path = path
        self._array = None

    def release_memory(self) -> None:
        """Free the memory of an array that has a file."""
        assert self._path is not None  # otherwise the array would be lost
        self._array = None

    def write_copy(self, path: Path) -> None:
        """Write the array to another file.

        Raises:
            OSError: If writing fails.
            UnreadableFile: See `load`.
        """
        np.save(path, self.load(), allow_pickle=False)

    def use_persistent_file(self, path: Path) -> None:
        """Use a copy written by `write_copy`, which stays when this object is deleted."""
        temporary_path = None if self.is_persistent else self._path
        self._path, self.is_persistent = path, True
        if temporary_path is not None:
            temporary_path.unlink(missing_ok=True)


def _read_array(path: Path) -> NDArray[Any]:
    try:
        with reading(path):
            array: NDArray[Any] = np.load(path, allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise UnreadableFile(path, describe_failure(error)) from error
    return array


class ArrayStore:
    """A store that keeps arrays within a memory budget and a disk budget.

    The least recently used arrays are moved to disk first. The budgets may be changed at any time;
    a change applies when the next array is stored.

    Attributes:
        folder: Temporary folder of the arrays on disk.
        max_memory_bytes: Memory budget in bytes.
        max_disk_bytes: Disk budget in bytes.
        reserved_disk_bytes: Part of the disk budget that stored results of other sessions use.
    """

    def __init__(
        self,
        folder: TemporaryFolder,
        *,
        max_memory_bytes: int | None = None,
        max_disk_bytes: int | None = None,
    ) -> None:
        """Create an empty store.

        Args:
            folder: Temporary folder of the arrays on disk.
            max_memory_bytes: Memory budget; None for a share of the memory that is free now.
            max_disk_bytes: Disk budget; None for a share of the disk space that is free when the
                budget is first read.
        """
        if max_memory_bytes is None:
            free = psutil.virtual_memory().available
            max_memory_bytes = min(int(free * _MEMORY_SHARE), _MAX_MEMORY_BYTES)
        self.max_memory_bytes = max_memory_bytes
        self._max_disk_bytes = max_disk_bytes
        self.reserved_disk_bytes = 0
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
        """Return how many more bytes the store could hold if all evictable arrays were removed."""
        with self._lock:
            return self._count_free_bytes()

    def free_bytes_nowait(self) -> int | None:
        """Return `free_bytes()`, or None without waiting if another thread uses the store."""
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
        return self.max_memory_bytes + max(self.max_disk_bytes - self.reserved_disk_bytes, 0)

    @property
    def _live_arrays(self) -> list[StoredArray]:
        return [stored for stored in list(self._stored_arrays) if stored.loss is None]

    def store(self, array: NDArray[Any]) -> StoredArray | None:
        """Store an array and return it as a `StoredArray`, or None if the array does not fit.

        The caller must not change the array afterwards. The call may write to disk and must not be
        made on the GUI thread.
        """
        stored = StoredArray(array)
        self.admit(stored)
        return None if stored.is_over_budget else stored

    def admit(self, stored: StoredArray) -> None:
        """Bring an array that is over budget into the store if the store has or can make space.

        Otherwise the array stays over budget. The call may write to disk and must not be made on
        the GUI thread.
        """
        with self._lock:
            if not stored.is_over_budget or stored.nbytes > self._count_free_bytes():
                return
            self._evict(stored.nbytes)
            self._stored_arrays.add(stored)
            try:
                self._move_excess_to_disk()
            except OSError:  # the disk is full or not writable
                self._stored_arrays.discard(stored)
                self.max_disk_bytes = _sum_bytes(
                    item for item in self._live_arrays if not item.is_in_memory
                )
            else:
                stored.is_over_budget = False

    def add_persistent(self, arrays: Iterable[StoredArray]) -> None:
        """Let arrays count whose files an earlier session wrote."""
        with self._lock:
            for stored in arrays:
                self._stored_arrays.add(stored)
                stored.is_over_budget = False

    def reserve_files(self, arrays: Sequence[StoredArray], extra_bytes: int) -> bool:
        """Return whether persistent files of arrays fit into the disk budget.

        Evictable arrays are removed for them, least recently used first.

        Args:
            arrays: Arrays of this store that get persistent files.
            extra_bytes: Bytes of other files that are written with the arrays.
        """
        with self._lock:
            if any(stored.is_over_budget for stored in arrays):
                return False
            needed_bytes = _sum_bytes(arrays) + extra_bytes
            evictable = sorted(
                (item for item in self._live_arrays if item.is_evictable and item not in arrays),
                key=lambda item: item.last_used,
            )
            if needed_bytes > self._count_free_file_bytes([*arrays, *evictable]):
                return False
            while needed_bytes > self._count_free_file_bytes(arrays):
                evictable.pop(0).lose(LossReason.NEWER_ARRAYS)
            return True

    def _count_free_file_bytes(self, ignored_arrays: Sequence[StoredArray]) -> int:
        """Return how many bytes persistent files may have besides those of other arrays."""
        others = [item for item in self._live_arrays if item not in ignored_arrays]
        temporary_bytes = _sum_bytes(item for item in others if not item.is_persistent)
        return (
            self.max_disk_bytes
            - self.reserved_disk_bytes
            - _sum_bytes(item for item in others if item.is_persistent)
            - max(temporary_bytes - self.max_memory_bytes, 0)
        )

    def close(self) -> None:
        """Delete the temporary folder with all arrays on disk."""
        self.folder.remove()

    def _evict(self, needed_bytes: int) -> None:
        """Remove evictable arrays, least recently used first, until `needed_bytes` fit."""
        excess = _sum_bytes(self._live_arrays) + needed_bytes - self._budget_bytes
        for stored in sorted(
            (item for item in self._live_arrays if item.is_evictable),
            key=lambda item: item.last_used,
        ):
            if excess <= 0:
                return
            stored.lose(LossReason.NEWER_ARRAYS)
            excess -= stored.nbytes

    def _move_excess_to_disk(self) -> None:
        """Move arrays to disk, least recently used first, until the memory budget is met.

        Raises:
            OSError: If the disk is full or not writable.
        """
        in_memory = sorted(
            (item for item in self._live_arrays if item.is_in_memory),
            # Releasing the memory of an array that has a file takes no disk space.
            key=lambda item: (not item.is_persistent, item.last_used),
        )
        excess = _sum_bytes(in_memory) - self.max_memory_bytes
        for stored in in_memory:
            if excess <= 0:
                return
            if stored.is_persistent:
                stored.release_memory()
            else:
                stored.move_to_disk(self.folder.get_or_create() / f"{next(self._file_numbers)}.npy")
            excess -= stored.nbytes


def _sum_bytes(arrays: Iterable[StoredArray]) -> int:
    return sum(item.nbytes for item in arrays)
