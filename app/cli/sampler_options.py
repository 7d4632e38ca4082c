"""What was asked of the sampler on the command line."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ddrm_core.errors import InvalidSetting
from ddrm_core.sampler.settings import PRESETS, CorrectionKind, Preset, SamplerSettings


@dataclass(frozen=True, slots=True)
class SamplerOptions:
    """What was asked of the sampler; None follows the preset or the record."""

    preset: Preset | None
    steps: int | None
    samples: int | None
    start: int | None
    correction: CorrectionKind | None
    eta: float | None
    eta_b: float | None

    def to_settings(self) -> SamplerSettings:
        """The preset's, the balanced one's where none was named, with whatever was given."""
        return self.apply_to(PRESETS[self.preset or Preset.BALANCED])

    def apply_to(self, base: SamplerSettings) -> SamplerSettings:
        """`base` with whatever was given in its place."""
        return replace(
            base,
            steps=base.steps if self.steps is None else self.steps,
            samples=base.samples if self.samples is None else self.samples,
            start=base.start if self.start is None else self.start,
            correction=self.correction or base.correction,
            eta=base.eta if self.eta is None else self.eta,
            eta_b=base.eta_b if self.eta_b is None else self.eta_b,
        )


def check_sample_count(settings: SamplerSettings) -> None:
    """Raises InvalidSetting where there are too few samples for one."""
    if settings.samples < 2:
        raise InvalidSetting("samples", settings.samples, "2 or more for a spread")
