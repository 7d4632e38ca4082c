"""The expected times of restorations, from throughputs that earlier runs have recorded."""

from __future__ import annotations

from dataclasses import dataclass

from app.cli.console import print_note
from app.cli.options import choose_prior_name
from app.config.throughput_store import open_throughput_store
from ddrm_core.batch.triage.image_facts import ImageFacts
from ddrm_core.performance.recorded_throughput import RecordedThroughput
from ddrm_core.sampler.settings import PRESETS, Preset


@dataclass(frozen=True, slots=True)
class TimeEstimator:
    """An estimator of the times of restorations with a preset and its prior.

    Attributes:
        preset: Preset of the restorations.
        throughput: Recorded throughput of the prior, None without one.
    """

    preset: Preset
    throughput: RecordedThroughput | None

    def estimate_seconds(self, facts: ImageFacts) -> float | None:
        """Return the expected wall time of the restoration of a file in seconds.

        Return None if the file cannot be restored, or no throughput is recorded.
        """
        if self.throughput is None or not facts.is_image or not facts.is_restorable:
            return None
        return self.throughput.estimate_seconds(
            (facts.width, facts.height), facts.channels, PRESETS[self.preset].evaluation_count
        )


def create_time_estimator(preset: Preset) -> TimeEstimator:
    """Return the estimator for a preset and its prior, without loading the prior.

    If no throughput of the prior is recorded, a note says so.
    """
    prior_name = choose_prior_name(None, preset)
    correction = PRESETS[preset].correction
    throughput = open_throughput_store().find_latest(prior_name, correction)
    if throughput is None:
        print_note(
            f"no times are estimated, because nothing was restored with the prior {prior_name} on"
            " this computer yet"
        )
    return TimeEstimator(preset, throughput)
