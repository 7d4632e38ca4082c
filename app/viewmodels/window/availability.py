"""Availability of actions, and texts that depend on several states."""

from __future__ import annotations

from app.i18n.translation import tr
from app.jobs.run.restore_request import ProblemKind
from app.viewmodels.document.document import (
    DocumentOpened,
    DocumentOpening,
    DocumentState,
    document_of_state,
)
from app.viewmodels.document.facts import format_duration
from app.viewmodels.export.saving import SavingInProgress, SavingState
from app.viewmodels.parameters.parameters import ParametersState
from app.viewmodels.parameters.restore_obstacle import RestoreObstacle, find_restore_obstacle
from app.viewmodels.parameters.reuse_settings import RecordReadInProgress, ReuseSettingsState
from app.viewmodels.results.past_runs import RunHistoryState
from app.viewmodels.results.savable_result import find_savable_result
from app.viewmodels.run.run import PreparingResult, ResultReady, RunInProgress, RunState, RunStopped


def find_obstacle(document: DocumentState, parameters: ParametersState) -> RestoreObstacle | None:
    """Return why the opened file cannot be restored, None if it can or if no file is open."""
    opened_document = document_of_state(document)
    return None if opened_document is None else find_restore_obstacle(opened_document, parameters)


def can_restore(
    document: DocumentState, run: RunState, obstacle: RestoreObstacle | None = None
) -> bool:
    """Return whether a run can be started.

    A file has to be open that can be restored, and no run may be in progress.
    """
    is_idle = not isinstance(run, RunInProgress | PreparingResult)
    return (
        is_idle
        and obstacle is None
        and document_of_state(document) is not None
        and not isinstance(document, DocumentOpening)
    )


def can_restore_visible(
    document: DocumentState,
    run: RunState,
    problem: ProblemKind,
    obstacle: RestoreObstacle | None = None,
) -> bool:
    """Return whether a run of the visible region can be started.

    Only the problem of JPEG compression can be solved for a region.
    """
    return can_restore(document, run, obstacle) and problem is ProblemKind.JPEG


def can_reuse_settings(document: DocumentState, reuse: ReuseSettingsState) -> bool:
    """Return whether the user can choose a saved result to reuse its settings.

    A file has to be open, and no run record may be in the process of being read.
    """
    is_opened = document_of_state(document) is not None and not isinstance(
        document, DocumentOpening
    )
    return is_opened and not isinstance(reuse, RecordReadInProgress)


def can_stop(run: RunState) -> bool:
    """Return whether a run is in progress that has not been asked to stop."""
    return isinstance(run, RunInProgress) and not run.is_cancelling


def can_save(run: RunState, saving: SavingState, history: RunHistoryState) -> bool:
    """Return whether `find_savable_result` finds a result, and no file is being saved."""
    has_result = find_savable_result(run, history) is not None
    return has_result and not isinstance(saving, SavingInProgress)


def window_status_text(
    document: DocumentState,
    run: RunState,
    saving: SavingState,
    reuse: ReuseSettingsState,
    obstacle: RestoreObstacle | None = None,
) -> str:
    """Return the line below the panes, such as "Ready to restore", between two runs."""
    match document, run, saving:
        case DocumentOpening(path=path), _, _:
            return tr("Opening {name}…").format(name=path.name)
        case _ if isinstance(reuse, RecordReadInProgress):
            return tr("Reading how {name} was made…").format(name=reuse.path.name)
        case _, _, SavingInProgress(path=path):
            return tr("Saving {name}…").format(name=path.name)
        case _, ResultReady(result=result), _:
            text = tr("Restored in {time}")
            if not result.restoration.complete:
                text = tr("Intermediate result after {time}")
            return text.format(time=format_duration(result.restoration.seconds))
        case _, PreparingResult(is_from_archive=True), _:
            return tr("Going back to an earlier run…")
        case _, PreparingResult(), _:
            return tr("Preparing the step…")
        case _, RunStopped(), _:
            return tr("Stopped")
        case _ if document_of_state(document) is None:
            return tr("No file is open")
        case _ if obstacle is not None:
            return tr(obstacle)
        case _:
            return tr("Ready to restore")


def window_title(document: DocumentState, app_name: str) -> str:
    """Return the window's title: the name of the shown file, and the program's name."""
    match document:
        case DocumentOpened(document=opened_document):
            return f"{opened_document.source.path.name} - {app_name}"
        case _ if previous_document := document_of_state(document):
            return f"{previous_document.source.path.name} - {app_name}"
        case _:
            return app_name
