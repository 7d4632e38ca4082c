"""Texts about a past run."""

from __future__ import annotations

from datetime import datetime

from app.i18n.formatting import format_percent
from app.i18n.translation import tr
from app.jobs.run.restore_request import RestoreRequest
from app.viewmodels.document.facts import format_duration
from app.viewmodels.parameters.setting_labels import steps_and_versions_text
from app.viewmodels.parameters.texture import preset_and_texture_text
from app.viewmodels.results.past_runs import PastRun


def run_settings_text(request: RestoreRequest) -> str:
    """Return the run's preset, with another texture if any, or its steps and samples."""
    settings = request.settings.sampler
    return preset_and_texture_text(settings) or steps_and_versions_text(settings)


def past_run_label(past_run: PastRun) -> str:
    """Return the label of a past run's image, with the run's number and settings."""
    text = tr("Run {number}: {settings}")
    if not past_run.archived_result.complete:
        text = tr("Run {number}: {settings}, intermediate")
    return text.format(number=past_run.number, settings=run_settings_text(past_run.request))


def run_extent_text(past_run: PastRun) -> str:
    """Return whether a past run restored the whole image or a part, or was stopped."""
    if not past_run.archived_result.complete:
        return tr("Intermediate")
    return tr("Part") if past_run.archived_result.run.region is not None else tr("Whole")


def run_time_text(ended_at: datetime, now: datetime) -> str:
    """Return the time at which a run ended, with the date if the run did not end today."""
    time_text = ended_at.strftime("%H:%M:%S")
    if ended_at.date() == now.date():
        return time_text
    return f"{ended_at.date().isoformat()} {time_text}"


def past_run_cells(past_run: PastRun, now: datetime) -> tuple[str, ...]:
    """Return the texts of a past run's table row on the run history page, column by column.

    Args:
        past_run: The run.
        now: The present local time.
    """
    run = past_run.archived_result.run
    prior_text = tr("{prior} on {device}")
    return (
        str(past_run.number),
        run_time_text(past_run.ended_at, now),
        run_settings_text(past_run.request),
        run_extent_text(past_run),
        tr("not saved") if past_run.saved_path is None else past_run.saved_path.name,
        format_duration(past_run.archived_result.seconds),
        format_percent(past_run.consistency_share),
        str(run.seed),
        prior_text.format(prior=run.prior.info.name, device=run.prior.device),
        run.image.path.name,
    )
