"""One-off notifications from the batch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.i18n.error_messages import UserMessage
from app.jobs.batch.batch_worker import BatchResultImage
from app.jobs.batch.replacing import ReplacementPlan
from app.jobs.batch.search_files import FolderSearchSummary
from app.jobs.batch.undo_replacements import UndoReport
from app.viewmodels.batch.batch_counts import BatchCounts
from ddrm_core.batch.output_check import DiskSpace
from ddrm_core.errors import UnwritableOutput


@dataclass(frozen=True, slots=True)
class BatchFinished:
    """Notification that every item of the batch is finished.

    Attributes:
        counts: Number of items per status.
        failure: Most frequent message of the failed items, with their number; None without any.
    """

    counts: BatchCounts
    failure: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class UnfinishedBatchLoaded:
    """Notification that an unfinished batch of the previous session was loaded.

    Attributes:
        counts: Number of items per status.
    """

    counts: BatchCounts


@dataclass(frozen=True, slots=True)
class BatchErrorOccurred:
    """Notification of an error of the batch as a whole, not of a single item.

    Attributes:
        error: The error.
    """

    error: Exception


@dataclass(frozen=True, slots=True)
class RedoQuestion:
    """Question whether to replace existing results that other settings made.

    Attributes:
        file_count: Number of files that have such results.
    """

    file_count: int


@dataclass(frozen=True, slots=True)
class BatchPausedByWriteError:
    """Notification that the batch was paused because results cannot be written.

    Attributes:
        folder: The folder of the results.
        error: The reason of the failure.
        remaining: Number of items still to be restored.
    """

    folder: Path
    error: UnwritableOutput
    remaining: int


@dataclass(frozen=True, slots=True)
class DiskSpaceScarce:
    """Notification that the disk of the output folder may become full.

    Attributes:
        space: Space that the results need, and free space.
    """

    space: DiskSpace


@dataclass(frozen=True, slots=True)
class BatchReportSaved:
    """Notification that a report was written.

    Attributes:
        path: File of the report.
    """

    path: Path


@dataclass(frozen=True, slots=True)
class WatchedFolderUnavailable:
    """Notification that the watched folder cannot be read any more.

    Attributes:
        folder: The watched folder.
    """

    folder: Path


@dataclass(frozen=True, slots=True)
class ReplacementQuestion:
    """Question whether results may replace their originals.

    Attributes:
        plan: Originals, and the place to which they move.
        is_limited: Whether a selection rule may leave some of the originals as they are.
    """

    plan: ReplacementPlan
    is_limited: bool


@dataclass(frozen=True, slots=True)
class ReplacementRefused:
    """Notification that originals are not replaced with the settings of the batch.

    Attributes:
        message: Message that says what has to be changed.
    """

    message: UserMessage


BatchEvent = (
    BatchFinished
    | UnfinishedBatchLoaded
    | BatchErrorOccurred
    | RedoQuestion
    | BatchPausedByWriteError
    | FolderSearchSummary
    | BatchReportSaved
    | DiskSpaceScarce
    | UndoReport
    | ReplacementQuestion
    | ReplacementRefused
    | BatchResultImage
    | WatchedFolderUnavailable
)
