"""`batch --dry-run`: prints what a batch would do, without restoring or writing anything."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from app.cli.batch.folders import BatchFolders
from app.cli.console import format_failure, open_progress_bar, print_summary
from app.cli.cost_estimate import ImageShape, estimate_recorded_seconds, format_file_count
from app.cli.options import RunOptions
from app.cli.run_events import write_plan_end, write_planned, write_start
from app.config.prior_locations import create_prior_library, existing_ancestor, find_prior_file
from app.i18n.formatting import format_approximate_duration, format_approximate_size
from ddrm_core.batch.dry_run.outcome import PlannedAction, PlannedOutcome
from ddrm_core.batch.dry_run.planner import BatchPlanner
from ddrm_core.batch.dry_run.result_sizes import estimate_result_bytes
from ddrm_core.batch.manifest import Manifest
from ddrm_core.batch.output_paths import OutputNaming, plan_outputs
from ddrm_core.batch.selection.copy_other_file import check_copies
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.device.selection import choose_device
from ddrm_core.formats.capabilities import check_format

_SUMMARY_TEXTS = {
    PlannedAction.RESTORE: "to restore",
    PlannedAction.COPY_RESULT: "to copy",
    PlannedAction.LEAVE: "to leave as they are",
    PlannedAction.COPY_SOURCE: "to copy unchanged",
    PlannedAction.SKIP: "done before",
    PlannedAction.KEEP: "done before with other settings",
    PlannedAction.FAIL: "would fail",
}


@dataclass(frozen=True, slots=True)
class DryRun:
    """A batch of which only the plan is printed.

    Attributes:
        folders: Folders of the images and of the results.
        settings: Settings of all files.
        naming: Naming rule of the results.
        prior_name: Name or file of the prior, which is not loaded.
    """

    folders: BatchFolders
    settings: BatchSettings
    naming: OutputNaming
    prior_name: str

    def print_plan(self, run_options: RunOptions) -> int:
        """Print the action for each file and a summary, and return how many files would fail.

        Raises:
            InvalidSetting: If the name template is invalid, or a result would replace a source.
            UnsupportedFormat: If the results' format does not support the bits per channel.
            CoreError: If a folder, the manifest or the prior's file cannot be read, or if the
                device does not exist.
        """
        example_name = Path(self.naming.build_relative_path(Path("photo.jpg")))
        check_format(example_name, bits=self.settings.export.bits, channels=3)
        device = choose_device(run_options.device)
        run_options.compute.apply()
        find_prior_file(self.prior_name)
        prior_info = create_prior_library().read_info(self.prior_name)
        outcomes = list(self._plan_files(prior_info.identity))
        restored = [each for each in outcomes if each.action is PlannedAction.RESTORE]
        shapes = [ImageShape(outcome.size, outcome.channels) for outcome in restored]
        seconds = estimate_recorded_seconds(
            shapes, prior_info.name, device.type, self.settings.sampler
        )
        result_bytes = estimate_result_bytes(restored, self.settings.export)
        self._print_summary(outcomes, seconds, result_bytes)
        return sum(outcome.action is PlannedAction.FAIL for outcome in outcomes)

    def _plan_files(self, prior_identity: str) -> Iterator[PlannedOutcome]:
        """Yield the action for each file after it is printed."""
        manifest = Manifest(self.folders.output_folder)
        found = self.folders.find_new_sources(manifest)
        self.folders.print_notes(found)
        files = plan_outputs(
            found.image_paths,
            self.folders.source_folder,
            self.folders.output_folder,
            self.naming,
        )
        if self.settings.selection.copies_others:
            check_copies(files)
        write_start("batch", len(files), self.folders.output_folder)
        planner = BatchPlanner(self.settings, prior_identity, manifest)
        with open_progress_bar() as bar:
            task = bar.add_task("reading files", total=len(files))
            for number, outcome in enumerate(planner.plan_files(files), 1):
                self._print_outcome(number, outcome)
                bar.update(task, completed=number)
                yield outcome

    def _print_outcome(self, number: int, outcome: PlannedOutcome) -> None:
        source, error = outcome.file.source, outcome.error
        message = None if error is None else format_failure(error)
        write_planned(number, outcome, message)
        if message is not None:
            typer.echo(f"Error: {message}", err=True)
        else:
            name = source.relative_to(self.folders.source_folder)
            print_summary(f"{name}: {_format_action(outcome)}")

    def _print_summary(
        self, outcomes: Sequence[PlannedOutcome], seconds: float | None, result_bytes: int
    ) -> None:
        counts = Counter(outcome.action for outcome in outcomes)
        free_bytes = shutil.disk_usage(existing_ancestor(self.folders.output_folder)).free
        write_plan_end(counts, seconds, result_bytes, free_bytes)
        texts = [
            f"{counts[action]} {text}" for action, text in _SUMMARY_TEXTS.items() if counts[action]
        ]
        folder, count = self.folders.output_folder, format_file_count(len(outcomes))
        print_summary(f"{folder}: {count}: {', '.join(texts)}" if texts else f"{folder}: {count}")
        if not counts[PlannedAction.RESTORE]:
            return
        time = (
            "in a time that is known after the first run"
            if seconds is None
            else f"in about {format_approximate_duration(seconds)}"
        )
        print_summary(
            f"{time}, with about {format_approximate_size(result_bytes)} of results;"
            f" {format_approximate_size(free_bytes)} are free. Nothing was written."
        )


def _format_action(outcome: PlannedOutcome) -> str:
    """Return the action for one file that would not fail."""
    match outcome.action:
        case PlannedAction.RESTORE:
            text = f"restore to {outcome.target}"
        case PlannedAction.COPY_RESULT:
            text = f"copy the result {outcome.copied_from} to {outcome.target}"
        case PlannedAction.LEAVE:
            return "leave as it is"
        case PlannedAction.COPY_SOURCE:
            return f"copy unchanged to {outcome.target}"
        case PlannedAction.SKIP:
            return f"done before as {outcome.target}"
        case PlannedAction.KEEP:
            return f"done before with other settings as {outcome.target}"
        case PlannedAction.FAIL:
            raise ValueError(outcome.action)
    if outcome.conflicting_result is not None:
        text += f", because {outcome.conflicting_result.name} is the result of another image"
    return text
