"""What is under way, in words."""

from __future__ import annotations

from app.jobs.prior_job import Importing
from app.viewmodels.facts import clock_words
from app.viewmodels.priors import Downloading, Removing, Resting, Verifying, Work
from app.viewmodels.run import Running
from app.words import size_words


def progress_words(state: Running) -> str:
    """One line, e.g. "sample 1-2 of 8, step 7 of 10, 0:12 left"."""
    if state.cancelling:
        return "Stopping…"
    if state.loading is not None:
        return f"Loading prior {state.loading}…"
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


def work_words(work: Work) -> str:
    """What is being done with a prior, in a line."""
    match work:
        case Resting():
            return ""
        case Importing(name=name):
            return f"Checking and importing {name}…"
        case Verifying(name=name):
            return f"Reading all of {name} again…"
        case Removing(name=name):
            return f"Removing {name}…"
        case Downloading():
            return _download_words(work)


def _download_words(work: Downloading) -> str:
    """E.g. "Downloading adm-256: 1.0 GB of 2.2 GB, 12.3 MB/s, 1:34 left"."""
    if work.cancelling:
        return "Stopping…"
    amount = f"{size_words(work.done)} of {size_words(work.total)}"
    if work.checking:
        return f"Checking what is here of {work.name}: {amount}"
    if not work.pace.marks:
        return f"Connecting, to download {work.name}…"
    words = f"Downloading {work.name}: {amount}"
    pace, left = work.pace.bytes_per_second, work.seconds_left
    if pace is not None and left is not None:
        words += f", {size_words(round(pace))}/s, {clock_words(left)} left"
    return words
