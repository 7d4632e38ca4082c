"""View model of the file that saving would write."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Slot

from app.i18n.formatting import format_approximate_size
from app.i18n.translation import tr
from app.jobs.export.expected_file import ExpectedFile, ExpectedFileRequest, find_expected_file_job
from app.jobs.export.save import SavedFile
from app.jobs.worker import JobOutcome, JobRunner
from app.viewmodels.export.saving import SavingState, SavingViewModel
from app.viewmodels.run.run import ResultReady, RunViewModel
from app.viewmodels.state_view_model import JobViewModel


def expected_file_text(expected: ExpectedFile | None) -> str:
    """Return name and expected size of the file that saving would write; empty without a result."""
    if expected is None:
        return ""
    if expected.byte_count is None:
        return expected.path.name
    size = format_approximate_size(expected.byte_count)
    return tr("{name}, about {size}").format(name=expected.path.name, size=size)


class ExpectedFileViewModel(JobViewModel[ExpectedFile | None]):
    """View model of the path and the expected size of the next saved file; None without a result.

    Path and size are found by a job whenever the result or the save options have changed, and after
    a file was saved. Until the job reports, the path is the proposed one.
    """

    def __init__(self, runner: JobRunner, run: RunViewModel, saving: SavingViewModel) -> None:
        super().__init__(None, runner)
        self._run = run
        self._saving = saving
        self._request: ExpectedFileRequest | None = None
        runner.progressed.connect(self._on_progressed)
        run.state_changed.connect(self._update)
        saving.options.state_changed.connect(self._update)
        saving.state_changed.connect(self._on_saving_changed)

    @Slot()
    def _update(self) -> None:
        done = self._run.state
        request = None
        if isinstance(done, ResultReady):
            options, result = self._saving.options.state, done.result
            request = ExpectedFileRequest(
                result,
                options.propose_path(result.restoration.run.image.path),
                options.to_export_settings(
                    sharpness=result.sharpness,
                    sample=result.sample_number,
                    strength=result.strength,
                ),
            )
        if request != self._request:
            self._start(request)

    def _start(self, request: ExpectedFileRequest | None) -> None:
        self._runner.discard(self._job_id)
        self._request = request
        if request is None:
            self._set_state(None)
            return
        self._set_state(ExpectedFile(request.proposed_path))
        self._job_id = self._runner.start(partial(find_expected_file_job, request))

    @Slot(object)
    def _on_saving_changed(self, state: SavingState) -> None:
        if isinstance(state, SavedFile):
            self._start(self._request)

    @Slot(int, object)
    def _on_progressed(self, job_id: int, expected: ExpectedFile) -> None:
        if job_id == self._job_id and self._state is not None:
            self._set_state(replace(self._state, path=expected.path))

    def _on_job_ended(self, outcome: JobOutcome) -> None:
        # A result that cannot be encoded has no size; saving reports the error.
        if isinstance(outcome.result, int) and self._state is not None:
            self._set_state(replace(self._state, byte_count=outcome.result))
