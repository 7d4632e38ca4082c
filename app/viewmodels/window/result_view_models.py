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
class ExploreViewModels:
    """What the window renders of it.

    Attributes:
        timeline: The estimates of the latest run.
        runs: The runs of the session.
        undo: Changes of the settings.
        presets: Those that the user has saved.
    """

    timeline: TimelineViewModel
    runs: RunHistoryViewModel
    undo: UndoViewModel
    presets: PresetsViewModel


def explore_models(
    runner: JobRunner,
    vault: ArrayStore,
    run: RunViewModel,
    document: DocumentViewModel,
    parameters: ParametersViewModel,
) -> ExploreViewModels:
    """All of them; `runner` is not to wait for runs."""
    return ExploreViewModels(
        timeline=TimelineViewModel(run),
        runs=RunHistoryViewModel(runner, vault, run, document),
        undo=UndoViewModel(parameters),
        presets=PresetsViewModel(runner, config_folder() / PRESET_FILE_NAME),
    )
