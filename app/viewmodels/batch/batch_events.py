"""What happens to a queue and is said once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.jobs.batch.batch_worker import BatchResultImage, FolderSearchSummary
from app.viewmodels.batch.batch_counts import BatchCounts
from ddrm_core.errors import UnwritableOutput


@dataclass(frozen=True, slots=True)
class BatchFinished:
    """Nothing is left to do.

    Attributes:
        counts: How many files are how far.
    """

    counts: BatchCounts


@dataclass(frozen=True, slots=True)
class UnfinishedBatchLoaded:
    """There is something left from the last time.

    Attributes:
        counts: How many files are how far.
    """

    counts: BatchCounts


@dataclass(frozen=True, slots=True)
class BatchErrorOccurred:
    """Something besides a file went wrong.

    Attributes:
        error: What.
    """

    error: Exception


@dataclass(frozen=True, slots=True)
class RedoQuestion:
    """The user is to say whether results of other settings are replaced.

    Attributes:
        file_count: Number of files that have such results.
    """

    file_count: int


@dataclass(frozen=True, slots=True)
class BatchPausedByWriteError:
    """The queue pauses because its results cannot be written any more.

    Attributes:
        folder: The folder of the results.
        error: Why.
        remaining: How many files are still to be restored.
    """

    folder: Path
    error: UnwritableOutput
    remaining: int


@dataclass(frozen=True, slots=True)
class BatchReportSaved:
    """A report was written.

    Attributes:
        path: Where.
    """

    path: Path


@dataclass(frozen=True, slots=True)
class WatchedFolderUnavailable:
    """The watched folder cannot be read any more.

    Attributes:
        folder: Which.
    """

    folder: Path


BatchEvent = (
    BatchFinished
    | UnfinishedBatchLoaded
    | BatchErrorOccurred
    | RedoQuestion
    | BatchPausedByWriteError
    | FolderSearchSummary
    | BatchReportSaved
    | BatchResultImage
    | WatchedFolderUnavailable
)
