"""The files of a queue, how each is restored and where its result goes: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.i18n.translation import tr_noop
from ddrm_core.batch.name_template import DEFAULT_TEMPLATE
from ddrm_core.export.settings import DEFAULT_EXPORT_SETTINGS, ExportSettings
from ddrm_core.restoration.assumption import NO_ASSUMPTION, CompressionAssumption
from ddrm_core.sampler.settings import SamplerSettings


class ItemStatus(StrEnum):
    """How far a file is."""

    WAITING = tr_noop("Waiting")
    WORKING = tr_noop("Working")
    DONE = tr_noop("Done")
    SKIPPED = tr_noop("Skipped")
    KEPT = tr_noop("Other settings")  # the result that other settings or another model made stays
    FAILED = tr_noop("Failed")
    STOPPED = tr_noop("Stopped")

    @property
    def is_pending(self) -> bool:
        """Whether it is still to be restored; a stopped one begins again."""
        return self in (ItemStatus.WAITING, ItemStatus.STOPPED)

    @property
    def has_result(self) -> bool:
        return self in (ItemStatus.DONE, ItemStatus.SKIPPED, ItemStatus.KEPT)


@dataclass(frozen=True, slots=True)
class RestoreSettings:
    """How a file is restored.

    Attributes:
        sampler: The sampler's choices.
        seed: 0 to 2**63 - 1.
        device: A name that `choose_device` knows.
        prior: Name of one that was imported, None for the bundled one.
        assumption: What is assumed of the file's compression.
    """

    sampler: SamplerSettings
    seed: int
    device: str
    prior: str | None = None
    assumption: CompressionAssumption = NO_ASSUMPTION


@dataclass(frozen=True, slots=True)
class CommonSettings:
    """What a queue took from the window when it was started.

    Attributes:
        restore: How each file without settings of its own is restored.
        export: How every result is written.
        suffix: Suffix of the results' format, e.g. ".png".
    """

    restore: RestoreSettings
    export: ExportSettings = DEFAULT_EXPORT_SETTINGS
    suffix: str = ".png"

    def restore_settings_of(self, item: BatchItem) -> RestoreSettings:
        """Return the settings of a file: its own, if it has any."""
        return item.own_settings or self.restore


@dataclass(frozen=True, slots=True)
class OutputLocation:
    """Where results go.

    Attributes:
        folder: The target folder, None before one is known.
        name_template: Of their names.
        keep_subfolders: Whether the folders below an added folder are made again in the target
            folder.
    """

    folder: Path | None = None
    name_template: str = DEFAULT_TEMPLATE
    keep_subfolders: bool = True


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file for the queue.

    Attributes:
        source: The file.
        base_folder: The folder that was added, in which it was found; None where the file itself
            was.
    """

    source: Path
    base_folder: Path | None = None


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One file of the queue.

    Attributes:
        item_id: Its name within the queue, never used again.
        source: The file.
        base_folder: See `FoundFile`.
        own_settings: Settings of its own, None for the queue's.
        status: How far it is.
        target: Its result's file, None before it is known.
        consistency: Share of coefficients in the file's bins, None where it is not known.
        seconds: That its turn took, None where nothing was restored.
        evaluation_count: Of the prior.
        message: What there is to say of it, and what to do.
        redo: Whether a result of its own that other settings made is replaced.
    """

    item_id: int
    source: Path
    base_folder: Path | None = None
    own_settings: RestoreSettings | None = None
    status: ItemStatus = ItemStatus.WAITING
    target: Path | None = None
    consistency: float | None = None
    seconds: float | None = None
    evaluation_count: int = 0
    message: str = ""
    redo: bool = False
