"""One file after another: skipped where it is done, restored, written, noted down."""

from __future__ import annotations

import hashlib
import time
import traceback
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import torch

from ddrm_core.batch.journal import Entry, Journal
from ddrm_core.batch.plan import Item
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.cancel import CancelToken
from ddrm_core.delivery import DeliverySettings, check_delivery, deliver
from ddrm_core.errors import (
    Cancelled,
    CoreError,
    UnreadableFile,
    UnwritableOutput,
)
from ddrm_core.file_hash import hash_file
from ddrm_core.formats.save import check_format
from ddrm_core.formats.suffixes import ROOMIEST
from ddrm_core.formats.unsupported import UnsupportedFormat
from ddrm_core.jpeg.history import Earlier
from ddrm_core.means import Fallback
from ddrm_core.memory import memory_for
from ddrm_core.output import check_output, written_atomically
from ddrm_core.prior.denoiser import Prior
from ddrm_core.problem import Measured
from ddrm_core.restore import restore
from ddrm_core.run import make_run
from ddrm_core.sampling import Wanted
from ddrm_core.source import PixelImage, measure, open_source
from ddrm_core.step import Step

_CPU = torch.device("cpu")


class FileState(StrEnum):
    """What became of a file."""

    DONE = "done"
    SKIPPED = "skipped"  # it was done before, and nothing that matters has changed since
    FAILED = "failed"


@dataclass(frozen=True, slots=True, eq=False)
class FileOutcome:
    """What became of one file; holds nothing of its picture.

    Attributes:
        item: What was asked.
        target: Where the result is; its suffix may be another than the item's.
        state: Done, skipped or failed.
        error: Why it failed, without the frames it was raised in. What is no CoreError is a bug, or
            a lack of memory outside the engine; its notes tell where.
        consistency: Share of levels in their bins, as saved; None where it failed.
        seconds: Wall time, here and now.
        evaluations: Of the prior, here and now.
        notes: A sentence for each thing that could not be kept in the result, or was counted.
        damage: What is wrong with a file that was restored all the same.
        earlier: The compression that was estimated from a file that is no JPEG.
        fallbacks: What was done because memory did not suffice.
        copied_from: The result of the same content that was taken, instead of making it again.
    """

    item: Item
    target: Path
    state: FileState
    error: Exception | None = None
    consistency: float | None = None
    seconds: float = 0.0
    evaluations: int = 0
    notes: tuple[str, ...] = ()
    damage: str | None = None
    earlier: Earlier | None = None
    fallbacks: tuple[Fallback, ...] = ()
    copied_from: Path | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Working:
    """Where a batch is.

    Attributes:
        number: Of the file, from 1.
        item: The file.
        step: The latest, None before the first.
    """

    number: int
    item: Item
    step: Step | None


def restore_files(
    items: Sequence[Item],
    settings: BatchSettings,
    prior: Prior,
    journal: Journal,
    token: CancelToken,
) -> Iterator[Working | FileOutcome]:
    """Restore each file, telling every step and how each ended; no file ends it.

    Raises:
        Cancelled: `token` was cancelled; the file in work is as it was before.
    """
    for number, item in enumerate(items, 1):
        yield Working(number, item, None)
        steps = restore_file(item, settings, prior, journal, token)
        while True:
            try:
                step = next(steps)
            except StopIteration as end:
                outcome: FileOutcome = end.value
                break
            yield Working(number, item, step)
        yield outcome


def restore_file(
    item: Item, settings: BatchSettings, prior: Prior, journal: Journal, token: CancelToken
) -> Generator[Step, None, FileOutcome]:
    """Restore one file, yielding every step; the generator's return value says how it ended.

    A file whose content was restored before with the same settings is not restored again: where
    its target holds that result it is skipped, else the result is copied there. A result as it was
    written here gives way to another; any other file in the target's place only where `overwrite`
    is set. The folders around the target are made.

    Args:
        item: The file.
        settings: Of all files.
        prior: The denoiser.
        journal: Of a folder that the target is in.
        token: Polled several times a second.

    Raises:
        Cancelled: `token` was cancelled; there is nothing of the file yet.
    """
    began = time.monotonic()
    try:
        return (yield from _restored(item, settings, prior, journal, token))
    except Cancelled:
        raise
    # The boundary between files: whatever goes wrong with one, the others have their turn.
    except Exception as error:  # noqa: BLE001
        seconds = time.monotonic() - began
        return FileOutcome(
            item, item.target, FileState.FAILED, error=_without_frames(error), seconds=seconds
        )


def _restored(
    item: Item, settings: BatchSettings, prior: Prior, journal: Journal, token: CancelToken
) -> Generator[Step, None, FileOutcome]:
    began, as_it_was = time.monotonic(), _state_of(item.source)
    content = _hash(item.source, token)
    choices = settings.sha256(prior.info.sha256, item.target.suffix)
    before = _done_before(item, settings, journal, content, choices)
    if before is not None:
        return before
    source = open_source(
        item.source, tolerate_damage=settings.tolerate_damage, max_pixels=settings.max_pixels
    )
    image, delivery = measure(source, settings.assumption), settings.delivery
    target = _target(item, image, delivery)
    check_delivery(target, image, delivery)
    _check_target(target, item, settings, journal)
    run = make_run(image, prior, settings.sampler, seed=settings.seed)
    wanted = Wanted(spread=False, samples=1 if delivery.sharpness else 0)
    result = yield from restore(run, token, wanted)
    with memory_for(_CPU, *image.size):
        delivered = deliver(result, target, delivery)
    token.raise_if_cancelled()
    if _state_of(item.source) != as_it_was:
        raise UnreadableFile(item.source, "It has changed since it was opened")
    _check_target(target, item, settings, journal)
    seconds = time.monotonic() - began
    made = _Made(content, choices, delivered.inside, result.evaluations, seconds)
    _write(delivered.data, target, journal, made)
    earlier = None
    if isinstance(source, PixelImage) and settings.assumption.quality is None:
        earlier = source.earlier
    return FileOutcome(
        item,
        target,
        FileState.DONE,
        consistency=delivered.inside,
        seconds=seconds,
        evaluations=result.evaluations,
        notes=delivered.notes,
        damage=None if image.damage is None else image.damage.words,
        earlier=earlier,
        fallbacks=result.fallbacks,
    )


@dataclass(frozen=True, slots=True)
class _Made:
    """What an entry says of how a result came to be."""

    content: str
    choices: str
    consistency: float
    evaluations: int
    seconds: float


def _done_before(
    item: Item, settings: BatchSettings, journal: Journal, content: str, choices: str
) -> FileOutcome | None:
    """Where the result is there already: at its place, or at another one and then copied."""
    elsewhere: Entry | None = None
    for entry in journal.done(content, choices):
        there = journal.folder / entry.target
        if there in _places(item):
            return FileOutcome(item, there, FileState.SKIPPED, consistency=entry.consistency)
        if there.suffix == item.target.suffix or item.follows_format:
            elsewhere = entry
    if elsewhere is None:
        return None
    there = journal.folder / elsewhere.target
    target = item.target.with_suffix(there.suffix) if item.follows_format else item.target
    _check_target(target, item, settings, journal)
    try:
        data = there.read_bytes()
    except OSError as error:
        raise UnreadableFile(there, error.strerror or str(error)) from error
    if hashlib.sha256(data).hexdigest() != elsewhere.sha256:
        return None
    share, evaluations = elsewhere.consistency, elsewhere.evaluations
    made = _Made(content, choices, share, evaluations, elsewhere.seconds)
    _write(data, target, journal, made)
    return FileOutcome(item, target, FileState.DONE, consistency=share, copied_from=there)


def _places(item: Item) -> tuple[Path, ...]:
    """Where the result may be."""
    if not item.follows_format:
        return (item.target,)
    return item.target, item.target.with_suffix(ROOMIEST)


def _target(item: Item, image: Measured, delivery: DeliverySettings) -> Path:
    """The result's file, of a format that holds it where it is free to be."""
    width, height = image.size
    for place in _places(item):
        with suppress(UnsupportedFormat):
            check_format(
                place, bits=delivery.bits, channels=image.channels, width=width, height=height
            )
            return place
    return item.target  # `check_delivery` says what it cannot hold


def _check_target(target: Path, item: Item, settings: BatchSettings, journal: Journal) -> None:
    """Make its folder, and raise where it must not or cannot be written."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnwritableOutput(target, error.strerror or str(error)) from error
    journal.tidy(target.parent)
    overwrite = settings.overwrite or journal.wrote(target)
    check_output(target, source=item.source, overwrite=overwrite)


def _write(data: bytes, target: Path, journal: Journal, made: _Made) -> None:
    with written_atomically(target) as part:
        part.write_bytes(data)
        written = part.stat()
        journal.add(
            Entry(
                source_sha256=made.content,
                settings_sha256=made.choices,
                target=journal.inside(target),
                size=written.st_size,
                mtime_ns=written.st_mtime_ns,
                sha256=hashlib.sha256(data).hexdigest(),
                consistency=made.consistency,
                evaluations=made.evaluations,
                seconds=round(made.seconds, 3),
                finished=datetime.now(UTC).isoformat(timespec="seconds"),
            )
        )


def _state_of(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError as error:
        raise UnreadableFile(path, error.strerror or str(error)) from error
    return found.st_size, found.st_mtime_ns


def _hash(path: Path, token: CancelToken) -> str:
    found = hashlib.sha256()
    for _ in hash_file(path, found.update, token):
        pass
    return found.hexdigest()


def _without_frames(error: Exception) -> Exception:
    """An exception that keeps no picture in memory; of a bug, where it was raised as a note."""
    if not isinstance(error, CoreError):
        error.add_note("".join(traceback.format_exception(error)))
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)
