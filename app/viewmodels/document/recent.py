"""The files that were opened last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from app.config.window_state import MOST_RECENT
from app.jobs.worker import Outcome, Runner, once
from app.viewmodels.state_view_model import StateViewModel


@dataclass(frozen=True, slots=True)
class RecentState:
    """The list.

    Attributes:
        files: At most `MOST_RECENT`, the latest first.
        missing: Those of them that were not there when somebody looked.
    """

    files: tuple[Path, ...] = ()
    missing: frozenset[Path] = frozenset()

    @property
    def last(self) -> Path | None:
        """The file that was opened last, None where none was."""
        return self.files[0] if self.files else None


def with_opened(state: RecentState, path: Path) -> RecentState:
    """Once a file was opened: it comes first, and is there."""
    others = [other for other in state.files if other != path]
    return RecentState((path, *others)[:MOST_RECENT], state.missing - {path})


def without(state: RecentState, paths: Iterable[Path]) -> RecentState:
    """The same without these."""
    gone = frozenset(paths)
    files = tuple(path for path in state.files if path not in gone)
    return RecentState(files, state.missing - gone)


def missing_of(paths: Iterable[Path]) -> frozenset[Path]:
    """Those that are no files, or cannot be reached."""
    return frozenset(path for path in paths if not _is_there(path))


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


class RecentViewModel(StateViewModel[RecentState]):
    """The list as one value that changes."""

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(RecentState(), parent)
        self._runner = runner
        self._run_id = 0
        self._refused: frozenset[Path] = frozenset()
        runner.ended.connect(self._on_ended)

    def remember(self, files: Iterable[Path]) -> None:
        """Begin with the files of an earlier session, the latest first."""
        self._set(RecentState(tuple(files)[:MOST_RECENT]))

    def opened(self, path: Path) -> None:
        self._set(with_opened(self._state, path))

    def refused(self, path: Path) -> None:
        """A file could not be opened: where it is gone, it leaves the list."""
        if path in self._state.files:
            self._refused |= {path}
            self.look()

    def clear(self) -> None:
        self._set(RecentState())

    def look(self) -> None:
        """Find out which files are missing; disks that sleep take seconds to answer."""
        self._runner.withdraw(self._run_id)
        self._run_id = self._runner.start(once(partial(missing_of, self._state.files)))

    @Slot(int, object)
    def _on_ended(self, run_id: int, outcome: Outcome) -> None:
        if run_id != self._run_id or not isinstance(outcome.result, frozenset):
            return
        missing = outcome.result & frozenset(self._state.files)
        seen = replace(self._state, missing=missing)
        self._set(without(seen, missing & self._refused))
        self._refused = frozenset()
