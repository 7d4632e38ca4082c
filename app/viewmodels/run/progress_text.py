"""Texts about the progress of runs and of prior tasks."""

from __future__ import annotations

from app.i18n.formatting import format_approximate_duration, format_size, format_whole_percent
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
from app.viewmodels.run.run import RunInProgress, RunState


def run_progress_text(state: RunInProgress) -> str:
    """Return a line such as "Step 7 of 10, 12 s left".

    The steps of a run that computes its samples or its tiles one after another begin again for
    each of them. The line of such a run says "34 % done" instead.
    """
    if state.is_cancelling:
        return tr("Stopping…")
    if state.loading_prior_name is not None:
        return tr("Loading model {name}…").format(name=state.loading_prior_name)
    if state.estimate is None:
        return tr("Getting ready…")
    step = state.estimate.step
    is_single_pass = step.total_evaluations == step.steps_per_sample * len(step.sample_numbers)
    text = tr("Step {step} of {steps}") if is_single_pass else tr("{percent} done")
    text = text.format(
        step=step.step_number,
        steps=step.steps_per_sample,
        percent=format_whole_percent(step.evaluations_done / step.total_evaluations),
    )
    return text if state.seconds_left is None else f"{text}, {time_left_text(state.seconds_left)}"


def time_left_text(seconds: float) -> str:
    """Return a text such as "12 s left", rounded to the precision of an estimate."""
    return tr("{time} left").format(time=format_approximate_duration(seconds))


def run_window_title(run: RunState, title: str) -> str:
    """Return the window's title, which begins with the progress of a run.

    The progress is the share of the evaluations that are done and, once known, the time left.
    """
    if not isinstance(run, RunInProgress):
        return title
    parts = [format_whole_percent(run.evaluations_done / run.total_evaluations)]
    if run.seconds_left is not None:
        parts.append(time_left_text(run.seconds_left))
    return f"{', '.join(parts)} - {title}"


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
