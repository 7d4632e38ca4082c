"""A run's progress in words."""

from __future__ import annotations

from app.viewmodels.facts import clock_words
from app.viewmodels.run import Running


def progress_words(state: Running) -> str:
    """One line, e.g. "sample 1-2 of 8, step 7 of 10, 0:12 left"."""
    if state.cancelling:
        return "Stopping…"
    if state.estimate is None:
        return "Getting ready…"
    step = state.estimate.step
    samples = state.estimate.run.settings.samples
    first, last = step.samples[0], step.samples[-1]
    numbers = f"{first}" if first == last else f"{first}-{last}"
    words = f"sample {numbers} of {samples}, step {step.step} of {step.steps}"
    if state.seconds_left is not None:
        words += f", {clock_words(state.seconds_left)} left"
    return words[0].upper() + words[1:]
