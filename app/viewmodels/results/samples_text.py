"""Texts about the samples of a result."""

from __future__ import annotations

from app.i18n.translation import tr
from app.viewmodels.results.verdict_text import build_verdict_text
from app.viewmodels.run.run import ResultReady


def selected_sample_number(state: ResultReady) -> int:
    """Return the number of the sample that the sharpness is closest to, 0 for the mean."""
    return state.sample_number if state.sharpness >= 1 / 2 else 0


def selected_sample_text(state: ResultReady | None) -> str:
    """Return the text below the samples: the shown image, its verdict and missing samples.

    None stands for no result.
    """
    if state is None:
        return available_samples_text(None)
    sample_text = tr("Version {number} is the result.").format(number=state.sample_number)
    if state.sharpness == 0:
        sample_text = tr("The mean of the versions is the result.")
    elif state.sharpness < 1:
        sample_text = tr("The result lies between the mean and version {number}.")
        sample_text = sample_text.format(number=state.sample_number)
    is_shown = (state.result.sharpness, state.result.sample_number) == (
        state.sharpness,
        state.sample_number,
    )
    verdict_text = f"{build_verdict_text(state.result).title}." if is_shown else ""
    return " ".join(filter(None, (sample_text, verdict_text, available_samples_text(state))))


def available_samples_text(state: ResultReady | None) -> str:
    """Return a note about which samples can be shown, empty if all samples can.

    None stands for no result.
    """
    if state is None:
        return tr("Restore with two versions or more to choose from them.")
    settings, available_count = state.result.restoration.run.settings, len(state.result.samples)
    if not state.result.restoration.complete:
        return tr("An intermediate result has no versions of its own.")
    if settings.samples == 1:
        return tr("There is one version, which is the result.")
    if available_count == settings.samples:
        return ""
    text = tr("The first {kept} of {samples} versions are kept: there was no room for more.")
    if available_count == 1:
        text = tr("Only the first of {samples} versions is kept: there was no room for more.")
    return text.format(kept=available_count, samples=settings.samples)
