"""Undoing of replacements on a worker thread."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.jobs.batch.undo_replacements import undo_replacements_job
from app.jobs.worker import JobOutcome, JobRunner, job_from_function


class UndoRunner(QObject):
    """The job that undoes the replacements in a folder.

    Signals:
        finished: The job has ended. arg1: the `UndoReport`, or the exception.
    """

    finished = Signal(object)

    def __init__(self, runner: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self._job_id: int | None = None
        runner.ended.connect(self._on_ended)

    def start(self, folder: Path) -> None:
        """Undo the replacements in a folder."""
        job = job_from_function(partial(undo_replacements_job, folder))
        self._job_id = self._runner.start(job, must_finish=True)

    @Slot(int, object)
    def _on_ended(self, job_id: int, outcome: JobOutcome) -> None:
        if job_id == self._job_id:
            self._job_id = None
            self.finished.emit(outcome.result or outcome.error)
