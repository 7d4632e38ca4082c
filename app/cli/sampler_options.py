"""What was asked of the sampler on the command line."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ddrm_core.errors import InvalidSetting
from ddrm_core.sampler.settings import PRESETS, CorrectionKind, Preset, SamplerSettings


@dataclass(frozen=True, slots=True)
class Choices:
    """What was asked of the sampler; None follows the preset or the record."""

    preset: Preset | None
    steps: int | None
    samples: int | None
    start: int | None
    correction: CorrectionKind | None
    eta: float | None
    eta_b: float | None

    def settings(self) -> SamplerSettings:
        """The preset's, the balanced one's where none was named, with whatever was given."""
        return self.over(PRESETS[self.preset or Preset.BALANCED])

    def over(self, base: SamplerSettings) -> SamplerSettings:
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


def check_spread(settings: SamplerSettings) -> None:
    """Raises InvalidSetting where there are too few samples for one."""
    if settings.samples < 2:
        raise InvalidSetting("samples", settings.samples, "2 or more for a spread")
