"""The expected times of restorations, from throughputs that earlier runs have recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app import COMMAND
from app.cli.console import print_note
from app.cli.options.shared import choose_prior_name
from app.config.throughput_store import find_size_class, open_throughput_store
from ddrm_core.batch.triage.image_facts import ImageFacts
from ddrm_core.performance.recorded_throughput import RecordedThroughput
from ddrm_core.sampler.settings import PRESETS, Preset


@dataclass(frozen=True, slots=True)
class TimeEstimator:
    """An estimator of the times of restorations with a preset and its prior.

    Attributes:
        preset: Preset of the restorations.
        throughputs: Recorded throughputs of the prior by class of size, see `find_size_class`.
    """

    preset: Preset
    throughputs: Mapping[int, RecordedThroughput]

    def estimate_seconds(self, facts: ImageFacts) -> float | None:
        """Return the expected wall time of the restoration of a file in seconds.

        The throughput is that of the images of the most similar size. Return None if the file
        cannot be restored, or no throughput is recorded.
        """
        if not self.throughputs or not facts.is_image or not facts.is_restorable:
            return None
        size_class = find_size_class(facts.width * facts.height)
        nearest = min(self.throughputs, key=lambda each: (abs(each - size_class), each))
        return self.throughputs[nearest].estimate_seconds(
            (facts.width, facts.height), facts.channels, PRESETS[self.preset].evaluation_count
        )


def create_time_estimator(preset: Preset) -> TimeEstimator:
    """Return the estimator for a preset and its prior, without loading the prior.

    If no throughput of the prior is recorded, a note says so.
    """
    prior_name = choose_prior_name(None, preset)
    correction = PRESETS[preset].correction
    throughputs = open_throughput_store().list_by_size_class(prior_name, correction)
    if not throughputs:
        print_note(
            f"no times are estimated, because the speed of the prior {prior_name} on this computer"
            f" is not known; {COMMAND} benchmark --preset {preset} measures it"
        )
    return TimeEstimator(preset, throughputs)
