"""Labels of the image on the after side, and messages about a run."""

from __future__ import annotations

from app.i18n.error_messages import UserMessage, message_from_error
from app.i18n.formatting import format_whole_percent
from app.i18n.translation import localize_number, tr
from app.imaging.overlay import MIN_TINTED_DISTANCE, DeviationOverlay
from app.viewmodels.run.quick_preview import QuickPreviewState
from app.viewmodels.run.run import PreparingResult, ResultReady, RunInProgress, RunState, RunStopped
from ddrm_core.errors import InsufficientMemory


def after_pane_label(run: RunState) -> str:
    """Return the label of the after pane: result, estimate, or not restored yet."""
    match run:
        case RunInProgress(image=None) | RunStopped(image=None):
            return tr("After: no step yet")
        case RunInProgress() | RunStopped() | PreparingResult():
            return tr("After: intermediate result")
        case ResultReady(result=result) if result.restoration.run.region is not None:
            return tr("After: part restored, rest as decoded")
        case ResultReady(result=result) if not result.restoration.complete:
            return tr("After: intermediate result")
        case ResultReady():
            return tr("After")
        case _:
            return tr("After: not restored yet")


def preview_pane_label(preview: QuickPreviewState) -> str:
    """Return the label of the after pane while it shows a quick preview."""
    if preview.shows_chosen:
        return tr("After: preview with your settings")
    return tr("After: live preview")


def overlay_pane_label(overlay: DeviationOverlay) -> str:
    """Return the after pane's label that explains the visible deviation overlay."""
    if overlay.max_distance == 0:
        return tr("After: faithful to your file")
    if overlay.max_distance <= MIN_TINTED_DISTANCE:
        text = tr("After: no block off by over {distance} gray levels")
        return text.format(distance=localize_number(f"{MIN_TINTED_DISTANCE}"))
    return tr("After, deviations highlighted")


def region_restored_message() -> UserMessage:
    """Return the message that a region is restored and the remaining image can follow."""
    return UserMessage(
        tr("The visible part is restored"),
        tr("The rest can follow with the same settings and seed; this part stays as it is."),
    )


def run_stopped_message(run: RunStopped) -> UserMessage:
    """Return the message after the user has stopped a run."""
    return UserMessage(
        tr("Stopped after {percent} of the run").format(
            percent=format_whole_percent(
                run.estimate.step.evaluations_done / run.total_evaluations
            ),
        ),
        tr("The latest step can be used as the result, or an earlier one from the slider."),
    )


def cpu_fallback_message(reason: InsufficientMemory) -> UserMessage:
    """Return the message after a run has fallen back to the CPU."""
    advice = tr("The run goes on with the CPU, which takes longer.")
    return UserMessage(message_from_error(reason).title, advice)
