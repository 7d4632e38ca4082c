"""What is said of the samples of a result."""

from __future__ import annotations

from app.i18n.translation import tr
from app.viewmodels.document.facts import build_consistency_verdict
from app.viewmodels.run.run import Done


def picked_of(done: Done) -> int:
    """Which picture the result is nearest to: a sample's number, 0 for the mean."""
    return done.sample if done.sharpness >= 1 / 2 else 0


def used_words(done: Done | None) -> str:
    """Which picture is the result, how far it agrees, and whether samples are missing."""
    if done is None:
        return kept_words(None)
    sample = tr("Sample {number} is the result.").format(number=done.sample)
    if done.sharpness == 0:
        sample = tr("The mean of the samples is the result.")
    elif done.sharpness < 1:
        sample = tr("The result lies between the mean and sample {number}.")
        sample = sample.format(number=done.sample)
    shown = (done.restored.sharpness, done.restored.sample) == (done.sharpness, done.sample)
    agrees = f"{build_consistency_verdict(done.restored).text}." if shown else ""
    return " ".join(filter(None, (sample, agrees, kept_words(done))))


def kept_words(done: Done | None) -> str:
    """Which samples there are to choose from, where that is not all of them."""
    if done is None:
        return tr("Restore with two samples or more to choose from them.")
    settings, kept = done.restored.restoration.run.settings, len(done.restored.samples)
    if not done.restored.restoration.complete:
        return tr("An estimate has no samples of its own.")
    if settings.samples == 1:
        return tr("There is one sample, which is the result.")
    if kept == settings.samples:
        return ""
    words = tr("The first {kept} of {samples} samples are kept: there was no room for more.")
    if kept == 1:
        words = tr("Only the first of {samples} samples is kept: there was no room for more.")
    return words.format(kept=kept, samples=settings.samples)
