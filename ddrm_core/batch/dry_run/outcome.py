"""The action that a batch would take for a file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.errors import CoreError
from ddrm_core.messages import Description


class PlannedAction(StrEnum):
    """The action that a batch would take for a file."""

    RESTORE = "restore"
    SKIP = "skip"  # an earlier result has the same source, settings and prior
    KEEP = "keep"  # an earlier result has other settings or another prior
    COPY_RESULT = "copy"  # another file has the same content
    LEAVE = "leave"  # the selection rule leaves the file as it is
    COPY_SOURCE = (
        "copy_unchanged"  # the rule leaves the file, and the folder of the results gets a copy
    )
    RETAIN = "not_replaced"  # the source stays, although results replace their sources
    FAIL = "fail"


@dataclass(frozen=True, slots=True, eq=False)
class PlannedOutcome:
    """The action that a batch would take for one file, without references to its image.

    Attributes:
        file: Planned file.
        action: Kind of the action.
        target: Path of the result; the planned one of a file that would fail.
        size: Width and height in pixels of a file that would be restored, otherwise zeros.
        channels: Number of channels of a file that would be restored, otherwise 0.
        error: Error of a file that would fail.
        copied_from: Result that would be copied.
        conflicting_result: Result of other content at the planned target, because of which this
            result would get another name.
        retention_reason: Reason why a source would not be replaced, for the middle of a sentence.
        source_bytes: Size of the source of a file that would be restored, None if it was not read.
    """

    file: PlannedFile
    action: PlannedAction
    target: Path
    size: tuple[int, int] = (0, 0)
    channels: int = 0
    error: CoreError | None = None
    copied_from: Path | None = None
    conflicting_result: Path | None = None
    retention_reason: Description | None = None
    source_bytes: int | None = None
