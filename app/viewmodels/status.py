"""What follows from the states of document, run and saving taken together."""

from __future__ import annotations

from app.convert import TINTED_FROM, Overlay
from app.errors import Message, message_for
from app.jobs.request import ProblemKind
from app.language import figures, tr
from app.viewmodels.document import DocumentState, Opened, Opening, document_of
from app.viewmodels.facts import duration_words
from app.viewmodels.repeat import ReadingRecord, RepeatState
from app.viewmodels.run import Done, Keeping, Running, RunState, Stopped
from app.viewmodels.saving import Saving, SavingState
from app.words import count_words
from ddrm_core.errors import NoRoomForPrior


def may_restore(document: DocumentState, run: RunState) -> bool:
    """Whether Restore does something."""
    idle = not isinstance(run, Running | Keeping)
    return idle and document_of(document) is not None and not isinstance(document, Opening)


def may_restore_visible(document: DocumentState, run: RunState, problem: ProblemKind) -> bool:
    """Whether restoring only what is visible does something: of JPEGs, whose parts are known."""
    return may_restore(document, run) and problem is ProblemKind.JPEG


def may_repeat(document: DocumentState, repeat: RepeatState) -> bool:
    """Whether the settings of a result can be used: for the file that is open."""
    opened = document_of(document) is not None and not isinstance(document, Opening)
    return opened and not isinstance(repeat, ReadingRecord)


def may_stop(run: RunState) -> bool:
    """Whether Stop does something."""
    return isinstance(run, Running) and not run.cancelling


def may_save(run: RunState, saving: SavingState) -> bool:
    """Whether there is a result, and the last one is written."""
    return isinstance(run, Done) and not isinstance(saving, Saving)


def status_words(
    document: DocumentState,
    run: RunState,
    saving: SavingState,
    repeat: RepeatState,
) -> str:
    """The line below the pictures while no run is under way."""
    match document, run, saving:
        case Opening(path=path), _, _:
            return tr("Opening {name}…").format(name=path.name)
        case _ if isinstance(repeat, ReadingRecord):
            return tr("Reading how {name} was made…").format(name=repeat.path.name)
        case _, _, Saving(path=path):
            return tr("Saving {name}…").format(name=path.name)
        case _, Done(restored=restored), _:
            words = tr("Restored in {time}")
            if not restored.restoration.complete:
                words = tr("Estimate after {time}")
            return words.format(time=duration_words(restored.restoration.seconds))
        case _, Keeping(earlier=True), _:
            return tr("Going back to an earlier run…")
        case _, Keeping(), _:
            return tr("Keeping the estimate…")
        case _, Stopped(), _:
            return tr("Stopped")
        case _ if document_of(document) is None:
            return tr("No file is open")
        case _:
            return tr("Ready to restore")


def after_label(run: RunState) -> str:
    """What the picture on the after side is."""
    match run:
        case Running(picture=None) | Stopped(picture=None):
            return tr("After: no estimate yet")
        case Running() | Stopped() | Keeping():
            return tr("After: estimate")
        case Done(restored=restored) if restored.restoration.run.region is not None:
            return tr("After: part restored, rest as decoded")
        case Done(restored=restored) if not restored.restoration.complete:
            return tr("After: estimate")
        case Done():
            return tr("After")
        case _:
            return tr("After: not restored yet")


def overlay_label(overlay: Overlay) -> str:
    """What the after side is while its blocks outside their bins are tinted."""
    if overlay.farthest == 0:
        return tr("After: every level in its bin")
    words = tr("After: tinted where off by over {distance} grey levels")
    if overlay.farthest <= TINTED_FROM:
        words = tr("After: no block off by over {distance} grey levels")
    return words.format(distance=figures(f"{TINTED_FROM}"))


def part_message() -> Message:
    """What to say when a region is restored."""
    return Message(
        tr("The visible part is restored"),
        tr("The rest can follow with the same settings and seed; this part stays as it is."),
    )


def stopped_message(run: Stopped) -> Message:
    """What to say when the user has stopped a run."""
    return Message(
        tr("Stopped after {done} of {total} evaluations").format(
            done=count_words(run.estimate.step.done), total=count_words(run.total)
        ),
        tr("The latest estimate can be kept as the result, or an earlier one from the slider."),
    )


def instead_message(reason: NoRoomForPrior) -> Message:
    """What to say when a run goes on with the CPU."""
    advice = tr("The run goes on with the CPU, which takes longer.")
    return Message(message_for(reason).title, advice)


def title_for(document: DocumentState, app_name: str) -> str:
    """The window's title."""
    match document:
        case Opened(document=opened):
            return f"{opened.source.path.name} - {app_name}"
        case _ if opened_before := document_of(document):
            return f"{opened_before.source.path.name} - {app_name}"
        case _:
            return app_name
