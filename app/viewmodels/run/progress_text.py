"""What is under way, in words."""

from __future__ import annotations

from app.i18n.formatting import size_words
from app.i18n.translation import tr
from app.jobs.priors.prior_tasks import ImportingPrior
from app.viewmodels.document.facts import format_clock_time
from app.viewmodels.priors.priors import (
    DownloadingPrior,
    NoPriorTask,
    PriorTask,
    RemovingPrior,
    VerifyingPrior,
)
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


def work_words(work: PriorTask) -> str:
    """What is being done with a prior, in a line."""
    match work:
        case NoPriorTask():
            return ""
        case ImportingPrior(name=name):
            return tr("Checking and importing {name}…").format(name=name)
        case VerifyingPrior(name=name):
            return tr("Reading all of {name} again…").format(name=name)
        case RemovingPrior(name=name):
            return tr("Removing {name}…").format(name=name)
        case DownloadingPrior():
            return _download_words(work)


def _download_words(work: DownloadingPrior) -> str:
    """E.g. "Downloading adm-256: 1.0 GB of 2.2 GB, 12.3 MB/s, 1:34 left"."""
    if work.is_cancelling:
        return tr("Stopping…")
    pace, left = work.transfer_rate.bytes_per_second, work.seconds_left
    if work.is_checking_partial:
        words = tr("Checking what is here of {name}: {done} of {size}")
    elif not work.transfer_rate.readings:
        words = tr("Connecting, to download {name}…")
    elif pace is None or left is None:
        words = tr("Downloading {name}: {done} of {size}")
    else:
        words = tr("Downloading {name}: {done} of {size}, {pace}/s, {time} left")
    return words.format(
        name=work.name,
        done=size_words(work.done_bytes),
        size=size_words(work.total_bytes),
        pace=size_words(round(pace or 0)),
        time=format_clock_time(left or 0),
    )
