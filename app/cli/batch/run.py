"""A batch on the command line, from the first file to the line that it ends with."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import typer

from app.cli.batch.folders import Place
from app.cli.batch.progress import BatchProgress, batch_progress, notes_on
from app.cli.console import failure_line, note
from app.config.prior_locations import prior_on
from app.i18n.error_messages import unwritable_advice, unwritable_title
from ddrm_core.batch.batch_files import BatchFiles
from ddrm_core.batch.manifest import Journal
from ddrm_core.batch.output_paths import Item, Naming, plan
from ddrm_core.batch.report import (
    Row,
    Summary,
    check_report,
    check_report_name,
    row_of,
    summary_of,
    write_report,
)
from ddrm_core.batch.runner import FileOutcome, FileState, restore_files
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.batch.watch import Watched, can_be_read, look_at
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import UnreadableFile, UnwritableOutput
from ddrm_core.export.deliver import usual_suffix
from ddrm_core.files.atomic_write import check_output
from ddrm_core.formats.save import check_format
from ddrm_core.prior.denoiser import Prior

_SECONDS_BETWEEN_LOOKS = 1.5


class BatchRun:
    """What is asked of a batch, and what became of each file so far."""

    def __init__(
        self, place: Place, settings: BatchSettings, naming: Naming, report: Path | None
    ) -> None:
        """Nothing is read or made yet.

        Args:
            place: Where pictures are, and where results go.
            settings: Of every file.
            naming: What results are called; in the usual format, where it is left open.
            report: Where to write what became of each file, None for nowhere.
        """
        self._place, self._settings, self._report = place, settings, report
        self._naming = replace(naming, ext=usual_suffix(settings.delivery))
        self._journal = Journal(place.output)
        self._items: dict[Path, Item] = {}
        self._files = BatchFiles()
        self._rows: dict[tuple[Path, str], Row] = {}  # by source and result
        self._ended = False  # nothing more can be written

    def carry_out(self, prior_name: str, device: str, *, watch: bool) -> int:
        """Restore all there is and, to watch, all that arrives. Gives how many failed.

        The batch ends early where the folder of results takes no file any more.

        Args:
            prior_name: Of the prior, or its file.
            device: As `choose_device` wants it.
            watch: Whether to go on until stopped.

        Raises:
            InvalidSetting: The report's name, or a result in a source's place.
            UnsupportedFormat: The results' format does not hold so many bits.
            UnwritableOutput, OutputExists: The folder takes no files, the report is another file.
            CoreError: The prior cannot be loaded.
        """
        self._check()
        prior = prior_on(prior_name, device, note)
        began = time.monotonic()
        try:
            with batch_progress(self._place.folder) as progress:
                sources = self._find(progress)
                watched = Watched(look_at(sources))
                self._restore(sources, prior, progress)
                while watch and not self._ended:
                    self._write_report()
                    progress.wait()
                    arrived: tuple[Path, ...] = ()
                    while not arrived:
                        time.sleep(_SECONDS_BETWEEN_LOOKS)
                        watched, arrived = watched.after(look_at(self._find()), can_be_read)
                    self._restore(arrived, prior, progress)
        finally:
            summary = summary_of(self._rows.values())
            seconds = time.monotonic() - began
            typer.echo(f"{self._place.output}: {_counts(summary)}, in {seconds:.1f} s")
            if summary.kept:
                note(_kept_line(summary.kept))
            self._write_report()
        return summary.failed

    def _check(self) -> None:
        """Raises for what would go wrong with every file."""
        output = self._place.output
        example = Path(self._naming.name(Path("photo.jpg")))
        check_format(example, bits=self._settings.delivery.bits, channels=3)
        if self._report is not None:
            check_report_name(self._report)
        sources = self._find()
        if not sources:
            note(f"{self._place.folder} holds no {'picture' if self._place.every else 'JPEG'}")
        self._plan(sources)
        try:
            output.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UnwritableOutput.after(output, error) from error
        check_output(self._journal.path, source=self._place.folder, overwrite=True)
        if self._report is not None:
            check_report(self._report, overwrite=self._settings.overwrite)

    def _write_report(self) -> None:
        if self._report is not None:
            write_report(self._report, tuple(self._rows.values()))

    def _find(self, progress: BatchProgress | None = None) -> tuple[Path, ...]:
        """Sources that are there now; what could not be looked into is said where it can be."""
        here, out = self._place.folder.resolve(), self._place.output.resolve()
        # Only then may results be among the sources: the output is left out as a whole.
        results = self._journal.results() if here.is_relative_to(out) else ()
        found = self._place.find(results)
        if progress is not None:
            for error in found.unreadable:
                self._note_down(error.path, _row_of_folder(error))
                progress.fail(error)
        return found.pictures

    def _plan(self, sources: Sequence[Path]) -> tuple[Item, ...]:
        """Those of an earlier plan keep their targets."""
        new = [source for source in sources if source not in self._items]
        items = plan(
            new,
            self._place.folder,
            self._place.output,
            self._naming,
            taken=[item.target for item in self._items.values()],
            others=self._items,
            first=len(self._items) + 1,
        )
        self._items |= {item.source: item for item in items}
        return tuple(self._items[source] for source in sources)

    def _restore(self, sources: Sequence[Path], prior: Prior, progress: BatchProgress) -> None:
        if not sources:
            return
        items = self._plan(sources)
        progress.begin(len(items))
        token, tried = CancelToken(), 0
        for event in restore_files(items, self._settings, prior, self._journal, token, self._files):
            if isinstance(event, FileOutcome):
                tried += 1
                self._note_down(event.item.source, row_of(event, _message(event)))
            progress.show(event)
            if isinstance(event, FileOutcome) and event.ends_batch:
                self._ended = True
                progress.stop(self._end_line(event, len(items) - tried))

    def _note_down(self, source: Path, row: Row) -> None:
        """Add a row; a file that is watched has one for each of its results."""
        self._rows.pop((source, ""), None)  # it failed before
        self._rows[source, row.result] = row

    def _end_line(self, outcome: FileOutcome, untried: int) -> str:
        """Why nothing more is restored, and how the batch goes on later."""
        assert isinstance(outcome.error, UnwritableOutput)
        count = "1 file was" if untried == 1 else f"{untried} files were"
        return (
            f"{unwritable_title(self._place.output, outcome.error)}; {count} not tried."
            f" {unwritable_advice(outcome.error)} The same command goes on where it stopped."
        )


def _counts(summary: Summary) -> str:
    """How many files ended how; what is rare is left out where it did not happen."""
    kept = f" {summary.kept} done before with other settings," if summary.kept else ""
    return f"{summary.done} restored, {summary.skipped} done before,{kept} {summary.failed} failed"


def _kept_line(kept: int) -> str:
    files = "1 file has a result" if kept == 1 else f"{kept} files have results"
    which = "it" if kept == 1 else "them"
    return (
        f"{files} of other settings or another prior;"
        f" --redo restores {which} again and replaces {which}"
    )


def _message(outcome: FileOutcome) -> str:
    if outcome.error is not None:
        return failure_line(outcome.error)
    notes = notes_on(outcome)
    if outcome.copied_from is not None:
        notes = (*notes, f"the same picture as the source of {outcome.copied_from}, copied from it")
    if outcome.state is FileState.KEPT:
        notes = (*notes, "done before with other settings; --redo restores it again")
    return "; ".join(notes)


def _row_of_folder(error: UnreadableFile) -> Row:
    return Row(str(error.path), "", FileState.FAILED.value, None, 0.0, 0, failure_line(error))
