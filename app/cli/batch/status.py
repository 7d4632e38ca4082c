"""The status of a batch while it runs: finished files, failures, rate and time left."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from app.cli.batch.outcome_counts import format_failure_counts
from app.cli.run.cost_estimate import format_file_count
from app.cli.run_events import name_error_kind
from app.i18n.formatting import format_approximate_duration, format_count, format_decimal
from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.batch.runner import FileRestoreProgress

STATUS_INTERVAL_S = 60.0
STATUS_INTERVAL_FILES = 1000
_WINDOW_S = 300.0
# A window has at least this many files, however long they take, and at most as many as below.
_MIN_WINDOW_FILES, _MAX_WINDOW_FILES = 10, 1000
_DONE_BEFORE = (FileState.SKIPPED, FileState.KEPT_OTHER_SETTINGS)


@dataclass(frozen=True, slots=True)
class _Totals:
    """The totals of a batch when a file ended.

    Attributes:
        seconds: Time of all files that were not done before, in seconds.
        file_count: Number of these files.
        restored_count: Number of the restored ones among them.
    """

    seconds: float = 0.0
    file_count: int = 0
    restored_count: int = 0


class RestorationRate:
    """The rate of a batch over the last minutes, without the files that were done before.

    Files that fail or that the selection rule leaves take part in the time per file, because the
    files to come contain as many, but not in the number of restored files.
    """

    def __init__(self) -> None:
        """Create the rate of a batch without finished files."""
        self._totals = deque([_Totals()], maxlen=_MAX_WINDOW_FILES + 1)

    def add_file(self, seconds: float, *, is_restored: bool) -> None:
        """Add a file that was not done before.

        Args:
            seconds: Time since the file before it ended; several files may run at a time.
            is_restored: Whether the file took a run and has a result.
        """
        totals, last = self._totals, self._totals[-1]
        total = last.seconds + seconds
        totals.append(_Totals(total, last.file_count + 1, last.restored_count + is_restored))
        while len(totals) > _MIN_WINDOW_FILES + 1 and total - totals[1].seconds >= _WINDOW_S:
            totals.popleft()

    @property
    def restored_per_hour(self) -> float | None:
        """Restored files per hour in the window, None before the first one."""
        first, last = self._totals[0], self._totals[-1]
        restored, seconds = last.restored_count - first.restored_count, last.seconds - first.seconds
        return 3600 * restored / seconds if restored and seconds > 0 else None

    @property
    def total_per_hour(self) -> float | None:
        """Restored files per hour since the start, None before the first one."""
        restored, seconds = self._totals[-1].restored_count, self._totals[-1].seconds
        return 3600 * restored / seconds if restored and seconds > 0 else None

    @property
    def seconds_per_file(self) -> float | None:
        """Time per file in the window in seconds, None before the first file."""
        first, last = self._totals[0], self._totals[-1]
        count = last.file_count - first.file_count
        return (last.seconds - first.seconds) / count if count else None


class BatchStatus:
    """The number of finished and failed files of a batch, their rate, and the time left.

    Memory does not grow with the number of files.

    Attributes:
        file_count: Number of files, None if it is unknown or not known yet.
        finished_count: Number of files that have an outcome or cannot be planned.
        skipped_count: Number of finished files that took hardly any time.
        failures: Number of failed files and folders by kind of the error.
        active_fractions: Restored share, 0 to 1, of each file that is being restored, by source.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Create the status of a batch that has not started.

        Args:
            clock: Function that returns a time in seconds.
        """
        self._clock, self._rate = clock, RestorationRate()
        self.failures: Counter[str] = Counter()
        self.finished_count = 0
        self.start(0)

    def start(self, file_count: int | None) -> None:
        """Begin with zero of `file_count` files, None for an unknown number.

        The rate goes on, so that new files of a watched folder have one at once.
        """
        if self.finished_count:  # otherwise, the failures are those of folders of this batch
            self.failures = Counter()
        self.file_count = file_count
        self.finished_count = self.skipped_count = self._done_before_count = 0
        self.active_fractions: dict[Path, float] = {}
        self._start_times: dict[Path, float] = {}  # unfinished files, the earliest first
        self._last_end = self._last_shown = self._clock()
        self._last_shown_count = 0

    def add_event(self, event: FileRestoreProgress | FileOutcome) -> None:
        """Add the progress of a file, or its outcome."""
        source = event.file.source
        match event:
            case FileRestoreProgress(fraction=fraction):
                self.active_fractions[source] = fraction
                self._start_times.setdefault(source, self._clock())
            case FileOutcome(state=state, error=error):
                self.active_fractions.pop(source, None)
                self._start_times.pop(source, None)
                self.finished_count += 1
                self.skipped_count += not state.needs_run
                self._done_before_count += state in _DONE_BEFORE
                if error is not None:
                    self.failures[name_error_kind(error)] += 1
                self._add_time(event)

    def add_failure(self, error: Exception, *, is_file: bool) -> None:
        """Count a file that cannot be planned, or a folder that cannot be read."""
        self.failures[name_error_kind(error)] += 1
        self.finished_count += is_file

    @property
    def restored_per_hour(self) -> float | None:
        """Restored files per hour over the last minutes, None before the first one."""
        return self._rate.restored_per_hour

    @property
    def total_per_hour(self) -> float | None:
        """Restored files per hour since the start, None before the first one."""
        return self._rate.total_per_hour

    @property
    def seconds_left(self) -> float | None:
        """Expected time of the unfinished files in seconds, None if it cannot be known yet."""
        seconds_per_file = self._rate.seconds_per_file
        if seconds_per_file is None or self.file_count is None:
            return None
        left = self.file_count - self.finished_count - sum(self.active_fractions.values())
        return max(left, 0.0) * seconds_per_file

    def begin_interval_if_due(self) -> bool:
        """Return whether the status should be shown now, and begin the next interval if so.

        An interval is a minute, or a thousand files if they end earlier.
        """
        now = self._clock()
        if (
            now - self._last_shown < STATUS_INTERVAL_S
            and self.finished_count - self._last_shown_count < STATUS_INTERVAL_FILES
        ):
            return False
        self._last_shown, self._last_shown_count = now, self.finished_count
        return True

    def format_line(self) -> str:
        """Return the status as one line that begins with the number of finished files."""
        if self.file_count is None:
            start = format_file_count(self.finished_count)
        else:
            start = f"{format_count(self.finished_count)} of {format_count(self.file_count)}"
        facts = self.format_facts()
        return f"{start}: {facts}" if facts else start

    def format_facts(self) -> str:
        """Return rate, counts and time left as a text, empty if none of them is known yet."""
        parts = []
        if (per_hour := self.restored_per_hour) is not None:
            parts.append(format_rate(per_hour))
        if self._done_before_count:
            parts.append(f"{format_count(self._done_before_count)} done before")
        if self.failures:
            parts.append(format_failure_counts(self.failures))
        if (seconds := self.seconds_left) is not None and seconds >= 1:
            parts.append(f"{format_approximate_duration(seconds)} left")
        return ", ".join(parts)

    def _add_time(self, outcome: FileOutcome) -> None:
        """Add the time since the last outcome to the rate, unless files were only skipped in it."""
        now = self._clock()
        if outcome.state not in _DONE_BEFORE:
            has_run = outcome.state.needs_run and outcome.copied_from is None
            is_restored = has_run and outcome.error is None
            self._rate.add_file(now - self._last_end, is_restored=is_restored)
        elif any(start <= self._last_end for start in islice(self._start_times.values(), 1)):
            return  # the time belongs to a file that another worker is restoring
        self._last_end = now


def format_rate(per_hour: float) -> str:
    """Return a number of files per hour as text, such as "1,976 per hour"."""
    return f"{format_decimal(per_hour, 0 if per_hour >= 10 else 1)} per hour"
