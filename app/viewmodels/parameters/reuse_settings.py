"""View model of reusing the settings in the run record of a saved result."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.i18n.error_messages import UserMessage, message_from_error
from app.i18n.translation import tr
from app.jobs.parameters.recorded_settings import RecordedSettings, read_recorded_settings
from app.jobs.run.prior_cache import PriorCache
from app.jobs.run.result_strength import FULL_STRENGTH
from app.jobs.worker import JobOutcome, JobRunner, job_from_function
from app.viewmodels.parameters.setting_labels import initial_strength_text
from app.viewmodels.priors.priors_text import prior_missing_message
from app.viewmodels.state_view_model import JobFailed, JobNotStarted, JobViewModel

if TYPE_CHECKING:  # imports torch, see `PriorCache`
    from ddrm_core.restoration.source import SourceImage


@dataclass(frozen=True, slots=True)
class RecordReadInProgress:
    """State while the run record in the result file `path` is being read."""

    path: Path


@dataclass(frozen=True, slots=True)
class RecordReadDone:
    """State after a run record has been read and converted to settings."""

    recorded_settings: RecordedSettings


ReuseSettingsState = JobNotStarted | RecordReadInProgress | RecordReadDone | JobFailed


def reused_settings_message(recorded: RecordedSettings) -> UserMessage:
    """Return the message after the settings of a run record have been applied.

    The message warns if the prior of the recorded run is missing or another one.
    """
    if recorded.missing_prior is not None:
        advice = prior_missing_message(recorded.missing_prior).advice
        title = tr("{file} was made with the model {prior}, which is not installed")
        warning = tr("Without it the result will be another.")
        return UserMessage(
            title.format(file=recorded.path.name, prior=recorded.missing_prior),
            f"{advice} {warning}",
        )
    if recorded.prior_mismatch is not None:
        title = message_from_error(recorded.prior_mismatch).title
        return UserMessage(title, tr("Its settings are in force, but the result will be another."))
    title = tr("The settings of {file} are in force").format(file=recorded.path.name)
    return UserMessage(title, _settings_in_force_text(recorded))


def _settings_in_force_text(recorded: RecordedSettings) -> str:
    """Return the sentences about the settings that no control in sight may show."""
    assumption_template = tr("Seed {seed}.")
    quality = recorded.settings.assumption.quality
    if quality is not None:
        assumption_template = tr("Seed {seed}, quality factor {quality} assumed.")
    sentences = [assumption_template.format(seed=recorded.settings.seed, quality=quality)]
    if recorded.strength != FULL_STRENGTH:
        sentences.append(f"{initial_strength_text(recorded.strength)}.")
    if recorded.omitted_area_count:
        template = tr("Kept areas outside this picture: {count}.")
        sentences.append(template.format(count=recorded.omitted_area_count))
    sentences.append(tr("Restore makes that run again, of the file it was made from."))
    return " ".join(sentences)


class ReuseSettingsViewModel(JobViewModel[ReuseSettingsState]):
    """View model of reusing settings: reads the run record of a saved result."""

    def __init__(self, runner: JobRunner, prior_cache: PriorCache) -> None:
        super().__init__(JobNotStarted(), runner)
        self._prior_cache = prior_cache

    def read_record(self, path: Path, source: SourceImage, device: str) -> None:
        """Read the run record in the result file `path` on a worker thread.

        Args:
            path: File of a saved result.
            source: The opened file, for which the settings are to be reused.
            device: Name of the device of the next run.
        """
        self._runner.discard(self._job_id)
        self._set_state(RecordReadInProgress(path))
        job = job_from_function(
            partial(read_recorded_settings, self._prior_cache, path, source, device)
        )
        self._job_id = self._runner.start(job)

    def reset(self) -> None:
        """Discard the reading of a run record or its outcome."""
        self._runner.discard(self._job_id)
        self._set_state(JobNotStarted())

    def _on_job_ended(self, outcome: JobOutcome) -> None:
        self._set_state(outcome.convert(RecordedSettings, RecordReadDone, JobFailed))
