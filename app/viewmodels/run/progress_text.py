"""Texts about the progress of runs and of prior tasks."""

from __future__ import annotations

from app.i18n.formatting import format_size
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
from app.viewmodels.run.run import RunInProgress


def run_progress_text(state: RunInProgress) -> str:
    """Return a line such as "Sample 1-2 of 8, step 7 of 10, 0:12 left"."""
    if state.is_cancelling:
        return tr("Stopping…")
    if state.loading_prior_name is not None:
        return tr("Loading prior {name}…").format(name=state.loading_prior_name)
    if state.estimate is None:
        return tr("Getting ready…")
    step = state.estimate.step
    first, last = step.sample_numbers[0], step.sample_numbers[-1]
    text = tr("Sample {sample} of {samples}, step {step} of {steps}")
    if state.seconds_left is not None:
        text = tr("Sample {sample} of {samples}, step {step} of {steps}, {time} left")
    return text.format(
        sample=f"{first}" if first == last else f"{first}-{last}",
        samples=state.estimate.run.settings.samples,
        step=step.step_number,
        steps=step.steps_per_sample,
        time=format_clock_time(state.seconds_left or 0),
    )


def prior_task_text(task: PriorTask) -> str:
    """Return a line about the prior task in progress, empty if no task is in progress."""
    match task:
        case NoPriorTask():
            return ""
        case ImportingPrior(name=prior_name):
            return tr("Checking and importing {name}…").format(name=prior_name)
        case VerifyingPrior(name=prior_name):
            return tr("Reading all of {name} again…").format(name=prior_name)
        case RemovingPrior(name=prior_name):
            return tr("Removing {name}…").format(name=prior_name)
        case DownloadingPrior():
            return _download_progress_text(task)


def _download_progress_text(task: DownloadingPrior) -> str:
    """Return a line such as "Downloading adm-256: 1.0 GB of 2.2 GB, 12.3 MB/s, 1:34 left"."""
    if task.is_cancelling:
        return tr("Stopping…")
    transfer_rate, seconds_left = task.transfer_rate.bytes_per_second, task.seconds_left
    if task.is_checking_partial:
        text = tr("Checking what is here of {name}: {done} of {size}")
    elif not task.transfer_rate.readings:
        text = tr("Connecting, to download {name}…")
    elif transfer_rate is None or seconds_left is None:
        text = tr("Downloading {name}: {done} of {size}")
    else:
        text = tr("Downloading {name}: {done} of {size}, {pace}/s, {time} left")
    return text.format(
        name=task.name,
        done=format_size(task.done_bytes),
        size=format_size(task.total_bytes),
        pace=format_size(round(transfer_rate or 0)),
        time=format_clock_time(seconds_left or 0),
    )
