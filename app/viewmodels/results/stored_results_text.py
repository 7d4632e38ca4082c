"""Texts about the results of earlier sessions."""

from __future__ import annotations

from app.i18n.error_messages import UserMessage
from app.i18n.formatting import format_count, format_size
from app.i18n.translation import tr
from app.jobs.results.result_store import EarlierResults

_MAX_NAMES = 3


def earlier_results_text(earlier: EarlierResults) -> str:
    """Return the line about the results of earlier sessions, empty without any."""
    sentences = []
    names = earlier.file_names
    if len(names) == 1:
        text = tr("One result of an earlier session is kept: {name}, {size}.")
        sentences.append(text.format(name=names[0], size=format_size(earlier.byte_count)))
    elif names:
        text = tr("{count} results of earlier sessions are kept: {names}, {size}.")
        sentences.append(
            text.format(
                count=format_count(len(names)),
                names=_list_names(names),
                size=format_size(earlier.byte_count),
            )
        )
    if earlier.damaged_count:
        text = tr("{count} more cannot be read.") if names else tr("{count} cannot be read.")
        sentences.append(text.format(count=format_count(earlier.damaged_count)))
    if earlier.newer_count:
        text = tr("A newer version of the program has kept {count} others.")
        sentences.append(text.format(count=format_count(earlier.newer_count)))
    return " ".join(sentences)


def earlier_results_message(earlier: EarlierResults) -> UserMessage:
    """Return the message at the start about the results of earlier sessions."""
    names = earlier.file_names
    if not names:
        title = tr("Results of earlier sessions cannot be read")
        return UserMessage(title, earlier_results_text(earlier))
    title = tr("{count} results of earlier sessions are kept").format(
        count=format_count(len(names))
    )
    if len(names) == 1:
        title = tr("One result of an earlier session is kept")
    advice = tr("{names}, {size}.").format(
        names=_list_names(names), size=format_size(earlier.byte_count)
    )
    return UserMessage(title, advice)


def _list_names(names: tuple[str, ...]) -> str:
    unique_names = list(dict.fromkeys(names))
    listed_names = ", ".join(unique_names[:_MAX_NAMES])
    return listed_names + (", …" if len(unique_names) > _MAX_NAMES else "")
