"""The offer of a preview with the chosen settings, before a run that takes long."""

from __future__ import annotations

from app.i18n.formatting import format_whole_percent
from app.i18n.translation import tr
from app.jobs.parameters.cost_estimate import CostEstimate
from app.viewmodels.run.quick_preview import QuickPreviewState
from app.viewmodels.run.run import NoRun, RunFailed, RunState
from app.viewmodels.window.long_work import LONG_WORK_SECONDS


def is_preview_offered_first(
    cost_estimate: CostEstimate | None, run: RunState, preview: QuickPreviewState
) -> bool:
    """Return whether the window offers a preview before a run, which would take over a minute.

    The offer ends with the first preview of these settings, or with a result.
    """
    return (
        cost_estimate is not None
        and cost_estimate.seconds > LONG_WORK_SECONDS
        and isinstance(run, NoRun | RunFailed)
        and not preview.shows_chosen
    )


def chosen_preview_text(preview: QuickPreviewState) -> str:
    """Return the line about a preview in progress that the user asked for."""
    percent = format_whole_percent(preview.fraction_done)
    return tr("Previewing the middle, {percent}").format(percent=percent)
