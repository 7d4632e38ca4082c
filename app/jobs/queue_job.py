"""What a queue does on the worker threads."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.convert import Pyramid, pyramid
from app.core_words import core_words
from app.display import Display
from app.errors import message_for
from app.jobs.engine import Engine
from app.jobs.queue_rows import FileSettings, Found, Place, QueueSettings, Row, Saving, Status
from app.language import tr
from app.resources import BUNDLED_PRIOR
from app.words import damage_words, estimate_words, fallback_words
from ddrm_core.batch.journal import Journal
from ddrm_core.batch.plan import Item, Naming, find_pictures, plan
from ddrm_core.batch.template import CUSTOM, follows_format
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import CoreError, OutputExists
from ddrm_core.sampler.settings import PRESETS

# Functions below import what needs torch when they run, for the reason given in `Engine`.
if TYPE_CHECKING:
    from ddrm_core.batch.engine import FileOutcome
    from ddrm_core.batch.settings import BatchSettings
    from ddrm_core.prior.denoiser import Prior

_REPORT_INTERVAL_S = 0.1
# Found files are put into the queue so many at a time: the window must not wait for thousands.
_AT_ONCE = 500


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
    """

    row: Row
    place: Place
    file: FileSettings
    saving: Saving
    damaged: bool


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """Files whose results are to have a place.

    Attributes:
        rows: All files; those without a target that are left are planned.
        place: Where results go.
        settings: Of files without their own.
    """

    rows: tuple[Row, ...]
    place: Place
    settings: QueueSettings


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
        from ddrm_core.batch.engine import restore_file

        row, place = request.row, request.place
        assert row.target is not None
        assert place.folder is not None
        item = Item(row.source, row.target, follows_format(place.template))
        journal = self._journal_of(place.folder)
        steps = restore_file(item, batch_settings(request), prior, journal, token)
        due = 0.0
        while True:
            try:
                step = next(steps)
            except StopIteration as end:
                return row_after(row, end.value)
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
    from ddrm_core.delivery import DeliverySettings
    from ddrm_core.source import Assumption

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
    )


def row_after(row: Row, outcome: FileOutcome) -> Row:
    """A file's row once its turn is over."""
    from ddrm_core.batch.engine import FileState

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
    done = outcome.state is FileState.DONE
    return replace(
        row,
        status=Status.DONE if done else Status.SKIPPED,
        target=outcome.target,
        consistency=outcome.consistency,
        seconds=outcome.seconds if done else None,
        evaluations=outcome.evaluations,
        message="; ".join(notes) if done else tr("Done before with these settings"),
    )


def row_failed(row: Row, error: Exception) -> Row:
    """A file's row that says what went wrong and what to do."""
    line = message_for(error).line()
    if isinstance(error, OutputExists):  # nothing here allows overwriting
        advice = tr("{path} exists already. Choose other names for results, or move it away.")
        line = advice.format(path=error.path)
    words = line.replace(str(row.source), row.source.name)
    return replace(row, status=Status.FAILED, message=words)


def planning(request: PlanRequest) -> Mapping[int, Path]:
    """Where the results of the files without a place go, by the files' numbers.

    Raises:
        InvalidSetting: The template is not usable, or a result would replace a source.
    """
    folder = request.place.folder
    assert folder is not None
    groups: dict[tuple[Path | None, FileSettings], list[Row]] = defaultdict(list)
    for row in request.rows:
        if row.status.left and row.target is None:
            root = row.base if request.place.tree else None
            groups[root, row.own or request.settings.file].append(row)
    taken = [row.target for row in request.rows if row.target is not None]
    sources = [row.source for row in request.rows]
    targets: dict[int, Path] = {}
    for (root, settings), rows in groups.items():
        naming = naming_for(request.place, settings, request.settings.saving)
        own = [row.source for row in rows]
        items = plan(own, root, folder, naming, taken=taken, others=sources)
        for row, item in zip(rows, items, strict=True):
            targets[row.number] = item.target
            taken.append(item.target)
    return targets


def naming_for(place: Place, file: FileSettings, saving: Saving) -> Naming:
    """How results are called. Raises InvalidSetting."""
    preset = next((name.value for name, s in PRESETS.items() if s == file.sampler), CUSTOM)
    return Naming(
        place.template,
        saving.suffix,
        preset,
        file.seed,
        file.prior or BUNDLED_PRIOR.stem,
        file.quality,
    )


def example_for(row: Row, place: Place, file: FileSettings, saving: Saving) -> str:
    """Where a file's result would go inside the target folder. Raises InvalidSetting."""
    name = naming_for(place, file, saving).name(row.source)
    if place.tree and row.base is not None:
        return (row.source.parent.relative_to(row.base) / name).as_posix()
    return name


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
    from ddrm_core.formats.load import load_picture
    from ddrm_core.image import rounded
    from ddrm_core.repeat import record_of_metadata

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
