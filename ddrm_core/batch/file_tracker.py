"""Pending files of a batch, and the results of its finished files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol, runtime_checkable

from ddrm_core.batch.output_paths import PlannedFile, path_key
from ddrm_core.errors import OperationCancelled


class ContentInProgress(OperationCancelled):
    """The exception that another process is restoring a file of the same content."""


@runtime_checkable
class OtherBatchFiles(Protocol):
    """The interface to the files of a batch other than the current one."""

    def has_result(self, path: Path) -> bool:
        """Return whether `path` is the result of a finished file other than the current one."""
        ...

    def find_pending(self, path: Path) -> PlannedFile | None:
        """Return the pending file whose target is `path`, None if no file has this target.

        The suffix is ignored for a file with a flexible suffix.
        """
        ...


@runtime_checkable
class BatchTracker(OtherBatchFiles, Protocol):
    """The interface to the files of a batch, which is told of each file's start and end."""

    def add(self, files: Iterable[PlannedFile]) -> None:
        """Add files that are not yet started."""
        ...

    def start_file(self, file: PlannedFile) -> None:
        """Make a file the current file of the batch; the file is no longer pending."""
        ...

    def resume_file(self, file: PlannedFile) -> None:
        """Make a file that another process restores the current file of the batch."""
        ...

    def finish_file(self, file: PlannedFile, result: Path) -> None:
        """Record the path of a finished file's result."""
        ...


class BatchFileTracker:
    """The pending files, the current file and the finished files of a batch."""

    def __init__(self) -> None:
        """Create a tracker without files."""
        self._pending: dict[str, PlannedFile] = {}
        # Files with a flexible suffix; keys are without suffixes.
        self._pending_any_suffix: dict[str, PlannedFile] = {}
        self._sources_by_result: dict[str, Path] = {}
        self._current_source: Path | None = None

    def add(self, files: Iterable[PlannedFile]) -> None:
        """Add files that are not yet started, called pending."""
        for file in files:
            self._pending_for(file)[
                path_key(file.target, ignore_suffix=file.has_flexible_suffix)
            ] = file

    def start_file(self, file: PlannedFile) -> None:
        """Make a pending file the current file of the batch."""
        self._current_source = file.source
        self._pending_for(file).pop(
            path_key(file.target, ignore_suffix=file.has_flexible_suffix), None
        )

    def resume_file(self, file: PlannedFile) -> None:
        """Make a file that another process restores the current file of the batch.

        The file stays pending for all other files until `start_file`.
        """
        self._current_source = file.source

    def finish_file(self, file: PlannedFile, result: Path) -> None:
        """Record the path of a finished file's result."""
        self._sources_by_result[path_key(result, ignore_suffix=False)] = file.source

    def has_result(self, path: Path) -> bool:
        """Return whether `path` is the result of a finished file other than the current one."""
        return (
            self._sources_by_result.get(path_key(path, ignore_suffix=False), self._current_source)
            != self._current_source
        )

    def find_pending(self, path: Path) -> PlannedFile | None:
        """Return the pending file whose target is `path`; see `OtherBatchFiles`."""
        file = self._pending.get(
            path_key(path, ignore_suffix=False)
        ) or self._pending_any_suffix.get(path_key(path, ignore_suffix=True))
        return None if file is None or file.source == self._current_source else file

    def _pending_for(self, file: PlannedFile) -> dict[str, PlannedFile]:
        return self._pending_any_suffix if file.has_flexible_suffix else self._pending
