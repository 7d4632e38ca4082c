"""Example of the path of a result."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.i18n.error_messages import message_from_error
from app.jobs.batch.output_names import build_example_path
from app.jobs.worker import JobOutcome, JobRunner, job_from_function
from app.viewmodels.batch.batch_state import BatchState, find_example_item


class ExamplePathBuilder(QObject):
    """Builder of the example path, the target of the first item, on a worker thread.

    Signals:
        example_changed: Emitted when the example path has changed. arg1: the path relative to the
            output folder, empty if not known. arg2: a `UserMessage` about a problem of the output
            location, or None.
    """

    example_changed = Signal(str, object)

    def __init__(self, runner: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self._job_id = 0
        self._inputs: object = None
        runner.ended.connect(self._on_ended)

    def update(self, state: BatchState) -> None:
        """Build the example path again if the first item, its settings or the output changed."""
        item, settings = find_example_item(state), state.effective_settings
        if item is None or settings is None:
            self._inputs = None
            self.example_changed.emit("", state.output_problem)
            return
        location = state.output_location
        inputs = (item.source, item.base_folder, item.own_settings, settings, location)
        if inputs != self._inputs:
            self._inputs = inputs
            self._runner.discard(self._job_id)
            job = partial(build_example_path, item, location, settings)
            self._job_id = self._runner.start(job_from_function(job))

    @Slot(int, object)
    def _on_ended(self, job_id: int, outcome: JobOutcome) -> None:
        if job_id != self._job_id:
            return
        if isinstance(outcome.result, str):
            self.example_changed.emit(outcome.result, None)
        elif outcome.error is not None:
            self.example_changed.emit("", message_from_error(outcome.error))
