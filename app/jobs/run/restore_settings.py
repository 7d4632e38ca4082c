"""Settings of a restoration that do not belong to one file."""

from __future__ import annotations

from dataclasses import dataclass

from ddrm_core.restoration.assumption import NO_ASSUMPTION, CompressionAssumption
from ddrm_core.sampler.settings import SamplerSettings


@dataclass(frozen=True, slots=True)
class RestoreSettings:
    """Settings with which a file is restored.

    Attributes:
        sampler: Sampler settings.
        seed: Seed of the run's noise, 0 to 2**63 - 1.
        device: Device name for `choose_device`.
        prior: Name of an imported prior, None for the bundled prior.
        assumption: Assumption about the file's compression.
        is_prior_fallback: Whether the bundled prior takes the place of a prior that is not
            available, without the user's choice. Only settings for a batch state this.
    """

    sampler: SamplerSettings
    seed: int
    device: str
    prior: str | None = None
    assumption: CompressionAssumption = NO_ASSUMPTION
    is_prior_fallback: bool = False
