"""What follows from runs: their estimates, samples and history."""

from __future__ import annotations

from dataclasses import dataclass

from app.config.paths import config_folder
from app.jobs.parameters.preset_file import PRESET_FILE_NAME
from app.jobs.storage.array_store import ArrayStore
from app.jobs.worker import JobRunner
from app.viewmodels.document.document import DocumentViewModel
from app.viewmodels.parameters.parameters import ParametersViewModel
from app.viewmodels.parameters.presets import PresetsViewModel
from app.viewmodels.parameters.undo import UndoViewModel
from app.viewmodels.results.history import RunHistoryViewModel
from app.viewmodels.run.run import RunViewModel
from app.viewmodels.run.timeline import TimelineViewModel


@dataclass(frozen=True, slots=True)
class ResultViewModels:
    """What the window renders of it.

    Attributes:
        timeline: The estimates of the latest run.
        run_history: The runs of the session.
        undo: Changes of the settings.
        presets: Those that the user has saved.
    """

    timeline: TimelineViewModel
    run_history: RunHistoryViewModel
    undo: UndoViewModel
    presets: PresetsViewModel


def create_result_view_models(
    runner: JobRunner,
    array_store: ArrayStore,
    run: RunViewModel,
    document: DocumentViewModel,
    parameters: ParametersViewModel,
) -> ResultViewModels:
    """All of them; `runner` is not to wait for runs."""
    return ResultViewModels(
        timeline=TimelineViewModel(run),
        run_history=RunHistoryViewModel(runner, array_store, run, document),
        undo=UndoViewModel(parameters),
        presets=PresetsViewModel(runner, config_folder() / PRESET_FILE_NAME),
    )
