"""View model of the recently opened files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from app.config.window_state import MAX_RECENT_FILES
from app.jobs.worker import JobOutcome, JobRunner, job_from_function
from app.viewmodels.state_view_model import JobViewModel


@dataclass(frozen=True, slots=True)
class RecentFilesState:
    """The list of recent files.

    Attributes:
        files: At most `MAX_RECENT_FILES` files, the latest first.
        missing_files: Files of the list that were missing at the last check.
    """

    files: tuple[Path, ...] = ()
    missing_files: frozenset[Path] = frozenset()

    @property
    def latest_file(self) -> Path | None:
        """The file that was opened last, None if the list is empty."""
        return self.files[0] if self.files else None


def with_opened_file(state: RecentFilesState, path: Path) -> RecentFilesState:
    """Return the state with `path` as the latest file, and no longer as a missing one."""
    other_files = [other for other in state.files if other != path]
    return RecentFilesState((path, *other_files)[:MAX_RECENT_FILES], state.missing_files - {path})


def without_files(state: RecentFilesState, paths: Iterable[Path]) -> RecentFilesState:
    """Return the state without the files `paths`."""
    removed = frozenset(paths)
    files = tuple(path for path in state.files if path not in removed)
    return RecentFilesState(files, state.missing_files - removed)


def find_missing_files(paths: Iterable[Path]) -> frozenset[Path]:
    """Return the paths at which no file exists or whose file cannot be accessed."""
    return frozenset(path for path in paths if not _is_existing_file(path))


def _is_existing_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


class RecentFilesViewModel(JobViewModel[RecentFilesState]):
    """View model of the list of recent files."""

    def __init__(self, runner: JobRunner) -> None:
        super().__init__(RecentFilesState(), runner)
        self._failed_files: frozenset[Path] = frozenset()

    def set_files(self, files: Iterable[Path]) -> None:
        """Replace the list by the files of an earlier session, the latest first."""
        self._set_state(RecentFilesState(tuple(files)[:MAX_RECENT_FILES]))

    def add_file(self, path: Path) -> None:
        self._set_state(with_opened_file(self._state, path))

    def handle_open_failure(self, path: Path) -> None:
        """Check a file that could not be opened, and remove it from the list if missing."""
        if path in self._state.files:
            self._failed_files |= {path}
            self.check_missing_files()

    def clear(self) -> None:
        self._set_state(RecentFilesState())

    def check_missing_files(self) -> None:
        """Start a job that finds the files of the list that are missing.

        The check runs on a worker thread, because a disk in standby takes seconds to answer.
        """
        self._runner.discard(self._job_id)
        self._job_id = self._runner.start(
            job_from_function(partial(find_missing_files, self._state.files))
        )

    def _on_job_ended(self, outcome: JobOutcome) -> None:
        if not isinstance(outcome.result, frozenset):
            return
        missing_files = outcome.result & frozenset(self._state.files)
        checked_state = replace(self._state, missing_files=missing_files)
        self._set_state(without_files(checked_state, missing_files & self._failed_files))
        self._failed_files = frozenset()
