"""The state of a queue of files, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

from app.i18n.error_messages import UserMessage
from app.jobs.batch.batch_items import BatchItem, CommonSettings, OutputLocation, RestoreSettings
from app.viewmodels.batch.batch_counts import BatchCounts


class BatchPhase(Enum):
    """What the queue as a whole does."""

    IDLE = auto()
    RUNNING = auto()
    PAUSING = auto()  # the present file is finished first
    STOPPING = auto()


@dataclass(frozen=True, slots=True)
class CurrentItem:
    """The file that is being restored.

    Attributes:
        item_id: Of its row.
        done_steps: Evaluations of the prior so far.
        total_steps: In all; 0 before that is known.
    """

    item_id: int
    done_steps: int = 0
    total_steps: int = 0

    @property
    def fraction_done(self) -> float:
        """From 0 to 1."""
        return self.done_steps / self.total_steps if self.total_steps else 0.0


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """A folder that is looked into again and again.

    Attributes:
        folder: Which.
        is_unavailable: Whether it cannot be read at present.
    """

    folder: Path
    is_unavailable: bool = False


@dataclass(frozen=True, slots=True)
class BatchState:
    """What the page shows.

    Attributes:
        items: The files, in the order in which they are restored.
        counts: Of them.
        phase: What the queue does.
        current_item: The present file, None between two.
        default_settings: What would be taken from the window now.
        captured_settings: Taken from there at the start, kept until nothing is left; None before.
        output_location: Where results go.
        recursive: Whether the folders in a folder that is added are looked through, too.
        include_all_formats: Whether PNG, TIFF, WebP and BMP count as pictures in a folder.
        tolerate_damage: Whether what can be read of damaged files is restored.
        default_folder: Where results are proposed to go, None for beside what is added.
        active_searches: How many searches through folders are under way.
        watched_folder: The watched folder, None where none is.
        is_paused: Whether the user wants nothing to begin by itself.
        output_problem: Why results cannot go where they should, None where they can.
        example_path: Where the first file's result goes, inside the target folder; empty where that
            is not known.
        dialog_folder: Folder in which dialogs for files begin.
        recent_durations: Seconds that the latest restored files took.
        next_item_id: For the next row.
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
    default_folder: Path | None = None
    active_searches: int = 0
    watched_folder: WatchedFolder | None = None
    is_paused: bool = False
    output_problem: UserMessage | None = None
    example_path: str = ""
    dialog_folder: Path = field(default_factory=Path.home)
    recent_durations: tuple[float, ...] = ()
    next_item_id: int = 1

    @property
    def is_active(self) -> bool:
        """Whether it goes through its files."""
        return self.phase is not BatchPhase.IDLE

    @property
    def effective_settings(self) -> CommonSettings | None:
        """What files without settings of their own are restored with; None at the very first."""
        return self.captured_settings or self.default_settings

    @property
    def can_start(self) -> bool:
        has_valid_output = self.output_location.folder is not None and self.output_problem is None
        is_startable = self.phase in (BatchPhase.IDLE, BatchPhase.PAUSING)
        return (
            is_startable
            and has_valid_output
            and self.counts.remaining > 0
            and self.effective_settings is not None
        )

    @property
    def seconds_left(self) -> float | None:
        """At the latest pace, None before the first file is restored."""
        if not self.recent_durations or not self.is_active:
            return None
        fraction_done = self.current_item.fraction_done if self.current_item else 0.0
        return (
            sum(self.recent_durations)
            / len(self.recent_durations)
            * max(self.counts.remaining - fraction_done, 0.0)
        )

    def find_item(self, item_id: int) -> BatchItem | None:
        """None where there is no such row any more."""
        return next((item for item in self.items if item.item_id == item_id), None)

    def restore_settings_of(self, item: BatchItem) -> RestoreSettings | None:
        """What a file is restored with, None where that is not known yet."""
        settings = self.effective_settings
        return item.own_settings if settings is None else settings.restore_settings_of(item)


def find_next_item(state: BatchState) -> BatchItem | None:
    """The next file to restore, None where the queue is to rest."""
    if state.phase is not BatchPhase.RUNNING:
        return None
    return next((item for item in state.items if item.status.is_pending), None)


def find_example_item(state: BatchState) -> BatchItem | None:
    """The file that shows what results are called."""
    return next(iter(state.items), None)
