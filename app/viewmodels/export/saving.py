"""View model of saving a result to a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal

from app.i18n.error_messages import UserMessage, message_from_error
from app.i18n.formatting import format_count, format_size
from app.i18n.translation import tr, translate
from app.i18n.verdict_text import verdict_to_text
from app.jobs.export.save import SavedFile, save_result
from app.jobs.results.archived_result import ArchivedResult, export_archived_result
from app.jobs.run.result import RunResult
from app.jobs.run.result_strength import FULL_STRENGTH, ResultStrength
from app.jobs.worker import JobOutcome, JobRunner, job_from_function
from app.viewmodels.export.save_options import SaveOptionsViewModel
from app.viewmodels.state_view_model import JobFailed, JobNotStarted, JobViewModel
from ddrm_core.errors import OutputIsInput
from ddrm_core.restoration.verdict import VerdictReason

MAX_NOTES = 4


@dataclass(frozen=True, slots=True)
class SavingInProgress:
    """State while a result is being saved to `path`."""

    path: Path


SavingState = JobNotStarted | SavingInProgress | SavedFile | JobFailed


def result_saved_message(saved: SavedFile, *, max_notes: int | None = MAX_NOTES) -> UserMessage:
    """Return the message about a saved file: folder, size, verdict, and one line per note.

    The line with the verdict is only about a lossy file: the panel shows that of the result.

    Args:
        saved: The saved file.
        max_notes: Maximum number of note lines, the last of which counts the omitted notes; None
            for no limit.
    """
    notes = translate_notes(saved)
    if max_notes is not None and len(notes) > max_notes:
        more_text = tr("And {count} more.").format(count=format_count(len(notes) - max_notes + 1))
        notes = (*notes[: max_notes - 1], more_text)
    location = tr("It is in {folder}.").format(folder=saved.path.parent)
    if saved.byte_count:
        location = f"{location} {saved_size_text(saved)}"
    title = tr("Saved {name}").format(name=saved.path.name)
    return UserMessage(title, "\n".join((location, *_verdict_lines(saved), *notes)))


def _verdict_lines(saved: SavedFile) -> tuple[str, ...]:
    """Return a line with the verdict on a lossy file and its reasons, none for another file."""
    if saved.verdict is None or VerdictReason.LOSSY not in saved.verdict.reasons:
        return ()
    verdict = verdict_to_text(saved.verdict)
    return (f"{verdict.title}. {verdict.explanation}",)


def save_error_message(error: Exception) -> UserMessage:
    """Return the message about a result that could not be saved."""
    message = message_from_error(error)
    if isinstance(error, OutputIsInput):
        advice = tr("{name} is never changed; choose another name.").format(name=error.path.name)
        return replace(message, title=tr("This would overwrite the original"), advice=advice)
    return message


def saved_size_text(saved: SavedFile) -> str:
    """Return a sentence with the size of a saved file and that of its source, if known."""
    size = format_size(saved.byte_count)
    if saved.source_byte_count is None:
        return tr("It has {size}.").format(size=size)
    source_size = format_size(saved.source_byte_count)
    return tr("It has {size}; the original has {source_size}.").format(
        size=size, source_size=source_size
    )


def translate_notes(saved: SavedFile) -> tuple[str, ...]:
    """Return the notes of a saved file as translated sentences."""
    return tuple(f"{translate(note).rstrip('.')}." for note in saved.notes)


class SavingViewModel(JobViewModel[SavingState]):
    """View model of saving a result to a file.

    Attributes:
        options: View model of the options for saving.

    Signals:
        result_saved: Emitted when a result has been saved. arg1: number of its run. arg2: the file.
    """

    result_saved = Signal(int, object)

    def __init__(self, runner: JobRunner) -> None:
        super().__init__(JobNotStarted(), runner)
        self.options = SaveOptionsViewModel()
        self._run_number = 0

    def save(
        self,
        result: RunResult | ArchivedResult,
        path: Path,
        *,
        sharpness: float,
        sample: int = 1,
        strength: ResultStrength = FULL_STRENGTH,
        run_number: int = 0,
        overwrite: bool = True,
    ) -> None:
        """Save a result with the current options, in the format of the suffix of `path`.

        Args:
            result: The result; an archived one while another run is in progress.
            path: Path of the file.
            sharpness: Sharpness from safest (0) to sharpest (1).
            sample: Number, from 1, of the sample that is the sharpest result.
            strength: Strength and kept areas.
            run_number: Number of the run, which `result_saved` reports.
            overwrite: Whether an existing file is replaced; if not, the file gets a free name.
        """
        self._run_number = run_number
        self._set_state(SavingInProgress(path))
        settings = self.options.state.to_export_settings(
            sharpness=sharpness, sample=sample, strength=strength
        )
        keep_date = self.options.state.should_keep_date
        match result:
            case ArchivedResult():
                save = partial(export_archived_result, result)
            case _:
                save = partial(save_result, result)
        job = partial(save, path, settings, keep_date=keep_date, overwrite=overwrite)
        self._job_id = self._runner.start(job_from_function(job), must_finish=True)

    def _on_job_ended(self, outcome: JobOutcome) -> None:
        state: SavingState = outcome.convert(SavedFile, lambda saved: saved, JobFailed)
        if isinstance(state, SavedFile):
            self.result_saved.emit(self._run_number, state.path)
        self._set_state(state)
