"""The sentences about unsaved results."""

from __future__ import annotations

from collections.abc import Sequence

from app.i18n.error_messages import Message, message_for
from app.i18n.formatting import count_words
from app.i18n.translation import tr
from app.jobs.results.save_all import Written
from app.viewmodels.results.past_runs import PastRun
from app.viewmodels.results.unsaved import SavedAll, UnsavedState

MOST_NAMES = 3
MOST_NAMED = 5


def quit_question(state: UnsavedState) -> Message:
    """Return what is asked before the window closes."""
    title = tr("Save before closing?") if state.may_save else tr("Stop the run and close?")
    lines = []
    if state.results:
        lines.append(_results_words(state.results))
    if state.working is not None:
        words = tr("The run of {name} has no estimate yet that could be saved.")
        if state.estimate:
            words = tr("The run of {name} is under way; Save stops it and saves its estimate.")
        lines.append(words.format(name=state.working))
    return Message(title, "\n".join(lines))


def room_question(state: UnsavedState) -> Message:
    """Return what is asked before another file is opened or the next run begins."""
    names = state.without_room
    title = tr("There is no room to keep {count} unsaved results")
    if len(names) == 1:
        title = tr("There is no room to keep the unsaved result of {name}")
    return Message(
        title.format(name=names[0], count=count_words(len(names))),
        tr("Save writes every unsaved result; Discard gives up what has no room."),
    )


def saved_all_message(written: Sequence[Written]) -> Message:
    """Return where the results are."""
    title = tr("{count} results are saved").format(count=count_words(len(written)))
    if len(written) == 1:
        title = tr("Saved {name}").format(name=written[0].path.name)
    lines = []
    for folder in dict.fromkeys(end.path.parent for end in written):
        names = [end.path.name for end in written if end.path.parent == folder]
        if len(written) == 1:
            lines.append(tr("It is in {folder}.").format(folder=folder))
        elif len(written) > MOST_NAMED:
            words = tr("{count} in {folder}.")
            lines.append(words.format(count=count_words(len(names)), folder=folder))
        else:
            words = tr("In {folder}: {names}.")
            lines.append(words.format(folder=folder, names=", ".join(names)))
    return Message(title, "\n".join(lines))


def not_saved_message(state: SavedAll) -> Message:
    """Return which results could not be saved and why, and which were."""
    failed = state.failed
    title = tr("{count} results could not be saved").format(count=count_words(len(failed)))
    if len(failed) == 1:
        title = tr("The result of {name} could not be saved").format(name=failed[0].source.name)
    lines = [message_for(end.error).line() for end in failed[:MOST_NAMES]]
    if len(failed) > MOST_NAMES:
        lines.append(tr("And {count} more.").format(count=count_words(len(failed) - MOST_NAMES)))
    if state.written:
        names = ", ".join(end.path.name for end in state.written)
        lines.append(tr("Saved: {names}.").format(names=names))
    return Message(title, "\n".join(lines))


def removed_message(past: PastRun) -> Message:
    """Return what to say once an unsaved result was removed from the page of runs."""
    return Message(
        tr("Run {number} was removed").format(number=past.number),
        tr("Its result was not saved."),
    )


def _results_words(names: Sequence[str]) -> str:
    if len(names) == 1:
        return tr("The result of {name} is not saved.").format(name=names[0])
    different = list(dict.fromkeys(names))
    listed = ", ".join(different[:MOST_NAMES]) + (", …" if len(different) > MOST_NAMES else "")
    words = tr("{count} results are not saved: {names}.")
    return words.format(count=count_words(len(names)), names=listed)
