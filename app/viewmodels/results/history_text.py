"""What is said of a past run."""

from __future__ import annotations

from app.i18n.formatting import percent
from app.i18n.translation import tr
from app.jobs.run.restore_request import RestoreRequest
from app.viewmodels.document.facts import format_duration
from app.viewmodels.parameters.parameters import find_preset_label
from app.viewmodels.results.past_runs import PastRun


def settings_words(request: RestoreRequest) -> str:
    """The preset's name, or what counts most of the user's own settings."""
    settings = request.settings
    preset = find_preset_label(settings)
    if preset is not None:
        return preset
    words = tr("{steps} steps, {samples} samples")
    if settings.samples == 1:
        words = tr("{steps} steps, one sample")
    return words.format(steps=settings.steps, samples=settings.samples)


def run_label(past: PastRun) -> str:
    """What a run's picture is called."""
    words = tr("Run {number}: {settings}")
    if not past.put.complete:
        words = tr("Run {number}: {settings}, estimate")
    return words.format(number=past.number, settings=settings_words(past.request))


def extent_words(past: PastRun) -> str:
    """How much of the picture it restored, and whether to the end."""
    if not past.put.complete:
        return tr("Estimate")
    return tr("Part") if past.put.run.region is not None else tr("Whole")


def run_cells(past: PastRun) -> tuple[str, ...]:
    """Return the texts of its row, in the order of the columns of the page of runs."""
    run = past.put.run
    prior = tr("{prior} on {device}")
    return (
        str(past.number),
        past.ended.strftime("%H:%M:%S"),
        settings_words(past.request),
        extent_words(past),
        tr("not saved") if past.saved is None else past.saved.name,
        format_duration(past.put.seconds),
        percent(past.inside),
        str(run.seed),
        prior.format(prior=run.prior.info.name, device=run.prior.device),
        run.image.path.name,
    )
