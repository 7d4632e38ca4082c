"""What a run is asked to do, and the named settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from ddrm_core.errors import InvalidSetting
from ddrm_core.sampler.schedule import TIMESTEP_COUNT

MAX_STEPS = 1000
MAX_SAMPLES = 1000
MAX_SEED = 2**63 - 1


class CorrectionKind(StrEnum):
    """How an estimate is made to agree with the levels."""

    BINS = "bins"
    PAPER = "paper"


class NoiseSpacing(StrEnum):
    """How noise levels follow each other from the start."""

    UNIFORM = "uniform"  # timesteps equally far apart, down to 0, as in the paper
    GEOMETRIC = "geometric"  # in equal ratios, down to a multiple of the file's expected error


class Preset(StrEnum):
    """A name for settings that belong together."""

    FAST = "fast"
    BALANCED = "balanced"
    BEST = "best"
    DETAIL = "detail"
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
        start_factor: With no `start`, how many times the file's expected error the first noise
            level is, above 0.
        end_factor: How many times that error the last one is, where they follow each other
            geometrically, above 0.
        spacing: How noise levels follow each other.
        temperature: New noise is weaker than the prior is told by this factor, 0 to 1.
        momentum: By which share of its last change an estimate is moved on, 0 to 1.
        turned_views: Whether the prior sees each step of each sample in another of the eight
            positions of a square, if it has learnt pictures in those.
        error_factor: What `bins` multiplies the expected error of an estimate by, above 0.
    """

    steps: int
    samples: int
    start: int | None = None
    correction: CorrectionKind = CorrectionKind.BINS
    eta: float = 1.0
    eta_b: float = 0.4
    antithetic: bool = True
    start_factor: float = 4.5
    end_factor: float = 0.7
    spacing: NoiseSpacing = NoiseSpacing.GEOMETRIC
    temperature: float = 1.0
    momentum: float = 0.0
    turned_views: bool = True
    error_factor: float = 1.75

    def __post_init__(self) -> None:
        """Raises InvalidSetting for the first value out of range."""
        _check_setting_range("steps", self.steps, 1, MAX_STEPS)
        _check_setting_range("samples", self.samples, 1, MAX_SAMPLES)
        if self.start is not None:
            _check_setting_range("start", self.start, 1, TIMESTEP_COUNT - 1)
        _check_setting_range("eta", self.eta, 0, 1)
        _check_setting_range("eta-b", self.eta_b, 0, 1)
        _check_setting_range("start factor", self.start_factor, 0.1, 100)
        _check_setting_range("end factor", self.end_factor, 0.01, 100)
        _check_setting_range("temperature", self.temperature, 0, 1)
        _check_setting_range("momentum", self.momentum, 0, 1)
        _check_setting_range("error factor", self.error_factor, 0.01, 100)

    @property
    def evaluation_count(self) -> int:
        """Of the prior, per picture."""
        return self.steps * self.samples


def check_seed(seed: int) -> None:
    """Raises InvalidSetting unless 0 <= seed < 2**63."""
    _check_setting_range("seed", seed, 0, MAX_SEED)


def _check_setting_range(
    name: str, value: int | float, low: int | float, high: int | float
) -> None:
    if not low <= value <= high:
        raise InvalidSetting(name, value, f"{low} to {high}")


# Chosen from the map in docs/SAMPLER.md.
PRESETS: Mapping[Preset, SamplerSettings] = MappingProxyType(
    {
        Preset.FAST: SamplerSettings(
            steps=4, samples=2, end_factor=0.8, temperature=0.7, momentum=0.5
        ),
        Preset.BALANCED: SamplerSettings(steps=12, samples=2),
        Preset.BEST: SamplerSettings(steps=10, samples=4, end_factor=0.6, momentum=0.2),
        Preset.DETAIL: SamplerSettings(
            steps=12, samples=1, end_factor=0.9, antithetic=False, turned_views=False
        ),
        # As published: start 300, 20 steps, eta 1, eta_b 0.4, the mean of 30 independent samples.
        Preset.PAPER: SamplerSettings(
            steps=20,
            samples=30,
            start=300,
            correction=CorrectionKind.PAPER,
            antithetic=False,
            spacing=NoiseSpacing.UNIFORM,
            turned_views=False,
        ),
    }
)
