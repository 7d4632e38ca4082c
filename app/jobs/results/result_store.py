"""The store of a window's results, which a later session can show again."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.config.prior_locations import existing_ancestor
from app.jobs.document.reopen import is_same_content
from app.jobs.results.archived_result import ArchivedResult
from app.jobs.results.result_document import ResultDocument
from app.jobs.results.result_folders import (
    WindowFolder,
    delete_result,
    list_window_folders,
    measure_bytes,
    measure_result_bytes,
)
from app.jobs.results.stored_result import (
    EarlierRun,
    ResultDefect,
    ResultView,
    UnusableResult,
    read_document,
    read_result,
    read_source_copy,
    read_view,
    write_result,
    write_view,
)
from app.jobs.run.restore_request import RestoreRequest
from app.jobs.storage.array_store import ArrayStore, StoredArray
from ddrm_core.errors import CoreError
from ddrm_core.os_errors import writing

if TYPE_CHECKING:  # imports torch, see `PriorCache`
    from ddrm_core.restoration.source import SourceImage

_DOCUMENT_BYTES = 1 << 16  # more than the JSON documents of a result
_MIN_FREE_BYTES = 1 << 26  # a full disk would stop other programs

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EarlierResults:
    """The stored results of earlier sessions.

    Attributes:
        file_names: Names of the restored files, one per result, the latest result first.
        byte_count: Bytes of all results, including those that cannot be used.
        newer_count: Number of results that a newer version of the program has stored.
        damaged_count: Number of results that cannot be read.
    """

    file_names: tuple[str, ...] = ()
    byte_count: int = 0
    newer_count: int = 0
    damaged_count: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class ArchivedRun:
    """An archived result, with its stored copy for a later session.

    Attributes:
        archived_result: The result.
        ended_at: End of the run, in local time.
        stored_folder: Folder of the stored copy, None without one.
    """

    archived_result: ArchivedResult
    ended_at: datetime
    stored_folder: Path | None


class ResultStore:
    """The stored results of one window, and access to those of earlier sessions.

    The methods read and write files, and must not be called on the GUI thread. Not thread-safe.

    Attributes:
        folder: Folder that holds a folder for each window.
    """

    def __init__(self, folder: Path, array_store: ArrayStore) -> None:
        self.folder = folder
        self._array_store = array_store
        self._window_folder: WindowFolder | None = None
        self._arrays: dict[Path, tuple[StoredArray, ...]] = {}
        self._is_closed = False

    def store(
        self, request: RestoreRequest, archived: ArchivedResult, ended_at: datetime
    ) -> Path | None:
        """Store a result within the disk budget, and return the folder of its files.

        Return None if the budget or the disk has no space, if the file has changed since the run
        read it, or if the system refuses.
        """
        source_bytes = read_source_copy(request.source)
        if source_bytes is None or self._is_closed:
            return None
        extra_bytes = len(source_bytes) + _DOCUMENT_BYTES
        if not self._reserve(archived, extra_bytes):
            return None
        try:
            window_folder = self._get_window_folder()
            unfinished = window_folder.create_unfinished()
        except OSError as error:
            _log.warning("no folder for a result: %s", error)
            return None
        try:
            arrays = write_result(unfinished, request, archived, ended_at, source_bytes)
            folder = window_folder.finish(unfinished)
        except (OSError, CoreError) as error:
            _log.warning("a result was not stored: %s", error)
            delete_result(unfinished)
            return None
        for name, stored in arrays.items():
            stored.use_persistent_file(folder / name)
        self._arrays[folder] = tuple(arrays.values())
        return folder

    def update_view(self, folder: Path, view: ResultView) -> None:
        """Store the changing part of a result; a failure is logged, because the result stays."""
        if self._is_closed:
            return
        if view.is_removed:
            for stored in self._arrays.get(folder, ()):
                if stored.loss is None:
                    stored.release_memory()
        try:
            write_view(folder, view)
        except CoreError as error:
            _log.warning("the view of a result was not stored: %s", error)

    def find_earlier(self) -> EarlierResults:
        """Return the results of earlier sessions, and delete what these left behind."""
        usable: list[_UsableResult] = []
        byte_count, newer_count, damaged_count = 0, 0, 0
        with self._lock_earlier_folders() as window_folders:
            for window_folder in window_folders:
                window_folder.remove_unfinished()
                for folder in window_folder.list_results():
                    if read_view(folder).is_removed:
                        delete_result(folder)
                        continue
                    byte_count += measure_result_bytes(folder)
                    try:
                        usable.append(_find_usable(folder))
                    except UnusableResult as error:
                        newer_count += error.defect is ResultDefect.NEWER
                        damaged_count += error.defect is ResultDefect.DAMAGED
        names = tuple(result.document.source_path.name for result in _sort_latest_first(usable))
        return EarlierResults(names, byte_count, newer_count, damaged_count)

    def take_earlier(self, max_count: int) -> tuple[EarlierRun, ...]:
        """Move the latest results of earlier sessions to this window, the latest first.

        A result that cannot be used stays where it is.

        Args:
            max_count: Largest number of results that are taken; the others stay.

        Raises:
            UnwritableOutput: If this window cannot have a folder.
        """
        if self._is_closed:
            return ()
        with writing(self.folder):
            own_folder = self._get_window_folder()
        runs: list[EarlierRun] = []
        with self._lock_earlier_folders() as window_folders:
            for result in _list_usable(window_folders):
                if len(runs) < max_count:
                    runs.extend(_take_result(own_folder, result))
        for run in runs:
            arrays = run.archived_result.stored_arrays
            self._arrays[run.folder] = arrays
            self._array_store.add_persistent(arrays)
        return _share_sources(runs)

    def clear_earlier(self) -> None:
        """Delete the results of earlier sessions, except those of a newer version."""
        with self._lock_earlier_folders() as window_folders:
            for window_folder in window_folders:
                for folder in window_folder.list_results():
                    if not _is_of_newer_version(folder):
                        delete_result(folder)

    def close(self, *, keep: bool) -> None:
        """End the use of the store, and unlock the folder of this window.

        Args:
            keep: Whether the results stay for a later session. Results that were removed from the
                run history are deleted in any case.
        """
        self._is_closed = True
        if self._window_folder is None:
            return
        for folder in self._window_folder.list_results():
            is_lost = any(stored.loss is not None for stored in self._arrays.get(folder, ()))
            if not keep or is_lost or read_view(folder).is_removed:
                delete_result(folder)
        self._window_folder.release()
        self._window_folder = None

    def _reserve(self, archived: ArchivedResult, extra_bytes: int) -> bool:
        """Return whether the disk budget and the disk have space for a result.

        Results that were saved by name give way: first those of this window, then those of earlier
        sessions.
        """
        arrays = archived.stored_arrays
        needed_bytes = sum(stored.nbytes for stored in arrays) + extra_bytes
        self._measure_reserved_bytes()
        has_space = self._array_store.reserve_files(arrays, extra_bytes)
        if not has_space:
            with self._lock_earlier_folders() as window_folders:
                # The oldest result is at the end.
                for result in _list_usable(window_folders)[::-1]:
                    if not has_space and read_view(result.folder).saved_path is not None:
                        delete_result(result.folder)
                        self._measure_reserved_bytes()
                        has_space = self._array_store.reserve_files(arrays, extra_bytes)
        if not has_space:
            return False
        try:
            free_bytes = shutil.disk_usage(existing_ancestor(self.folder)).free
        except OSError:
            return False
        return free_bytes >= needed_bytes + _MIN_FREE_BYTES

    def _measure_reserved_bytes(self) -> None:
        """Update the bytes in the disk budget of which the array store does not know."""
        counted_bytes = sum(
            stored.nbytes
            for arrays in self._arrays.values()
            for stored in arrays
            if stored.loss is None
        )
        used_bytes = sum(map(measure_bytes, list_window_folders(self.folder)))
        self._array_store.reserved_disk_bytes = max(used_bytes - counted_bytes, 0)

    def _get_window_folder(self) -> WindowFolder:
        """Return the folder of this window; create the folder at the first call.

        Raises:
            OSError: If the system refuses.
        """
        if self._window_folder is None:
            self._window_folder = WindowFolder.create(self.folder)
        return self._window_folder

    @contextmanager
    def _lock_earlier_folders(self) -> Iterator[tuple[WindowFolder, ...]]:
        """Lock the folders of earlier sessions, and release them at the end of the `with` block.

        Folders that other windows use are left out.
        """
        own_path = None if self._window_folder is None else self._window_folder.path
        with ExitStack() as stack:
            window_folders = []
            for path in list_window_folders(self.folder):
                window_folder = None if path == own_path else WindowFolder.lock_existing(path)
                if window_folder is not None:
                    stack.callback(window_folder.release)
                    window_folders.append(window_folder)
            yield tuple(window_folders)


def archive_and_store(
    archive: Callable[[], ArchivedResult], request: RestoreRequest, result_store: ResultStore | None
) -> ArchivedRun:
    """Archive a result with `archive`, and store it for a later session.

    Args:
        archive: Function that archives the result. Its errors are raised.
        request: Request of the run.
        result_store: Store for the copy, None for no copy.
    """
    archived, ended_at = archive(), datetime.now()
    folder = None
    if result_store is not None:
        folder = result_store.store(request, archived, ended_at)
    return ArchivedRun(archived, ended_at, folder)


@dataclass(frozen=True, slots=True)
class _UsableResult:
    """A stored result of an earlier session that this version can read.

    Attributes:
        folder: Folder of the result.
        document: Document of the result.
    """

    folder: Path
    document: ResultDocument


def _find_usable(folder: Path) -> _UsableResult:
    """Return the facts about a result. Raise UnusableResult if the result cannot be read."""
    return _UsableResult(folder, read_document(folder))


def _list_usable(window_folders: Sequence[WindowFolder]) -> list[_UsableResult]:
    """Return the results that this version can read, the latest first."""
    usable = []
    for window_folder in window_folders:
        for folder in window_folder.list_results():
            with suppress(UnusableResult):
                usable.append(_find_usable(folder))
    return _sort_latest_first(usable)


def _sort_latest_first(results: Sequence[_UsableResult]) -> list[_UsableResult]:
    return sorted(
        results, key=lambda result: (result.document.ended_at, result.folder), reverse=True
    )


def _take_result(own_folder: WindowFolder, result: _UsableResult) -> tuple[EarlierRun, ...]:
    """Move a result to this window and read it.

    Return no run if that fails; the result then stays where it was.
    """
    try:
        taken = own_folder.take(result.folder)
    except OSError as error:
        _log.warning("a result of an earlier session was not moved: %s", error)
        return ()
    try:
        return (read_result(taken, result.document),)
    except UnusableResult:
        with suppress(OSError):
            taken.rename(result.folder)
        return ()


def _share_sources(runs: Sequence[EarlierRun]) -> tuple[EarlierRun, ...]:
    """Return the runs with one source for all runs of the same file, to save memory.

    Runs of one source are also compared faster with a file that is opened.
    """
    sources: list[SourceImage] = []
    shared_runs = []
    for run in runs:
        source = run.request.source
        same = next((other for other in sources if is_same_content(other, source)), None)
        if same is None:
            sources.append(source)
        else:
            run = replace(run, request=replace(run.request, source=same))
        shared_runs.append(run)
    return tuple(shared_runs)


def _is_of_newer_version(folder: Path) -> bool:
    try:
        read_document(folder)
    except UnusableResult as error:
        return error.defect is ResultDefect.NEWER
    return False
