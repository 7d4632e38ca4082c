"""State of the batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

from app.config.paths import pictures_folder
from app.i18n.error_messages import UserMessage
from app.jobs.batch.batch_items import BatchItem, CommonSettings, ItemStatus, OutputLocation
from app.jobs.batch.live_preview import BatchPreview
from app.jobs.batch.replacing import ReplacementChoice, ReplacementPlan
from app.jobs.run.restore_settings import RestoreSettings
from app.viewmodels.batch.batch_counts import BatchCounts
from ddrm_core.batch.selection.rule import ALL_FILES, SelectionRule


class BatchPhase(Enum):
    """Phase of the batch: idle, running, pausing after the current item, or stopping."""

    IDLE = auto()
    RUNNING = auto()
    PAUSING = auto()  # the current item is finished first
    STOPPING = auto()


@dataclass(frozen=True, slots=True)
class CurrentItem:
    """Progress of the item that is being restored.

    Attributes:
        item_id: Identifier of the item.
        done_steps: Evaluations of the prior so far.
        total_steps: Evaluations in total; 0 if not known yet.
        elapsed_seconds: Time since the restoration of the item began.
        preview: Latest images before and after the restoration, None before the first one.
    """

    item_id: int
    done_steps: int = 0
    total_steps: int = 0
    elapsed_seconds: float = 0.0
    preview: BatchPreview | None = None

    @property
    def fraction_done(self) -> float:
        """Fraction of the item's evaluations that are done, 0 to 1."""
        return self.done_steps / self.total_steps if self.total_steps else 0.0


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """A folder that is scanned for new files at regular intervals.

    Attributes:
        folder: Path of the folder.
        is_unavailable: Whether the folder cannot be read at present.
    """

    folder: Path
    is_unavailable: bool = False


@dataclass(frozen=True, slots=True)
class BatchState:
    """State of the batch page.

    Attributes:
        items: Items, in the order in which they are restored.
        counts: Number of items per status.
        phase: Phase of the batch.
        current_item: Progress of the current item, None between two items.
        default_settings: The window's current settings, used if the batch is started now.
        captured_settings: Settings captured from the window at the start; None before the start and
            once no item is left.
        output_location: Folder, name template and subfolder rule of results.
        recursive: Whether subfolders of an added folder are searched.
        include_all_formats: Whether searches of folders include PNG, TIFF, WebP and BMP files.
        tolerate_damage: Whether the readable part of damaged files is restored.
        selection: Rule that selects the items that are restored.
        default_folder: Proposed folder for results, None for a folder beside the added files.
        active_searches: Number of folder searches in progress.
        watched_folder: The watched folder, None if no folder is watched.
        is_paused: Whether the batch is paused, so that new files do not start it.
        output_problem: Why results cannot be written to the output location; None if they can.
        example_path: Path of the first item's result, relative to the output folder; empty if not
            known.
        dialog_folder: Initial folder of file dialogs.
        recent_durations: Durations of the latest restored items, in seconds.
        next_item_id: Identifier of the next item to be added.
        is_undoing: Whether replacements are being undone.
        replacement: Choice that results replace their originals, None for the output folder. The
            choice ends with the program.
        replacement_plan: Originals that the user has agreed to replace, None before the question.
    """

    items: tuple[BatchItem, ...] = ()
    counts: BatchCounts = field(default_factory=BatchCounts)
    phase: BatchPhase = BatchPhase.IDLE
    current_item: CurrentItem | None = None
    default_settings: CommonSettings | None = None
    captured_settings: CommonSettings | None = None
    output_location: OutputLocation = field(default_factory=OutputLocation)
    recursive: bool = True
    include_all_formats: bool = False
    tolerate_damage: bool = False
    selection: SelectionRule = ALL_FILES
    default_folder: Path | None = None
    active_searches: int = 0
    watched_folder: WatchedFolder | None = None
    is_paused: bool = False
    output_problem: UserMessage | None = None
    example_path: str = ""
    dialog_folder: Path = field(default_factory=pictures_folder)
    recent_durations: tuple[float, ...] = ()
    next_item_id: int = 1
    is_undoing: bool = False
    replacement: ReplacementChoice | None = None
    replacement_plan: ReplacementPlan | None = None

    @property
    def is_active(self) -> bool:
        """Whether the batch is restoring items."""
        return self.phase is not BatchPhase.IDLE

    @property
    def effective_settings(self) -> CommonSettings | None:
        """Common settings that the batch uses; None before the window has set any.

        Settings captured at the start take precedence over the window's current settings.
        """
        return self.captured_settings or self.default_settings

    @property
    def can_start(self) -> bool:
        has_valid_output = self.output_location.folder is not None and self.output_problem is None
        is_startable = self.phase in (BatchPhase.IDLE, BatchPhase.PAUSING)
        return (
            is_startable
            and not self.is_undoing
            and (has_valid_output or self.replacement is not None)
            and self.counts.remaining > 0
            and self.effective_settings is not None
        )

    @property
    def seconds_left(self) -> float | None:
        """Seconds until all items are finished, at the mean rate of the latest items.

        Before an item is finished, the rate is that of the current item. None while the batch is
        not active, or if neither is known.
        """
        if not self.is_active:
            return None
        fraction_done = self.current_item.fraction_done if self.current_item else 0.0
        durations = self.recent_durations
        if not durations and self.current_item is not None and fraction_done:
            durations = (self.current_item.elapsed_seconds / fraction_done,)
        if not any(durations):  # files that were left as they are tell nothing about the others
            return None
        mean_duration = sum(durations) / len(durations)
        return mean_duration * max(self.counts.remaining - fraction_done, 0.0)

    def find_item(self, item_id: int) -> BatchItem | None:
        """Return the item with this identifier, None if the item was removed."""
        return next((item for item in self.items if item.item_id == item_id), None)

    def restore_settings_of(self, item: BatchItem) -> RestoreSettings | None:
        """Return the settings with which an item is restored, None if none are known yet."""
        settings = self.effective_settings
        return item.own_settings if settings is None else settings.restore_settings_of(item)


def find_most_frequent_failure(items: Iterable[BatchItem]) -> tuple[str, int] | None:
    """Return the most frequent message of failed items and their number, None without any."""
    messages = Counter(item.message for item in items if item.status is ItemStatus.FAILED)
    return next(iter(messages.most_common(1)), None)


def find_next_item(state: BatchState) -> BatchItem | None:
    """Return the next item to restore, None if the batch is not running or no item is pending."""
    if state.phase is not BatchPhase.RUNNING:
        return None
    plan = state.replacement_plan  # files that were added since are no part of it
    return next(
        (
            item
            for item in state.items
            if item.status.is_pending and (plan is None or item.item_id in plan.item_ids)
        ),
        None,
    )


def find_example_item(state: BatchState) -> BatchItem | None:
    """Return the first item, whose target is shown as an example; None without items."""
    return next(iter(state.items), None)
