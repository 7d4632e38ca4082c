"""The number of files by outcome, and of failures by kind with the first names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from app.cli.run_events import UNEXPECTED_ERROR
from app.i18n.formatting import format_count
from ddrm_core.batch.outcome import FileState

_MAX_NAMES = 3
_MAX_KINDS = 3
_OTHER_FAILURE = "other errors"
# The class of an error, and the words for its files in a summary.
_FAILURE_TEXTS: Mapping[str, str] = {
    "CompressionNotDetected": "without signs of a JPEG compression",
    "DamagedJpeg": "damaged",
    "InvalidObjectKey": "with a key that cannot be the path of a file",
    "InsufficientMemory": "too large for the memory",
    "NotAJpeg": "no images that can be restored",
    "OutOfMemory": "too large for the memory",
    "OutputExists": "with another file in the place of the result",
    "ResultNotVerified": "with a result that cannot be verified",
    "SharedTarget": "with the same result as another file",
    "TooManyPixels": "with too many pixels",
    "UnreadableFile": "not readable",
    "UnsupportedFormat": "not possible in the format of the results",
    "UnsupportedImage": "no images that can be restored",
    "UnsupportedJpeg": "with a coding that cannot be restored",
    "UnwritableOutput": "with a result that cannot be written",
    "WorkerCrashed": "that ended their worker process",
    UNEXPECTED_ERROR: "with an unexpected error",
}


@dataclass(slots=True, eq=False)
class OutcomeCounts:
    """The counted outcomes of files and folders, each of which has one outcome.

    Memory does not grow with the number of files.

    Attributes:
        states: Number of files and folders by state.
        failures: Number of failed files and folders by kind of the error.
        first_failed: Paths of the first failed files and folders by kind of the error.
    """

    states: Counter[FileState] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    first_failed: dict[str, list[Path]] = field(default_factory=dict)

    def add(self, path: Path, state: FileState, failure_kind: str | None) -> None:
        """Count the outcome of a file or folder.

        Args:
            path: Path of the file or folder.
            state: State of the file.
            failure_kind: Kind of the error, from `name_error_kind`; None unless the file failed.
        """
        self.states[state] += 1
        if failure_kind is None:
            return
        self.failures[failure_kind] += 1
        first_paths = self.first_failed.setdefault(failure_kind, [])
        if len(first_paths) < _MAX_NAMES:
            first_paths.append(path)

    def count(self) -> OutcomeCounts:
        """Return these counts."""
        return self


@dataclass(slots=True, eq=False)
class LatestOutcomes:
    """The outcomes of the files of a watched folder, of which the latest one of a file counts."""

    _outcomes: dict[Path, tuple[FileState, str | None]] = field(default_factory=dict, init=False)

    def add(self, path: Path, state: FileState, failure_kind: str | None) -> None:
        """Record an outcome in place of an earlier one of the path; see `OutcomeCounts.add`."""
        self._outcomes.pop(path, None)
        self._outcomes[path] = (state, failure_kind)

    def count(self) -> OutcomeCounts:
        """Return the counts of the latest outcomes."""
        counts = OutcomeCounts()
        for path, (state, failure_kind) in self._outcomes.items():
            counts.add(path, state, failure_kind)
        return counts


@runtime_checkable
class OutcomeCounter(Protocol):
    """The interface to the outcomes of a batch while the batch runs."""

    def add(self, path: Path, state: FileState, failure_kind: str | None) -> None:
        """Record the outcome of a file or folder."""
        ...

    def count(self) -> OutcomeCounts:
        """Return the number of files by outcome."""
        ...


def format_failures(counts: OutcomeCounts, folder: Path) -> list[str]:
    """Return one line per kind of failure, the most frequent first, with the first names.

    Args:
        counts: Outcomes of the files.
        folder: Folder to which the names are relative.
    """
    lines = []
    for text, count in _count_by_text(counts.failures).most_common():
        paths = [
            path
            for kind, first_paths in counts.first_failed.items()
            if _find_text(kind) == text
            for path in first_paths
        ][:_MAX_NAMES]
        names = [
            str(path.relative_to(folder) if path.is_relative_to(folder) else path) for path in paths
        ]
        more = f" and {count - _MAX_NAMES} more" if count > _MAX_NAMES else ""
        lines.append(f"  {count} {text}: {', '.join(names)}{more}")
    return lines


def format_failure_counts(failures: Counter[str]) -> str:
    """Return the failures by kind as a short text, such as "3 failed (2 damaged, 1 not readable)".

    Args:
        failures: Number of failed files by kind of the error, at least one.
    """
    by_text = _count_by_text(failures)
    shown = by_text.most_common(_MAX_KINDS)
    texts = [f"{format_count(count)} {text}" for text, count in shown]
    if rest := by_text.total() - sum(count for _, count in shown):
        texts.append(f"{format_count(rest)} for other reasons")
    return f"{format_count(by_text.total())} failed ({', '.join(texts)})"


def _count_by_text(failures: Mapping[str, int]) -> Counter[str]:
    counts = Counter[str]()
    for kind, count in failures.items():
        counts[_find_text(kind)] += count
    return counts


def _find_text(failure_kind: str) -> str:
    return _FAILURE_TEXTS.get(failure_kind, _OTHER_FAILURE)
