"""What is under way, in words."""

from __future__ import annotations

from app.i18n.formatting import size_words
from app.i18n.translation import tr
from app.jobs.priors.manage import Importing
from app.viewmodels.document.facts import format_clock_time
from app.viewmodels.priors.priors import Downloading, Removing, Resting, Verifying, Work
from app.viewmodels.run.run import Running


def progress_words(state: Running) -> str:
    """One line, e.g. "sample 1-2 of 8, step 7 of 10, 0:12 left"."""
    if state.cancelling:
        return tr("Stopping…")
    if state.loading is not None:
        return tr("Loading prior {name}…").format(name=state.loading)
    if state.estimate is None:
        return tr("Getting ready…")
    step = state.estimate.step
    first, last = step.samples[0], step.samples[-1]
    words = tr("Sample {sample} of {samples}, step {step} of {steps}")
    if state.seconds_left is not None:
        words = tr("Sample {sample} of {samples}, step {step} of {steps}, {time} left")
    return words.format(
        sample=f"{first}" if first == last else f"{first}-{last}",
        samples=state.estimate.run.settings.samples,
        step=step.step,
        steps=step.steps,
        time=format_clock_time(state.seconds_left or 0),
    )


def work_words(work: Work) -> str:
    """What is being done with a prior, in a line."""
    match work:
        case Resting():
            return ""
        case Importing(name=name):
            return tr("Checking and importing {name}…").format(name=name)
        case Verifying(name=name):
            return tr("Reading all of {name} again…").format(name=name)
        case Removing(name=name):
            return tr("Removing {name}…").format(name=name)
        case Downloading():
            return _download_words(work)


def _download_words(work: Downloading) -> str:
    """E.g. "Downloading adm-256: 1.0 GB of 2.2 GB, 12.3 MB/s, 1:34 left"."""
    if work.cancelling:
        return tr("Stopping…")
    pace, left = work.pace.bytes_per_second, work.seconds_left
    if work.checking:
        words = tr("Checking what is here of {name}: {done} of {size}")
    elif not work.pace.marks:
        words = tr("Connecting, to download {name}…")
    elif pace is None or left is None:
        words = tr("Downloading {name}: {done} of {size}")
    else:
        words = tr("Downloading {name}: {done} of {size}, {pace}/s, {time} left")
    return words.format(
        name=work.name,
        done=size_words(work.done),
        size=size_words(work.total),
        pace=size_words(round(pace or 0)),
        time=format_clock_time(left or 0),
    )
