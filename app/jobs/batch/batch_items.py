"""Values that describe a batch: its items, their settings and the output location."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.i18n.translation import tr_noop
from app.jobs.run.restore_settings import RestoreSettings
from ddrm_core.batch.name_template import DEFAULT_TEMPLATE
from ddrm_core.export.settings import DEFAULT_EXPORT_SETTINGS, ExportSettings


class ItemStatus(StrEnum):
    """Status of a batch item."""

    WAITING = tr_noop("Waiting")
    WORKING = tr_noop("Working")
    DONE = tr_noop("Done")
    SKIPPED = tr_noop("Skipped")
    KEPT = tr_noop("Other settings")  # a result of other settings or another prior was kept
    FAILED = tr_noop("Failed")
    STOPPED = tr_noop("Stopped")
    OTHER = tr_noop("Not needed")  # the selection rule leaves the file as it is
    COPIED = tr_noop("Copied")  # an other file, of which the output folder has a copy
    NOT_REPLACED = tr_noop("Not replaced")  # the source stays, although results replace sources

    @property
    def is_pending(self) -> bool:
        """Whether the item is still to be restored; a stopped item starts again."""
        return self in (ItemStatus.WAITING, ItemStatus.STOPPED)

    @property
    def has_result(self) -> bool:
        return self in (ItemStatus.DONE, ItemStatus.SKIPPED, ItemStatus.KEPT)

    @property
    def is_other(self) -> bool:
        """Whether the selection rule has not selected the item."""
        return self in (ItemStatus.OTHER, ItemStatus.COPIED)

    @property
    def can_retry(self) -> bool:
        """Whether a further attempt can give another outcome with the settings of the batch."""
        return self in (ItemStatus.FAILED, ItemStatus.KEPT)


@dataclass(frozen=True, slots=True)
class CommonSettings:
    """Settings that a batch takes from the window when it starts.

    Attributes:
        restore: Settings of each item that has no settings of its own.
        export: Export settings of all results.
        suffix: Suffix of the results' format, e.g. ".png".
        keep_date: Whether results get the modification time of their source.
    """

    restore: RestoreSettings
    export: ExportSettings = DEFAULT_EXPORT_SETTINGS
    suffix: str = ".png"
    keep_date: bool = True

    def restore_settings_of(self, item: BatchItem) -> RestoreSettings:
        """Return the item's own settings, or the common ones if the item has none."""
        return item.own_settings or self.restore


@dataclass(frozen=True, slots=True)
class OutputLocation:
    """Folder and naming rule of the results of a batch.

    Attributes:
        folder: Output folder, None until the user has chosen one.
        name_template: Name template of the results.
        keep_subfolders: Whether the subfolders of an added folder are reproduced in the output
            folder.
    """

    folder: Path | None = None
    name_template: str = DEFAULT_TEMPLATE
    keep_subfolders: bool = True


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that can be added to a batch.

    Attributes:
        source: The file.
        base_folder: Added folder in which the file was found; None if the file itself was added.
    """

    source: Path
    base_folder: Path | None = None


@dataclass(frozen=True, slots=True)
class FileSizes:
    """The sizes of a source and of its result.

    Attributes:
        source: Size of the source in bytes.
        result: Size of the result in bytes.
    """

    source: int
    result: int


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One file of a batch.

    Attributes:
        item_id: Number within the batch, which no later item gets again.
        source: The file.
        base_folder: See `FoundFile`.
        own_settings: Settings of this item only, None for the common settings.
        status: Status of the item.
        target: Path of the result, None until the path is planned.
        consistency: Share of the result's coefficients in the file's bins, None if unknown.
        seconds: Wall time of the restoration, None if nothing was restored.
        evaluation_count: Evaluations of the prior.
        message: Notes or the error, in the user's language.
        redo: Whether an existing result that was made with other settings is replaced.
        is_partial: Whether the result holds only the readable part of a damaged file.
        sizes: Sizes of source and result in bytes, None without a result.
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
    is_partial: bool = False
    sizes: FileSizes | None = None
