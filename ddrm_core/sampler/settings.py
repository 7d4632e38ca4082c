"""What a run is asked to do, and the named settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from ddrm_core.errors import InvalidSetting
from ddrm_core.schedule import TIMESTEPS

MAX_STEPS = 1000
MAX_SAMPLES = 1000
MAX_SEED = 2**63 - 1


class CorrectionKind(StrEnum):
    """How an estimate is made to agree with the levels."""

    BINS = "bins"
    PAPER = "paper"


class Preset(StrEnum):
    """A name for settings that belong together."""

    FAST = "fast"
    BALANCED = "balanced"
    BEST = "best"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class SamplerSettings:
    """One run's choices; an existing object is a valid one.

    Attributes:
        steps: Evaluations of the prior per sample, 1 to 1000.
        samples: How many are averaged, 1 to 1000.
        start: Timestep of the 1000-step schedule, 1 to 999, or None to follow the file's tables.
        correction: Which one.
        eta: Share of new noise per step, 0 to 1.
        eta_b: Share of the correction in `paper`, 0 to 1; `bins` has none.
        antithetic: Whether samples come in pairs with opposite noise.
        start_factor: With no `start`, how many times the timestep that matches the file's expected
            error, above 0.
        error_factor: What `bins` multiplies the expected error of an estimate by, above 0.
    """

    steps: int
    samples: int
    start: int | None = None
    correction: CorrectionKind = CorrectionKind.BINS
    eta: float = 1.0
    eta_b: float = 0.4
    antithetic: bool = True
    start_factor: float = 4.0
    error_factor: float = 1.75

    def __post_init__(self) -> None:
        """Raises InvalidSetting for the first value out of range."""
        _check("steps", self.steps, 1, MAX_STEPS)
        _check("samples", self.samples, 1, MAX_SAMPLES)
        if self.start is not None:
            _check("start", self.start, 1, TIMESTEPS - 1)
        _check("eta", self.eta, 0, 1)
        _check("eta-b", self.eta_b, 0, 1)
        _check("start factor", self.start_factor, 0.1, 100)
        _check("error factor", self.error_factor, 0.01, 100)

    @property
    def evaluations(self) -> int:
        """Of the prior, per picture."""
        return self.steps * self.samples


def check_seed(seed: int) -> None:
    """Raises InvalidSetting unless 0 <= seed < 2**63."""
    _check("seed", seed, 0, MAX_SEED)


def _check(name: str, value: int | float, low: int | float, high: int | float) -> None:
    if not low <= value <= high:
        raise InvalidSetting(name, value, f"{low} to {high}")


PRESETS: Mapping[Preset, SamplerSettings] = MappingProxyType(
    {
        Preset.FAST: SamplerSettings(steps=4, samples=2, start_factor=4.7),
        Preset.BALANCED: SamplerSettings(steps=12, samples=2),
        Preset.BEST: SamplerSettings(steps=20, samples=4),
        # As published: start 300, 20 steps, eta 1, eta_b 0.4, the mean of 30 independent samples.
        Preset.PAPER: SamplerSettings(
            steps=20, samples=30, start=300, correction=CorrectionKind.PAPER, antithetic=False
        ),
    }
)
