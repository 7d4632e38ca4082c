"""One file after another: skipped where it is done, restored, written, noted down."""

from __future__ import annotations

import hashlib
import time
import traceback
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import torch

from ddrm_core.batch.batch_files import BatchFiles, Others
from ddrm_core.batch.done_before import Earlier, earlier_results, result_that_stays
from ddrm_core.batch.manifest import Journal
from ddrm_core.batch.output_paths import Item
from ddrm_core.batch.placement import Placement, place, planned_place
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.batch.writing import Made, takes_no_result, write_result
from ddrm_core.cancel import CancelToken
from ddrm_core.device.execution_limits import Fallback
from ddrm_core.device.out_of_memory import memory_for
from ddrm_core.errors import (
    Cancelled,
    CoreError,
    OutputExists,
    UnreadableFile,
    UnwritableOutput,
)
from ddrm_core.export.deliver import check_delivery, deliver
from ddrm_core.files.atomic_write import check_output
from ddrm_core.files.hashing import hash_file
from ddrm_core.jpeg.recompression import Earlier as EarlierCompression
from ddrm_core.prior.denoiser import Prior
from ddrm_core.restoration.executor import Wanted
from ddrm_core.restoration.input import PixelImage, measure, open_source
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import make_run
from ddrm_core.restoration.step import Step

_CPU = torch.device("cpu")


class FileState(StrEnum):
    """What became of a file."""

    DONE = "done"
    SKIPPED = "skipped"  # it was done before, and nothing that matters has changed since
    KEPT = "kept"  # it was done before with other settings or another prior; that result stays
    FAILED = "failed"


@dataclass(frozen=True, slots=True, eq=False)
class FileOutcome:
    """What became of one file; holds nothing of its picture.

    Attributes:
        item: What was asked.
        target: Where the result is; its suffix may be another than the item's.
        state: Done, skipped, kept or failed.
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
        kept: The result of other content that has the planned name, so that this one got another.
        ends_batch: Whether the folder of results takes no file any more, so that further files
            would be restored in vain.
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
    earlier: EarlierCompression | None = None
    fallbacks: tuple[Fallback, ...] = ()
    copied_from: Path | None = None
    kept: Path | None = None
    ends_batch: bool = False


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
    files: BatchFiles | None = None,
) -> Iterator[Working | FileOutcome]:
    """Restore each file, telling every step and how each ended.

    A file that fails does not end the batch, unless nothing more can be written
    (`FileOutcome.ends_batch`).

    Args:
        items: The files.
        settings: Settings of all files.
        prior: The denoiser.
        journal: Journal of a folder that holds the targets.
        token: Polled several times a second.
        files: Files of the same batch that had their turns before, None for none; `items` are
            added to them.

    Raises:
        Cancelled: `token` was cancelled; the file in work is as it was before.
    """
    files = files or BatchFiles()
    files.add(items)
    for number, item in enumerate(items, 1):
        yield Working(number, item, None)
        files.begin(item)
        steps = restore_file(item, settings, prior, journal, token, files)
        while True:
            try:
                step = next(steps)
            except StopIteration as end:
                outcome: FileOutcome = end.value
                break
            yield Working(number, item, step)
        if outcome.state is not FileState.FAILED:
            files.end(item, outcome.target)
        yield outcome
        if outcome.ends_batch:
            return


def restore_file(
    item: Item,
    settings: BatchSettings,
    prior: Prior,
    journal: Journal,
    token: CancelToken,
    others: Others | None = None,
) -> Generator[Step, None, FileOutcome]:
    """Restore one file, yielding every step; the generator's return value says how it ended.

    A file whose content was restored before with the same settings is not restored again: where
    the result is in one of its own places it is skipped, else the result is copied there. A result
    of the same content under other settings is kept, or replaced where `redo` is set. A result of
    other content is never replaced: this one gets another name then. Any other file in the place,
    and with it a result that was changed since, is replaced only where `overwrite` is set, and so
    are results of other content. The folders around the target are made.

    Args:
        item: The file.
        settings: Settings of all files.
        prior: The denoiser.
        journal: Of a folder that the target is in.
        token: Polled several times a second.
        others: The other files of the batch, None for none.

    Raises:
        Cancelled: `token` was cancelled; there is nothing of the file yet.
    """
    began = time.monotonic()
    turn = _Turn(item, settings, journal, others or BatchFiles())
    try:
        return (yield from _restored(turn, prior, token))
    except Cancelled:
        raise
    # The boundary between files: whatever goes wrong with one, the others have their turn.
    except Exception as error:  # noqa: BLE001
        seconds = time.monotonic() - began
        return FileOutcome(
            item,
            item.target,
            FileState.FAILED,
            error=_without_frames(error),
            seconds=seconds,
            ends_batch=takes_no_result(error, journal),
        )


@dataclass(frozen=True, slots=True)
class _Turn:
    """The arguments of `restore_file` that stay the same during a file's turn."""

    item: Item
    settings: BatchSettings
    journal: Journal
    others: Others

    def placement(self, wanted: Path, content: str, earlier: Earlier) -> Placement:
        """Decide where the result goes; make its folder. Raises where it cannot be written."""
        try:
            wanted.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UnwritableOutput.after(wanted, error) from error
        item, settings, journal = self.item, self.settings, self.journal
        found = place(wanted, item, content, earlier, settings, journal, self.others)
        journal.tidy(found.target.parent)
        check_output(found.target, source=item.source, overwrite=found.replaces)
        return found


def _restored(turn: _Turn, prior: Prior, token: CancelToken) -> Generator[Step, None, FileOutcome]:
    item, settings = turn.item, turn.settings
    began, as_it_was = time.monotonic(), _state_of(item.source)
    content = _hash(item.source, token)
    choices = settings.sha256(prior.info.sha256, item.target.suffix)
    earlier = earlier_results(item, content, choices, turn.journal, turn.others)
    before = _done_before(turn, content, choices, earlier)
    if before is not None:
        return before
    source = open_source(
        item.source, tolerate_damage=settings.tolerate_damage, max_pixels=settings.max_pixels
    )
    image, delivery = measure(source, settings.assumption), settings.delivery
    wanted = planned_place(item, image, delivery)
    check_delivery(wanted, image, delivery)
    turn.placement(wanted, content, earlier)
    run = make_run(image, prior, settings.sampler, seed=settings.seed)
    spread = Wanted(spread=False, samples=1 if delivery.sharpness else 0)
    result = yield from restore(run, token, spread)
    with memory_for(_CPU, *image.size):
        delivered = deliver(result, wanted, delivery)
    token.raise_if_cancelled()
    if _state_of(item.source) != as_it_was:
        raise UnreadableFile(item.source, "It has changed since it was opened")
    seconds = time.monotonic() - began
    made = Made(content, choices, delivered.inside, result.evaluations, seconds)
    written = _write(delivered.data, wanted, turn, made)
    if isinstance(written, FileOutcome):
        return written
    estimate = None
    if isinstance(source, PixelImage) and settings.assumption.quality is None:
        estimate = source.earlier
    return FileOutcome(
        item,
        written.target,
        FileState.DONE,
        consistency=delivered.inside,
        seconds=seconds,
        evaluations=result.evaluations,
        notes=delivered.notes,
        damage=None if image.damage is None else image.damage.words,
        earlier=estimate,
        fallbacks=result.fallbacks,
        kept=written.kept,
    )


def _in_place(turn: _Turn, earlier: Earlier) -> FileOutcome | None:
    """Return the outcome of a file that has its result in place; None where one is to be made."""
    entry = result_that_stays(earlier, redo=turn.settings.redo)
    if entry is None:
        return None
    state = FileState.SKIPPED if entry is earlier.same else FileState.KEPT
    there = turn.journal.folder / entry.target
    return FileOutcome(turn.item, there, state, consistency=entry.consistency)


def _done_before(turn: _Turn, content: str, choices: str, earlier: Earlier) -> FileOutcome | None:
    """Where the result is there already: at its place, or at another one and then copied."""
    elsewhere, item = earlier.elsewhere, turn.item
    in_place = _in_place(turn, earlier)
    if in_place is not None or elsewhere is None:
        return in_place
    there = turn.journal.folder / elsewhere.target
    wanted = item.target.with_suffix(there.suffix) if item.follows_format else item.target
    turn.placement(wanted, content, earlier)
    try:
        data = there.read_bytes()
    except OSError as error:
        raise UnreadableFile(there, error.strerror or str(error)) from error
    if hashlib.sha256(data).hexdigest() != elsewhere.sha256:
        return None
    share, evaluations = elsewhere.consistency, elsewhere.evaluations
    made = Made(content, choices, share, evaluations, elsewhere.seconds)
    written = _write(data, wanted, turn, made)
    if isinstance(written, FileOutcome):
        return written
    return FileOutcome(
        item,
        written.target,
        FileState.DONE,
        consistency=share,
        copied_from=there,
        kept=written.kept,
    )


def _write(data: bytes, wanted: Path, turn: _Turn, made: Made) -> Placement | FileOutcome:
    """Write a result where it belongs by now.

    Returns:
        Where it was written, or how the turn ends because another process was faster.
    """
    while True:
        earlier = earlier_results(turn.item, made.content, made.choices, turn.journal, turn.others)
        in_place = _in_place(turn, earlier)
        if in_place is not None:
            return in_place
        placement = turn.placement(wanted, made.content, earlier)
        try:
            write_result(data, placement, turn.journal, made)
        except OutputExists:
            continue  # another process was faster: the name is not free any more
        return placement


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
