"""`batch --dry-run`: prints what a batch would do, without restoring or writing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from app.cli.batch.folders import BatchFolders
from app.cli.batch.originals import ReplacedOriginals
from app.cli.console import format_failure, open_progress_bar, print_failure, print_summary
from app.cli.options.shared import RunOptions
from app.cli.run.cost_estimate import ImageShape, format_file_count
from app.cli.run.dry_run import create_plan_context, print_plan_end
from app.cli.run_events import EventFile, Failure, name_error_kind, write_planned, write_start
from ddrm_core.batch.dry_run.outcome import PlannedAction, PlannedOutcome
from ddrm_core.batch.dry_run.planner import BatchPlanner
from ddrm_core.batch.dry_run.result_sizes import estimate_result_bytes
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.output_check import check_output_folder
from ddrm_core.batch.output_paths import OutputNaming, PlannedFile, plan_outputs
from ddrm_core.batch.selection.copy_other_file import check_copies
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.batch.source_access import SourceAccess
from ddrm_core.batch.streaming.streamed_plan import StreamedFileTracker, StreamedPlan
from ddrm_core.formats.capabilities import check_format

_SUMMARY_TEXTS = {
    PlannedAction.RESTORE: "to restore",
    PlannedAction.COPY_RESULT: "to copy",
    PlannedAction.LEAVE: "to leave as they are",
    PlannedAction.COPY_SOURCE: "to copy unchanged",
    PlannedAction.SKIP: "done before",
    PlannedAction.KEEP: "done before with other settings",
    PlannedAction.RETAIN: "not to be replaced",
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
        originals: Originals that the results would replace, None if the results would have a folder
            of their own.
        streamed_plan: Plan of the files, None to plan all files at once.
    """

    folders: BatchFolders
    settings: BatchSettings
    naming: OutputNaming
    prior_name: str
    originals: ReplacedOriginals | None = None
    streamed_plan: StreamedPlan | None = None

    def print_plan(self, run_options: RunOptions) -> int:
        """Print the action for each file and a summary, and return how many files would fail.

        Raises:
            InvalidSetting: If the name template is invalid, or a result would replace a source.
            UnsupportedFormat: If the results' format does not support the bits per channel.
            UnwritableOutput: If results cannot be written to the output folder.
            CoreError: If a folder, the manifest or the prior's file cannot be read, or if the
                device does not exist.
        """
        example_source = Path("photo.jpg")
        example_name = Path(self.naming.build_relative_path(example_source))
        if self.originals is not None:
            example_name = self.originals.plan([example_source])[0].target
        check_format(example_name, bits=self.settings.export.bits, channels=3)
        stores, output_folder = self.folders.stores, self.folders.output_folder
        if stores.results is None:
            check_output_folder(output_folder)
            manifest = Manifest(output_folder)
        else:
            manifest = stores.open_manifest(output_folder, None)
            manifest.read_new_lines()  # before the prior is read
        sources = stores.open_sources(manifest)
        context = create_plan_context(self.prior_name, run_options)
        counts, restored = Counter[PlannedAction](), OutcomeSample()
        for outcome in self._plan_files(context.prior_info.identity, manifest, sources):
            counts[outcome.action] += 1
            if outcome.action is PlannedAction.RESTORE:
                restored.add(outcome)
        texts = [
            f"{counts[action]} {text}" for action, text in _SUMMARY_TEXTS.items() if counts[action]
        ]
        summary = ", ".join([format_file_count(counts.total()), *texts])
        print_summary(f"{output_folder}: {summary}")
        shapes = [ImageShape(outcome.size, outcome.channels) for outcome in restored.outcomes]
        seconds = context.estimate_seconds(shapes, self.settings.sampler)
        if seconds is not None:
            seconds *= restored.scale
        result_bytes = estimate_result_bytes(restored.outcomes, self.settings.export, sources)
        result_bytes = round(result_bytes * restored.scale)
        print_plan_end(counts, seconds, result_bytes, output_folder)
        return counts[PlannedAction.FAIL]

    def _plan_files(
        self, prior_identity: str, manifest: Manifest, sources: SourceAccess
    ) -> Iterator[PlannedOutcome]:
        """Yield the action for each file after it is printed."""
        if self.streamed_plan is not None:
            tracker = StreamedFileTracker(self.streamed_plan)
            planner = BatchPlanner(self.settings, prior_identity, manifest, tracker, sources)
            yield from self._print_outcomes(_plan_streamed(self.streamed_plan, planner), None)
            return
        found = self.folders.find_new_sources(manifest)
        self.folders.print_notes(found)
        if self.originals is not None:
            files = self.originals.plan(found.image_paths)
            outcomes = self.originals.create_planner(self.settings).plan_files(files)
        else:
            files = plan_outputs(
                found.image_paths,
                self.folders.source_folder,
                self.folders.output_folder,
                self.naming,
            )
            if self.settings.selection.copies_others:
                check_copies(files)
            outcomes = BatchPlanner(self.settings, prior_identity, manifest).plan_files(files)
        yield from self._print_outcomes(outcomes, len(files))

    def _print_outcomes(
        self, outcomes: Iterator[PlannedOutcome], file_count: int | None
    ) -> Iterator[PlannedOutcome]:
        """Yield outcomes after they are printed; `file_count` is None for an unknown number."""
        write_start("batch", file_count, self.folders.output_folder)
        with open_progress_bar() as bar:
            task = bar.add_task("reading files", total=file_count)
            for number, outcome in enumerate(outcomes, 1):
                self._print_outcome(number, outcome)
                bar.update(task, completed=number)
                yield outcome

    def _print_outcome(self, number: int, outcome: PlannedOutcome) -> None:
        source, error = outcome.file.source, outcome.error
        file, action = EventFile(number, str(source)), outcome.action
        if error is not None:
            write_planned(
                file, action, None, Failure(name_error_kind(error), format_failure(error))
            )
            print_failure(error)
        else:
            has_target = action not in (PlannedAction.LEAVE, PlannedAction.RETAIN)
            write_planned(file, action, outcome.target if has_target else None)
            name = source.relative_to(self.folders.source_folder)
            print_summary(f"{name}: {_format_action(outcome)}")


def _plan_streamed(plan: StreamedPlan, planner: BatchPlanner) -> Iterator[PlannedOutcome]:
    """Yield the action for each file of a streamed plan, and a failure for unplanned ones."""
    for file in plan.iter_files():
        if isinstance(file, PlannedFile):
            yield from planner.plan_files((file,))
        else:
            path = file.error.path
            yield PlannedOutcome(
                PlannedFile(path, path), PlannedAction.FAIL, path, error=file.error
            )


class OutcomeSample:
    """A random sample of outcomes that represents all of them, so that memory has a limit.

    Attributes:
        outcomes: Outcomes of the sample: all of them, or as many as the limit.
    """

    def __init__(self, limit: int = 10_000) -> None:
        """Create a sample of no outcomes, which will have at most `limit` ones."""
        self.outcomes: list[PlannedOutcome] = []
        self._limit, self._count = limit, 0
        self._random = Random(0)  # the same files give the same estimate

    @property
    def scale(self) -> float:
        """Number of all outcomes divided by that of the sample, 1 for no outcomes."""
        return self._count / len(self.outcomes) if self.outcomes else 1.0

    def add(self, outcome: PlannedOutcome) -> None:
        """Add an outcome; each outcome is in the sample with the same probability.

        Source: Vitter, "Random sampling with a reservoir" (1985), algorithm R.
        """
        self._count += 1
        if len(self.outcomes) < self._limit:
            self.outcomes.append(outcome)
        elif (index := self._random.randrange(self._count)) < self._limit:
            self.outcomes[index] = outcome


def _format_action(outcome: PlannedOutcome) -> str:
    """Return the action for one file that would not fail."""
    match outcome.action:
        case PlannedAction.RESTORE if outcome.target == outcome.file.source:
            return "replace"
        case PlannedAction.RETAIN if outcome.retention_reason is not None:
            return f"not to be replaced, because {outcome.retention_reason}"
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
        case PlannedAction.FAIL | PlannedAction.RETAIN:
            raise ValueError(outcome.action)
    if outcome.conflicting_result is not None:
        text += f", because {outcome.conflicting_result.name} is the result of another image"
    return text
