"""Execution of a triage: facts about each file go to a report, to JSON or to lines."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from app.cli.console import open_progress_bar, print_failure, print_note
from app.cli.inputs.input_options import InputImage
from app.cli.inspect.triage.time_estimator import TimeEstimator
from app.cli.inspect.triage.words import create_row_texts, format_row, format_summary
from app.i18n.formatting import format_format_counts
from ddrm_core.batch.output_paths import find_source_images
from ddrm_core.batch.triage.image_facts import read_image_facts
from ddrm_core.batch.triage.report import (
    JsonTriageWriter,
    TriageWriter,
    open_triage_report,
)
from ddrm_core.batch.triage.triage_row import TriageRow, TriageSummary, build_triage_row
from ddrm_core.errors import CoreError
from ddrm_core.formats.suffixes import OTHER_IMAGE_SUFFIXES


class _LineWriter:
    """A writer that prints each row as a line, and the summary."""

    def __init__(self, estimator: TimeEstimator) -> None:
        self._estimator = estimator

    def write_row(self, row: TriageRow) -> None:
        """Print the line of a file."""
        typer.echo(format_row(row))

    def finish(self, summary: TriageSummary) -> None:
        """Print the summary."""
        typer.echo(format_summary(summary, self._estimator.preset))


@contextmanager
def _show_progress(file_count: int) -> Iterator[Callable[[], None]]:
    """Show a progress bar, and yield a function that advances it by one file."""
    with open_progress_bar() as bar:
        task = bar.add_task("reading", total=file_count)
        yield lambda: bar.advance(task)


def _ignore_step() -> None:
    """Do nothing where no progress bar is shown."""


@dataclass(frozen=True, slots=True)
class Triage:
    """A triage of images and folders on the command line.

    Attributes:
        estimator: Estimator of the times of restorations.
        recursive: Whether subfolders of folders are searched, too.
        include_all_formats: Whether PNG, TIFF, WebP and BMP files of folders are read, too.
        searches_compression: Whether files are searched for signs of an earlier compression.
    """

    estimator: TimeEstimator
    recursive: bool
    include_all_formats: bool
    searches_compression: bool

    def run(self, images: Sequence[InputImage], report: Path | None, *, as_json: bool) -> int:
        """Read all files, and return the number of failures: of files that are no images.

        Args:
            images: Images and folders.
            report: Path of the report, which replaces a file; None to print the rows.
            as_json: Whether to print one JSON document instead of lines.

        Raises:
            UnwritableOutput: If the report cannot be written.
        """
        files, failed_count = self._list_files(images)
        summary = TriageSummary()
        # Rows that are printed are the progress.
        progress: AbstractContextManager[Callable[[], None]] = nullcontext(_ignore_step)
        if report is not None:
            progress = _show_progress(len(files))
        with self._open_writer(report, as_json=as_json) as writer, progress as advance:
            for file in files:
                row = self._build_row(file)
                summary.add(row)
                writer.write_row(row)
                advance()
            writer.finish(summary)
        if report is not None:
            typer.echo(f"{report}: {format_summary(summary, self.estimator.preset)}")
        return failed_count + summary.not_images

    @contextmanager
    def _open_writer(self, report: Path | None, *, as_json: bool) -> Iterator[TriageWriter]:
        if report is not None:
            with open_triage_report(report) as writer:
                yield writer
        elif as_json:
            yield JsonTriageWriter(sys.stdout)
        else:
            yield _LineWriter(self.estimator)

    def _list_files(self, images: Sequence[InputImage]) -> tuple[list[InputImage], int]:
        """Return all files, with those of folders, and the number of folders that failed."""
        files: list[InputImage] = []
        failed_count = 0
        for image in images:
            if not os.path.isdir(image.path):
                files.append(image)
                continue
            try:
                found = find_source_images(
                    image.path,
                    recursive=self.recursive,
                    include_all_formats=self.include_all_formats,
                )
            except CoreError as error:
                print_failure(error)
                failed_count += 1
                continue
            files += [InputImage(path, str(path)) for path in found.image_paths]
            for folder_error in found.unreadable_folders:
                print_failure(folder_error)
            failed_count += len(found.unreadable_folders)
            if counts := format_format_counts(found.omitted_counts, OTHER_IMAGE_SUFFIXES):
                print_note(f"left out: {counts}; --all-pictures reads them, too")
        return files, failed_count

    def _build_row(self, image: InputImage) -> TriageRow:
        facts = read_image_facts(image.path, searches_compression=self.searches_compression)
        seconds = self.estimator.estimate_seconds(facts)
        row = build_triage_row(facts, create_row_texts(facts), seconds)
        return replace(row, file=image.name)
