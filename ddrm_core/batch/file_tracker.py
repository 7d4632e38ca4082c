"""The files of a batch, and which of them has its result where."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol, runtime_checkable

from ddrm_core.batch.output_paths import PlannedFile, path_key


@runtime_checkable
class OtherBatchFiles(Protocol):
    """The other files of a batch."""

    def has_result(self, path: Path) -> bool:
        """Whether another file, whose turn is over, has its result there."""
        ...

    def find_pending(self, path: Path) -> PlannedFile | None:
        """Return the file whose turn is to come and whose result is planned there, if any.

        Where the file leaves its format open, the suffix tells no paths apart.
        """
        ...


class BatchFileTracker:
    """The files of a batch on the command line: who is to come, and who has a result where."""

    def __init__(self) -> None:
        """No file is known yet."""
        self._pending: dict[str, PlannedFile] = {}
        self._pending_any_suffix: dict[
            str, PlannedFile
        ] = {}  # files that leave their format open, without suffixes
        self._sources_by_result: dict[str, Path] = {}  # whose they are
        self._current_source: Path | None = None

    def add(self, files: Iterable[PlannedFile]) -> None:
        """Have these files wait for their turns."""
        for file in files:
            self._pending_for(file)[
                path_key(file.target, ignore_suffix=file.has_flexible_suffix)
            ] = file

    def start_file(self, file: PlannedFile) -> None:
        """Begin a file's turn: from now on its place is not expected."""
        self._current_source = file.source
        self._pending_for(file).pop(
            path_key(file.target, ignore_suffix=file.has_flexible_suffix), None
        )

    def finish_file(self, file: PlannedFile, result: Path) -> None:
        """End the turn of a file that has its result there."""
        self._sources_by_result[path_key(result, ignore_suffix=False)] = file.source

    def has_result(self, path: Path) -> bool:
        """See `OtherBatchFiles`."""
        return (
            self._sources_by_result.get(path_key(path, ignore_suffix=False), self._current_source)
            != self._current_source
        )

    def find_pending(self, path: Path) -> PlannedFile | None:
        """See `OtherBatchFiles`."""
        return self._pending.get(
            path_key(path, ignore_suffix=False)
        ) or self._pending_any_suffix.get(path_key(path, ignore_suffix=True))

    def _pending_for(self, file: PlannedFile) -> dict[str, PlannedFile]:
        return self._pending_any_suffix if file.has_flexible_suffix else self._pending
