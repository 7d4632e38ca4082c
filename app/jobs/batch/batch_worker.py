"""What a queue does on the worker threads."""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.i18n.core_messages import core_words
from app.i18n.error_messages import message_for
from app.i18n.formatting import damage_words, estimate_words, fallback_words, renamed_words
from app.i18n.translation import tr
from app.imaging.color_management import Display
from app.imaging.pyramid import Pyramid, pyramid
from app.jobs.batch.batch_items import (
    FileSettings,
    Found,
    Place,
    QueueSettings,
    Row,
    Saving,
    Status,
)
from app.jobs.batch.output_names import OtherFiles, item_of
from app.jobs.run.prior_cache import Engine
from ddrm_core.batch.manifest import Journal
from ddrm_core.batch.output_paths import find_pictures
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import CoreError, OutputExists, UnwritableOutput

# Functions below import what needs torch when they run, for the reason given in `Engine`.
if TYPE_CHECKING:
    from ddrm_core.batch.runner import FileOutcome
    from ddrm_core.batch.settings import BatchSettings
    from ddrm_core.prior.denoiser import Prior

_REPORT_INTERVAL_S = 0.1
# Found files are put into the queue so many at a time: the window must not wait for thousands.
_AT_ONCE = 500
# By the values of `FileState`, which is imported with torch.
_STATUSES = {"done": Status.DONE, "skipped": Status.SKIPPED, "kept": Status.KEPT}


class NoRoom(Exception):
    """The folder of results takes no file any more, so that none can be restored.

    Attributes:
        reason: Why.
    """

    def __init__(self, reason: UnwritableOutput) -> None:
        super().__init__(reason)
        self.reason = reason


class NoPrior(Exception):
    """The prior of all files cannot be loaded, so that none of them can be restored.

    Attributes:
        reason: Why.
    """

    def __init__(self, reason: Exception) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FileProgress:
    """How far a file is.

    Attributes:
        done: Evaluations of the prior so far.
        total: In all.
    """

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class FileRequest:
    """Everything that one file's turn will use.

    Attributes:
        row: The file; its target is planned.
        place: Where results go.
        file: How it is restored.
        saving: How its result is written.
        damaged: Whether what can be read of a damaged file is restored.
        rows: All files of the queue.
        common: How files without settings of their own are restored; None for `file`.
    """

    row: Row
    place: Place
    file: FileSettings
    saving: Saving
    damaged: bool
    rows: tuple[Row, ...] = ()
    common: FileSettings | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """How a search through folders ended.

    Attributes:
        count: Of files that it found.
        refused: Why folders could not be looked into, each in a line.
    """

    count: int
    refused: tuple[str, ...]


class FileWorker:
    """Restores files one after another on one thread; keeps the folder's journal in memory."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._journal: Journal | None = None

    def restoring(
        self, request: FileRequest, token: CancelToken
    ) -> Generator[FileProgress, None, Row]:
        """Restore a file and write its result, or skip it; gives its row as it is then.

        Raises:
            NoPrior: The prior of all files cannot be loaded.
            NoRoom: The folder of results takes no file any more.
            Cancelled: `token` was cancelled; nothing of the file is written.
        """
        row = request.row
        try:
            prior = self._engine.prior(request.file.device, request.file.prior)
        except CoreError as error:
            if row.own is None:
                raise NoPrior(error) from error
            return row_failed(row, error)
        return (yield from self._restored(request, prior, token))

    def _restored(
        self, request: FileRequest, prior: Prior, token: CancelToken
    ) -> Generator[FileProgress, None, Row]:
        from ddrm_core.batch.runner import restore_file

        row, place = request.row, request.place
        assert place.folder is not None
        item = item_of(row, place, request.file, request.saving)
        journal = self._journal_of(place.folder)
        settings = QueueSettings(request.common or request.file, request.saving)
        others = OtherFiles(request.rows, row, place, settings)
        steps = restore_file(item, batch_settings(request), prior, journal, token, others)
        due = 0.0
        while True:
            try:
                step = next(steps)
            except StopIteration as end:
                outcome: FileOutcome = end.value
                if outcome.ends_batch and isinstance(outcome.error, UnwritableOutput):
                    raise NoRoom(outcome.error) from None
                return row_after(row, outcome)
            now = time.monotonic()
            if now >= due:
                due = now + _REPORT_INTERVAL_S
                yield FileProgress(step.done, step.total)

    def _journal_of(self, folder: Path) -> Journal:
        if self._journal is None or self._journal.folder != folder:
            self._journal = Journal(folder)
        return self._journal


def batch_settings(request: FileRequest) -> BatchSettings:
    """The same for the engine."""
    from ddrm_core.batch.settings import BatchSettings
    from ddrm_core.export.deliver import DeliverySettings
    from ddrm_core.restoration.input import Assumption

    file, saving = request.file, request.saving
    return BatchSettings(
        file.sampler,
        file.seed,
        Assumption(file.quality, file.grid, file.sampling),
        DeliverySettings(
            saving.bits,
            saving.policy,
            saving.upright,
            saving.jpeg_quality,
            saving.same_levels,
        ),
        tolerate_damage=request.damaged,
        redo=request.row.redo,
    )


def row_after(row: Row, outcome: FileOutcome) -> Row:
    """A file's row once its turn is over."""
    from ddrm_core.batch.runner import FileState

    if outcome.error is not None:
        return replace(row_failed(row, outcome.error), seconds=outcome.seconds)
    notes = [core_words(note) for note in outcome.notes]
    if outcome.damage is not None:
        notes.insert(0, damage_words(outcome.damage))
    if outcome.earlier is not None:
        notes.insert(0, estimate_words(outcome.earlier))
    notes += map(fallback_words, outcome.fallbacks)
    if outcome.copied_from is not None:
        notes.insert(0, tr("Copied from {name}").format(name=outcome.copied_from.name))
    if outcome.kept is not None:
        notes.insert(0, renamed_words(outcome.target, outcome.kept))
    if outcome.state is FileState.SKIPPED:
        notes = [tr("Done before with these settings")]
    elif outcome.state is FileState.KEPT:
        notes = [tr("Done before with other settings")]
    done = outcome.state is FileState.DONE
    return replace(
        row,
        status=_STATUSES[outcome.state.value],
        target=outcome.target,
        consistency=outcome.consistency,
        seconds=outcome.seconds if done else None,
        evaluations=outcome.evaluations,
        message="; ".join(notes),
        redo=False,
    )


def row_failed(row: Row, error: Exception) -> Row:
    """A file's row that says what went wrong and what to do."""
    line = message_for(error).line()
    if isinstance(error, OutputExists):  # nothing here allows overwriting
        advice = tr("{path} exists already. Choose other names for results, or move it away.")
        line = advice.format(path=error.path)
    words = line.replace(str(row.source), row.source.name)
    return replace(row, status=Status.FAILED, message=words)


def results_in(journal: Journal | None) -> tuple[Path, ...]:
    """The folder that results go to, and those that are there. Raises as `Journal.results`."""
    return () if journal is None else (journal.folder, *journal.results())


def searching(
    paths: Sequence[Path],
    token: CancelToken,
    *,
    recursive: bool,
    every: bool,
    results: Path | None,
) -> Generator[tuple[Found, ...], None, Search]:
    """Files as they are, and the pictures in folders, in natural order and a few at a time.

    Args:
        paths: Files and folders.
        token: Polled between folders.
        recursive: Whether folders inside folders are looked into.
        every: Whether PNG, TIFF, WebP and BMP count as pictures there.
        results: Where results go: neither they nor that folder inside another are taken.

    Raises:
        UnreadableFile: It is not known which files are results.
    """
    leave_out = results_in(None if results is None else Journal(results))
    found: list[Found] = []
    refused: list[str] = []
    for path in paths:
        token.raise_if_cancelled()
        if not os.path.isdir(path):  # as Path has it, no permission is an error
            found.append(Found(path))
            continue
        try:
            inside = find_pictures(path, recursive=recursive, every=every, leave_out=leave_out)
        except CoreError as error:
            refused.append(message_for(error).line())
            continue
        found += [Found(picture, path) for picture in inside.pictures]
        refused += [message_for(error).line() for error in inside.unreadable]
    for start in range(0, len(found), _AT_ONCE):
        yield tuple(found[start : start + _AT_ONCE])
    return Search(len(found), tuple(refused))


@dataclass(frozen=True, slots=True, eq=False)
class ResultPicture:
    """A result's file.

    Attributes:
        number: Of the row.
        picture: For the screen.
    """

    number: int
    picture: Pyramid


def result_picture(number: int, display: Display, target: Path) -> ResultPicture:
    """A result's file for the screen, as its source is shown. Raises as `load_picture`."""
    from ddrm_core.export.replay import record_of_metadata
    from ddrm_core.formats.load import load_picture
    from ddrm_core.imaging.quantize_pixels import rounded

    loaded = load_picture(target)
    record = record_of_metadata(loaded.metadata)
    if record is not None and record.baked_orientation != 1:
        display = Display(display.icc_profile, 1, display.channels)
    return ResultPicture(number, pyramid(display.shown(rounded(loaded.picture))))


def saving_report(rows: Sequence[Row], path: Path) -> Path:
    """Write what became of each file whose turn is over; gives the report's path.

    Raises as `write_report`.
    """
    from ddrm_core.batch import report

    report.write_report(
        path,
        [
            report.Row(
                file=str(row.source),
                result="" if row.status is Status.FAILED else str(row.target),
                state=row.status.name.lower(),
                consistency=row.consistency,
                seconds=round(row.seconds or 0.0, 3),
                evaluations=row.evaluations,
                message=row.message,
            )
            for row in rows
            if row.status.has_result or row.status is Status.FAILED
        ],
    )
    return path
