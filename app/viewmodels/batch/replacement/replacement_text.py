"""Texts about the replacement of originals."""

from __future__ import annotations

from pathlib import Path

from app.i18n.error_messages import UserMessage
from app.i18n.translation import tr
from app.jobs.batch.undo_replacements import UndoReport
from app.viewmodels.batch.batch_events import ReplacementQuestion

_MAX_LINES = 6


def replacement_question(question: ReplacementQuestion) -> UserMessage:
    """Return the question that states how many originals are replaced, and where they go."""
    plan = question.plan
    count = len(plan.item_ids)
    if count == 1:
        title = tr("Replace 1 picture in {folder} by its result?")
    elif question.is_limited:
        title = tr("Replace up to {count} pictures in {folder} by their results?")
    else:
        title = tr("Replace {count} pictures in {folder} by their results?")
    advice = tr(
        "The originals go to the trash; Undo replacement in the menu Folder brings them back."
    )
    if plan.choice.backup_folder is not None:
        advice = tr(
            "The originals go to {place}; Undo replacement in the menu Folder brings them back."
        )
    return UserMessage(
        title.format(count=count, folder=plan.folder),
        advice.format(place=plan.choice.backup_folder),
    )


def undo_question(folder: Path) -> UserMessage:
    """Return the question whether the originals of a folder are to get their names back."""
    return UserMessage(
        tr("Bring back the originals in {folder}?").format(folder=folder),
        tr("They take their names back. Results that were changed since stay and are listed."),
    )


def undo_finished_message(report: UndoReport) -> UserMessage:
    """Return the message that counts the originals that are back, and lists all others."""
    count, failed_count = len(report.restored), len(report.failures)
    if not count and not failed_count:
        title = tr("All originals in {folder} were back before")
    elif count == 1:
        title = tr("1 original is back in {folder}")
    else:
        title = tr("{count} originals are back in {folder}")
    title = title.format(count=count, folder=report.folder)
    if failed_count:
        title = tr("{title}, {count} not").format(title=title, count=failed_count)
    lines = _list_problems(report)
    if len(lines) > _MAX_LINES:
        more_text = tr("and {count} more").format(count=len(lines) - _MAX_LINES)
        lines = [*lines[:_MAX_LINES], more_text]
    return UserMessage(title, "\n".join(lines))


def undo_details_text(report: UndoReport) -> str:
    """Return all lines about originals if the message has no room for them, else nothing."""
    lines = _list_problems(report)
    return "\n".join(lines) if len(lines) > _MAX_LINES else ""


def _list_problems(report: UndoReport) -> list[str]:
    lines = list(report.failures)
    if report.losses:
        lines += [tr("Not given back to the originals:"), *report.losses]
    return lines
