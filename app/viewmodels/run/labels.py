"""Labels of the image on the after side, and messages about a run."""

from __future__ import annotations

from app.i18n.error_messages import Message, message_for
from app.i18n.formatting import count_words
from app.i18n.translation import figures, tr
from app.imaging.overlay import TINTED_FROM, Overlay
from app.viewmodels.run.run import Done, Keeping, Running, RunState, Stopped
from ddrm_core.errors import NoRoomForPrior


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
