"""The end of each file of a batch."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from ddrm_core.batch.output_paths import PlannedFile

if TYPE_CHECKING:  # import torch, which reports and the window's first paint do not need
    from ddrm_core.device.execution_limits import MemoryFallback
    from ddrm_core.jpeg.recompression import PreviousCompression
    from ddrm_core.messages import Description


class FileState(StrEnum):
    """What became of a file."""

    DONE = "done"
    SKIPPED = "skipped"  # it was done before, and nothing that matters has changed since
    KEPT_OTHER_SETTINGS = (
        "kept"  # it was done before with other settings or another prior; that result stays
    )
    FAILED = "failed"


@dataclass(frozen=True, slots=True, eq=False)
class FileOutcome:
    """What became of one file; holds nothing of its picture.

    Attributes:
        file: What was asked.
        target: Where the result is; its suffix may be another than the item's.
        state: Done, skipped, kept or failed.
        error: Why it failed, without the frames it was raised in. What is no CoreError is a bug, or
            a lack of memory outside the engine; its notes tell where.
        consistency: Share of levels in their bins, as saved; None where it failed.
        seconds: Wall time, here and now.
        evaluations: Of the prior, here and now.
        notes: Notes about what could not be kept in the result, or was counted.
        damage: Damage of a file that was restored all the same.
        previous_compression: The compression that was estimated from a file that is no JPEG.
        fallbacks: What was done because memory did not suffice.
        copied_from: The result of the same content that was taken, instead of making it again.
        conflicting_result: The result of other content that has the planned name, so that this one
            got another.
        should_stop_batch: Whether the folder of results takes no file any more, so that further
            files would be restored in vain.
    """

    file: PlannedFile
    target: Path
    state: FileState
    error: Exception | None = None
    consistency: float | None = None
    seconds: float = 0.0
    evaluations: int = 0
    notes: tuple[Description, ...] = ()
    damage: Description | None = None
    previous_compression: PreviousCompression | None = None
    fallbacks: tuple[MemoryFallback, ...] = ()
    copied_from: Path | None = None
    conflicting_result: Path | None = None
    should_stop_batch: bool = False
