"""Outcomes of the files of a batch."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.errors import CoreError

if TYPE_CHECKING:  # imports torch at runtime, which slows down reports and the first paint
    from ddrm_core.batch.selection.select_file import Selection
    from ddrm_core.device.execution_limits import MemoryFallback
    from ddrm_core.jpeg.recompression import PreviousCompression
    from ddrm_core.messages import Description
    from ddrm_core.restoration.verdict import Verdict


class FileState(StrEnum):
    """The kind of a file's outcome, such as restored, skipped or failed."""

    DONE = "done"
    SKIPPED = "skipped"  # an earlier result has the same source, settings and prior
    KEPT_OTHER_SETTINGS = "kept"  # an earlier result has other settings or another prior
    NOT_REPLACED = "not replaced"  # the source stays, although results replace their sources
    OTHER = "other"  # the selection rule leaves the file as it is
    COPIED = "copied"  # an other file, of which the folder of results has a copy
    FAILED = "failed"

    @property
    def has_target(self) -> bool:
        """Whether the target of the outcome is a file: a result, or a file in its place."""
        return self not in (FileState.FAILED, FileState.NOT_REPLACED, FileState.OTHER)

    @property
    def needs_run(self) -> bool:
        """Whether files in this state usually took the time of a run."""
        return self in (FileState.DONE, FileState.NOT_REPLACED, FileState.FAILED)


@dataclass(frozen=True, slots=True, eq=False)
class FileOutcome:
    """The outcome of one file of a batch, without references to its image.

    Attributes:
        file: Planned file.
        target: Path of the result, whose name or suffix may differ from the planned target; path of
            the copy of a file that was copied.
        state: Kind of the outcome.
        error: Error of a failed file, without traceback. An error that is no CoreError is a bug or
            a lack of memory outside the sampling; its notes contain the traceback.
        consistency: Share of levels in their bins in the saved result, 0 to 1; None if the file
            failed.
        verdict: Verdict on the written file; None for an earlier result and a failed file.
        seconds: Wall time of this restoration in seconds, 0 for an earlier result.
        evaluations: Evaluations of the prior in this restoration, 0 for an earlier result.
        notes: Notes about metadata and images that the result does not contain, and about levels
            that differ from the source's.
        damage: Damage of a file that was restored in part.
        previous_compression: Estimated compression of a file that is no JPEG.
        fallbacks: Memory fallbacks of the run.
        copied_from: Earlier result of the same content from which this result was copied.
        selection: Decision of the selection rule with its reason; None if all files are restored,
            and for an earlier result that was found without reading the file.
        conflicting_result: Result of other content at the planned target, because of which this
            result has another name.
        retention_reason: Reason why a source was not replaced, for the middle of a sentence.
        backup: Backup of a source that was replaced, None if results do not replace sources.
        should_stop_batch: Whether no further result can be written, so that the batch should stop.
    """

    file: PlannedFile
    target: Path
    state: FileState
    error: Exception | None = None
    consistency: float | None = None
    verdict: Verdict | None = None
    seconds: float = 0.0
    evaluations: int = 0
    notes: tuple[Description, ...] = ()
    damage: Description | None = None
    previous_compression: PreviousCompression | None = None
    fallbacks: tuple[MemoryFallback, ...] = ()
    copied_from: Path | None = None
    conflicting_result: Path | None = None
    retention_reason: Description | None = None
    backup: Path | None = None
    selection: Selection | None = None
    should_stop_batch: bool = False


def strip_traceback(error: Exception) -> Exception:
    """Remove the traceback of an exception and return the exception.

    The frames of a traceback would keep images in memory. For errors other than CoreError, which
    are bugs, the text of the traceback is added as a note.
    """
    if not isinstance(error, CoreError):
        error.add_note("".join(traceback.format_exception(error)))
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)
