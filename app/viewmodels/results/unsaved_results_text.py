"""Texts about unsaved results."""

from __future__ import annotations

from collections.abc import Sequence

from app.i18n.error_messages import UserMessage, message_from_error
from app.i18n.formatting import format_count
from app.i18n.translation import tr
from app.jobs.results.save_all import SaveTaskFinished
from app.viewmodels.results.past_runs import PastRun
from app.viewmodels.results.unsaved_results import SaveAllFinished, UnsavedWork

MAX_UNSAVED_NAMES = 3
MAX_SAVED_NAMES = 5


def quit_question(unsaved_work: UnsavedWork) -> UserMessage:
    """Return the question whether to save unsaved work before the window closes."""
    title = tr("Save before closing?") if unsaved_work.can_save else tr("Stop the run and close?")
    lines = []
    if unsaved_work.unsaved_file_names:
        lines.append(_unsaved_results_text(unsaved_work.unsaved_file_names))
        if unsaved_work.keeps_results:
            lines.append(
                tr("There is no room to keep it for the next start, or its file has changed.")
                if len(unsaved_work.unsaved_file_names) == 1
                else tr("There is no room to keep them for the next start, or files have changed.")
            )
    if unsaved_work.running_file_name is not None:
        text = tr("The run of {name} has no step yet that could be saved.")
        if unsaved_work.has_estimate:
            text = tr("The run of {name} is under way; Save stops it and saves its latest step.")
        lines.append(text.format(name=unsaved_work.running_file_name))
    return UserMessage(title, "\n".join(lines))


def over_budget_question(unsaved_work: UnsavedWork) -> UserMessage:
    """Return the question whether to save results that are over budget.

    The user is asked before another file is opened or the next run begins.
    """
    names = unsaved_work.over_budget_file_names
    title = tr("There is no room to keep {count} unsaved results")
    if len(names) == 1:
        title = tr("There is no room to keep the unsaved result of {name}")
    return UserMessage(
        title.format(name=names[0], count=format_count(len(names))),
        tr("Save writes every unsaved result; Discard gives up what has no room."),
    )


def saved_all_message(saved: Sequence[SaveTaskFinished]) -> UserMessage:
    """Return the message with the names and the folders of the results that were saved."""
    title = tr("{count} results are saved").format(count=format_count(len(saved)))
    if len(saved) == 1:
        title = tr("Saved {name}").format(name=saved[0].path.name)
    lines = []
    for folder in dict.fromkeys(saved_result.path.parent for saved_result in saved):
        names = [
            saved_result.path.name for saved_result in saved if saved_result.path.parent == folder
        ]
        if len(saved) == 1:
            lines.append(tr("It is in {folder}.").format(folder=folder))
        elif len(saved) > MAX_SAVED_NAMES:
            text = tr("{count} in {folder}.")
            lines.append(text.format(count=format_count(len(names)), folder=folder))
        else:
            text = tr("In {folder}: {names}.")
            lines.append(text.format(folder=folder, names=", ".join(names)))
    return UserMessage(title, "\n".join(lines))


def save_all_failed_message(state: SaveAllFinished) -> UserMessage:
    """Return the message about results that could not be saved, and about those saved."""
    failed = state.failed
    title = tr("{count} results could not be saved").format(count=format_count(len(failed)))
    if len(failed) == 1:
        title = tr("The result of {name} could not be saved").format(
            name=failed[0].source_path.name
        )
    lines = [
        message_from_error(save_outcome.error).as_line()
        for save_outcome in failed[:MAX_UNSAVED_NAMES]
    ]
    if len(failed) > MAX_UNSAVED_NAMES:
        lines.append(
            tr("And {count} more.").format(count=format_count(len(failed) - MAX_UNSAVED_NAMES))
        )
    if state.saved:
        names = ", ".join(save_outcome.path.name for save_outcome in state.saved)
        lines.append(tr("Saved: {names}.").format(names=names))
    return UserMessage(title, "\n".join(lines))


def run_removed_message(past_run: PastRun) -> UserMessage:
    """Return the message that a run with an unsaved result was removed from the run history."""
    return UserMessage(
        tr("Run {number} was removed").format(number=past_run.number),
        tr("Its result was not saved."),
    )


def _unsaved_results_text(names: Sequence[str]) -> str:
    if len(names) == 1:
        return tr("The result of {name} is not saved.").format(name=names[0])
    unique_names = list(dict.fromkeys(names))
    listed_names = ", ".join(unique_names[:MAX_UNSAVED_NAMES]) + (
        ", …" if len(unique_names) > MAX_UNSAVED_NAMES else ""
    )
    text = tr("{count} results are not saved: {names}.")
    return text.format(count=format_count(len(names)), names=listed_names)
