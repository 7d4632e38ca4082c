"""Labels of the image on the after side, and messages about a run."""

from __future__ import annotations

from app.i18n.error_messages import Message, message_for
from app.i18n.formatting import count_words
from app.i18n.translation import figures, tr
from app.imaging.overlay import TINTED_FROM, Overlay
from app.viewmodels.run.run import PreparingResult, ResultReady, RunInProgress, RunState, RunStopped
from ddrm_core.errors import NoRoomForPrior


def after_pane_label(run: RunState) -> str:
    """What the picture on the after side is."""
    match run:
        case RunInProgress(image=None) | RunStopped(image=None):
            return tr("After: no estimate yet")
        case RunInProgress() | RunStopped() | PreparingResult():
            return tr("After: estimate")
        case ResultReady(result=result) if result.restoration.run.region is not None:
            return tr("After: part restored, rest as decoded")
        case ResultReady(result=result) if not result.restoration.complete:
            return tr("After: estimate")
        case ResultReady():
            return tr("After")
        case _:
            return tr("After: not restored yet")


def overlay_pane_label(overlay: Overlay) -> str:
    """What the after side is while its blocks outside their bins are tinted."""
    if overlay.farthest == 0:
        return tr("After: every level in its bin")
    text = tr("After: tinted where off by over {distance} grey levels")
    if overlay.farthest <= TINTED_FROM:
        text = tr("After: no block off by over {distance} grey levels")
    return text.format(distance=figures(f"{TINTED_FROM}"))


def region_restored_message() -> Message:
    """What to say when a region is restored."""
    return Message(
        tr("The visible part is restored"),
        tr("The rest can follow with the same settings and seed; this part stays as it is."),
    )


def run_stopped_message(run: RunStopped) -> Message:
    """What to say when the user has stopped a run."""
    return Message(
        tr("Stopped after {done} of {total} evaluations").format(
            done=count_words(run.estimate.step.done), total=count_words(run.total_evaluations)
        ),
        tr("The latest estimate can be kept as the result, or an earlier one from the slider."),
    )


def cpu_fallback_message(reason: NoRoomForPrior) -> Message:
    """What to say when a run goes on with the CPU."""
    advice = tr("The run goes on with the CPU, which takes longer.")
    return Message(message_for(reason).title, advice)
