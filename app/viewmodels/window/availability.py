"""What follows from the states of document, run and saving taken together."""

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
from app.viewmodels.parameters.reuse_settings import RecordReadInProgress, ReuseSettingsState
from app.viewmodels.run.run import PreparingResult, ResultReady, RunInProgress, RunState, RunStopped


def may_restore(document: DocumentState, run: RunState) -> bool:
    """Whether Restore does something."""
    idle = not isinstance(run, RunInProgress | PreparingResult)
    return (
        idle
        and document_of_state(document) is not None
        and not isinstance(document, DocumentOpening)
    )


def may_restore_visible(document: DocumentState, run: RunState, problem: ProblemKind) -> bool:
    """Whether restoring only what is visible does something: of JPEGs, whose parts are known."""
    return may_restore(document, run) and problem is ProblemKind.JPEG


def may_repeat(document: DocumentState, repeat: ReuseSettingsState) -> bool:
    """Whether the settings of a result can be used: for the file that is open."""
    opened = document_of_state(document) is not None and not isinstance(document, DocumentOpening)
    return opened and not isinstance(repeat, RecordReadInProgress)


def may_stop(run: RunState) -> bool:
    """Whether Stop does something."""
    return isinstance(run, RunInProgress) and not run.is_cancelling


def may_save(run: RunState, saving: SavingState) -> bool:
    """Whether there is a result, and the last one is written."""
    return isinstance(run, ResultReady) and not isinstance(saving, SavingInProgress)


def status_words(
    document: DocumentState,
    run: RunState,
    saving: SavingState,
    repeat: ReuseSettingsState,
) -> str:
    """The line below the pictures while no run is under way."""
    match document, run, saving:
        case DocumentOpening(path=path), _, _:
            return tr("Opening {name}…").format(name=path.name)
        case _ if isinstance(repeat, RecordReadInProgress):
            return tr("Reading how {name} was made…").format(name=repeat.path.name)
        case _, _, SavingInProgress(path=path):
            return tr("Saving {name}…").format(name=path.name)
        case _, ResultReady(result=restored), _:
            words = tr("Restored in {time}")
            if not restored.restoration.complete:
                words = tr("Estimate after {time}")
            return words.format(time=format_duration(restored.restoration.seconds))
        case _, PreparingResult(is_from_archive=True), _:
            return tr("Going back to an earlier run…")
        case _, PreparingResult(), _:
            return tr("Keeping the estimate…")
        case _, RunStopped(), _:
            return tr("Stopped")
        case _ if document_of_state(document) is None:
            return tr("No file is open")
        case _:
            return tr("Ready to restore")


def title_for(document: DocumentState, app_name: str) -> str:
    """The window's title."""
    match document:
        case DocumentOpened(document=opened):
            return f"{opened.source.path.name} - {app_name}"
        case _ if opened_before := document_of_state(document):
            return f"{opened_before.source.path.name} - {app_name}"
        case _:
            return app_name
