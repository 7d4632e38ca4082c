"""Sampler settings and presets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from ddrm_core.allowed_values import describe_range
from ddrm_core.errors import InvalidSetting
from ddrm_core.plugins import PluginKind, UnusablePlugin, make_printable
from ddrm_core.sampler.corrections.bins import BinsParameters
from ddrm_core.sampler.corrections.paper import PaperParameters
from ddrm_core.sampler.corrections.parameters import CorrectionParameters, StoredParameters
from ddrm_core.sampler.corrections.registry import CORRECTIONS
from ddrm_core.sampler.schedule import TIMESTEP_COUNT
from ddrm_core.setting_fields import Help, Limits, check_limits, parse_settings

MAX_STEPS = 1000
MAX_SAMPLES = 1000
MAX_SEED = 2**63 - 1


class NoiseSpacing(StrEnum):
    """The rule by which the noise levels of a run's steps are spaced."""

    UNIFORM = "uniform"  # equally spaced timesteps down to 0, as in the paper
    GEOMETRIC = "geometric"  # equal ratios, down to a multiple of the file's expected error


class Preset(StrEnum):
    """The name of built-in sampler settings that belong together."""

    DRAFT = "draft"
    FAST = "fast"
    BALANCED = "balanced"
    BEST = "best"
    DETAIL = "detail"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class SamplerSettings:
    """The settings of the sampler in one run, validated on creation.

    Attributes:
        steps: Evaluations of the prior per sample, 1 to 1000.
        samples: Number of samples to average, 1 to 1000.
        start: Timestep of the 1000-step schedule at which sampling starts, 1 to 999; None to follow
            the file's expected error.
        correction: Name of the correction, which need not be loaded before a run is created.
        eta: Share of new noise per step, 0 to 1.
        antithetic: Whether samples form antithetic pairs.
        start_factor: First noise level as a multiple of the file's expected error, 0.1 to 100;
            ignored if `start` is given.
        end_factor: Last noise level as a multiple of the file's expected error, 0.01 to 100; for
            geometric spacing only.
        spacing: Spacing of noise levels.
        temperature: Factor on new noise, 0 to 1, that leaves the noise level given to the prior
            unchanged.
        momentum: Factor on the last change of an estimate that is added to the estimate, 0 to 1.
        sigma_factor: Factor on the noise level that is passed to the prior, 0.5 to 1; the noise
            itself stays. With a factor below 1, the prior keeps more texture.
        sigma_factor_below: Highest noise level at which `sigma_factor` applies, as a multiple of
            the last noise level, 1 to 100.
        turned_views: Whether the prior evaluates each step of each sample in another dihedral
            transform, if the prior was trained on such transforms.
        correction_parameters: Parameters of any corrections in the order of their names; a
            correction without an entry has its defaults.
    """

    steps: Annotated[
        int, Limits(1, MAX_STEPS), Help("Evaluations of the prior per sample, 1 to 1000.")
    ]
    samples: Annotated[
        int, Limits(1, MAX_SAMPLES), Help("Number of samples to average, 1 to 1000.")
    ]
    start: Annotated[
        int | None,
        Limits(1, TIMESTEP_COUNT - 1),
        Help(
            "Timestep of the 1000-step schedule at which sampling starts, 1 to 999; default:"
            " follows from the file's expected error."
        ),
    ] = None
    correction: Annotated[
        str,
        Help(
            "Correction that makes estimates agree with the levels: bins, paper or an installed"
            " plug-in."
        ),
    ] = BinsParameters.name
    eta: Annotated[
        float, Limits(0, 1), Help("Share of new noise in the noise of each step, 0 to 1.")
    ] = 1.0
    antithetic: Annotated[bool, Help("Draw samples in pairs whose noise differs in sign only.")] = (
        True
    )
    start_factor: Annotated[
        float,
        Limits(0.1, 100),
        Help(
            "First noise level as a multiple of the file's expected error, 0.1 to 100; ignored if"
            " --start is given."
        ),
    ] = 4.5
    end_factor: Annotated[
        float,
        Limits(0.01, 100),
        Help(
            "Last noise level as a multiple of the file's expected error, 0.01 to 100; for"
            " geometric spacing only."
        ),
    ] = 0.7
    spacing: Annotated[
        NoiseSpacing,
        Help("Spacing of noise levels: equal timesteps (uniform) or equal ratios (geometric)."),
    ] = NoiseSpacing.GEOMETRIC
    temperature: Annotated[
        float,
        Limits(0, 1),
        Help("Factor on new noise, 0 to 1, that leaves the noise level of the prior unchanged."),
    ] = 1.0
    momentum: Annotated[
        float,
        Limits(0, 1),
        Help("Share of an estimate's last change that is added to the estimate, 0 to 1."),
    ] = 0.0
    sigma_factor: Annotated[
        float,
        Limits(0.5, 1),
        Help(
            "Factor on the noise level that is passed to the prior in the last steps, 0.5 to 1;"
            " below 1, more texture is kept."
        ),
    ] = 1.0
    sigma_factor_below: Annotated[
        float,
        Limits(1, 100),
        Help(
            "Highest noise level at which --sigma-factor applies, as a multiple of the last noise"
            " level, 1 to 100."
        ),
    ] = 1.2
    turned_views: Annotated[
        bool,
        Help(
            "Evaluate each step on a mirrored or turned image (one of eight dihedral transforms)."
        ),
    ] = True
    correction_parameters: tuple[CorrectionParameters | StoredParameters, ...] = ()

    def __post_init__(self) -> None:
        """Raise InvalidSetting for the first value out of range; sort the corrections' parameters.

        Raise ValueError if a correction has two entries of parameters.
        """
        check_limits(self)
        entries = [p for p in self.correction_parameters if not _are_defaults(p)]
        names = [p.name for p in entries]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two entries of parameters of {name!r}")
        entries.sort(key=lambda p: p.name)
        object.__setattr__(self, "correction_parameters", tuple(entries))

    def parameters_of(self, name: str) -> CorrectionParameters:
        """Return the parameters of a registered correction; its defaults if none are set.

        Raises:
            UnknownPlugin: If the correction is not registered.
            UnusablePlugin: If stored parameters are those of another version of the correction.
        """
        defaults = CORRECTIONS.get(name)
        entry = next((p for p in self.correction_parameters if p.name == name), None)
        if not isinstance(entry, StoredParameters):
            return entry or defaults
        try:
            return parse_settings(type(defaults), dict(entry.values))
        except (ValueError, InvalidSetting) as error:
            values = ", ".join(f"{parameter}={value}" for parameter, value in entry.values)
            reason = make_printable(f"it has other parameters than {values}")
            raise UnusablePlugin(PluginKind.CORRECTION, name, entry.origin, reason) from error

    def with_parameters(self, parameters: CorrectionParameters) -> SamplerSettings:
        """Return a copy of these settings in which one correction has the given parameters."""
        others = [p for p in self.correction_parameters if p.name != parameters.name]
        return replace(self, correction_parameters=(*others, parameters))

    def with_loaded_parameters(self, path: Path | None = None) -> SamplerSettings:
        """Return a copy in which `StoredParameters` of the chosen correction are parsed.

        Args:
            path: File that the settings were read from; None if not from a file.

        Raises:
            UnknownPlugin, UnusablePlugin: See `PluginRegistry.get` and `parameters_of`.
        """
        CORRECTIONS.get(self.correction, path)
        return self.with_parameters(self.parameters_of(self.correction))

    @property
    def evaluation_count(self) -> int:
        """Number of evaluations of the prior per tile, over all samples."""
        return self.steps * self.samples


def _are_defaults(parameters: CorrectionParameters | StoredParameters) -> bool:
    name = parameters.name
    return name in CORRECTIONS.names() and parameters == CORRECTIONS.get(name)


def load_chosen_correction(settings: SamplerSettings, path: Path | None = None) -> SamplerSettings:
    """Load the correction that settings choose; return the settings with parsed parameters.

    Nothing is loaded if the correction is registered already.

    Args:
        settings: Settings. The user must have requested them, because loading a correction runs
            code of an installed package.
        path: File that the settings were read from; None if not from a file.

    Raises:
        UnknownPlugin, UnusablePlugin: See `PluginRegistry` and `with_loaded_parameters`.
    """
    name = settings.correction
    if name not in CORRECTIONS.names() and name in CORRECTIONS.list_installed():
        CORRECTIONS.load_installed(name)
    return settings.with_loaded_parameters(path)


def check_seed(seed: int) -> None:
    """Raise InvalidSetting unless 0 <= seed < 2**63."""
    if not 0 <= seed <= MAX_SEED:
        raise InvalidSetting("seed", seed, describe_range(0, MAX_SEED))


# FFDNet's estimates of a JPEG are further off than its errors in noise alone tell.
_WIDER_ERRORS = (BinsParameters(error_factor=2.2),)

# Chosen from the map of settings in docs/SAMPLER.md.
PRESETS: Mapping[Preset, SamplerSettings] = MappingProxyType(
    {
        # Without noise, a single sample removes the file's own error only.
        Preset.DRAFT: SamplerSettings(
            steps=2,
            samples=1,
            antithetic=False,
            start_factor=3.0,
            end_factor=0.8,
            temperature=0.0,
            momentum=1.0,
            correction_parameters=_WIDER_ERRORS,
        ),
        Preset.FAST: SamplerSettings(
            steps=4,
            samples=1,
            antithetic=False,
            end_factor=0.5,
            temperature=0.0,
            momentum=0.65,
            correction_parameters=_WIDER_ERRORS,
        ),
        Preset.BALANCED: SamplerSettings(
            steps=8,
            samples=2,
            end_factor=0.5,
            temperature=0.85,
            momentum=0.3,
            correction_parameters=_WIDER_ERRORS,
        ),
        Preset.BEST: SamplerSettings(
            steps=12,
            samples=4,
            end_factor=0.5,
            temperature=0.85,
            momentum=0.3,
            correction_parameters=_WIDER_ERRORS,
        ),
        Preset.DETAIL: SamplerSettings(
            steps=12,
            samples=1,
            end_factor=0.8,
            antithetic=False,
            sigma_factor=0.81,
            sigma_factor_below=1.1,
        ),
        # The paper's settings: start 300, 20 steps, eta 1, eta_b 0.4, 30 independent samples.
        Preset.PAPER: SamplerSettings(
            steps=20,
            samples=30,
            start=300,
            correction=PaperParameters.name,
            antithetic=False,
            spacing=NoiseSpacing.UNIFORM,
            turned_views=False,
        ),
    }
)

PRESET_PRIORS: Mapping[Preset, str] = MappingProxyType({})
"""Names of the priors with which presets run; presets without an entry run with any prior."""


def find_preset(settings: SamplerSettings) -> Preset | None:
    """Return the preset that has these settings, None for settings of no preset."""
    return next((preset for preset, known in PRESETS.items() if known == settings), None)
