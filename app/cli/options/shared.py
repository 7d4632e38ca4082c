"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.console import print_note
from app.cli.options.compute import NO_COMPUTE_OPTIONS, ComputeOptions
from app.config.prior_locations import DefaultPrior, find_default_prior, load_prior_by_name
from app.i18n.error_messages import message_from_error
from ddrm_core.formats.defaults import MAX_PIXELS
from ddrm_core.sampler.settings import PRESET_PRIORS, Preset, check_seed

if TYPE_CHECKING:  # loads torch; usage errors are reported without it
    from ddrm_core.prior.denoiser import Prior

BUNDLED_PRIOR_NAME = "compact"
# An unamplified standard deviation of one gray level would be invisible in an 8-bit image.
SPREAD_AMPLIFICATION = 8
DEFAULT_MAX_MEGAPIXELS = MAX_PIXELS // 1_000_000

SeedOption = Annotated[
    int | None,
    typer.Option(
        help="Seed of all noise, 0 to 2^63 - 1; a run with the same seed gives the same result;"
        " default: 0."
    ),
]
PriorOption = Annotated[
    str | None,
    typer.Option(
        help="Prior: ffdnet-color, compact, the name of an imported prior, or a file; default: the"
        " prior that the preset names, otherwise ffdnet-color where its package is installed."
    ),
]
DeviceOption = Annotated[
    str, typer.Option(help="Device of the run: auto, cpu, cuda, cuda:N or mps.")
]
SpreadOption = Annotated[
    Path | None,
    typer.Option(
        help="Also write the spread (standard deviation over samples) to this file, multiplied by"
        f" {SPREAD_AMPLIFICATION} unless --bits is 32."
    ),
]
SamplesFolderOption = Annotated[
    Path | None,
    typer.Option("--samples-dir", help="Also write each sample to a file in this folder."),
]
TolerateDamageOption = Annotated[
    bool,
    typer.Option(
        "--tolerate-damage",
        help="Restore the intact part of a damaged JPEG, and leave the other pixels as decoded.",
    ),
]
MaxMegapixelsOption = Annotated[
    int, typer.Option(min=1, help="Largest image that is accepted, in millions of pixels.")
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON document instead of text.")
]
AssumeEarlierOption = Annotated[
    bool,
    typer.Option(
        "--assume-earlier",
        help="If the JPEG shows signs of an earlier compression at a lower quality factor, restore"
        " it for that one, which is estimated, instead of its own tables.",
    ),
]
KeepDateOption = Annotated[
    bool,
    typer.Option(
        "--keep-date/--no-keep-date",
        help="Give a result the modification time of its source instead of the current time.",
    ),
]
OverwriteOption = Annotated[bool, typer.Option("--overwrite", help="Replace existing files.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """The options of a run besides the sampler's settings.

    Attributes:
        seed: Value of the option `--seed`, None if the option was not given.
        prior: Value of the option `--prior`, None if the option was not given.
        device: Name of the device.
        compute: Limits of the computation.
    """

    seed: SeedOption = None
    prior: PriorOption = None
    device: DeviceOption = "auto"
    compute: ComputeOptions = NO_COMPUTE_OPTIONS

    def __post_init__(self) -> None:
        """Raise InvalidSetting if the seed is out of range."""
        check_seed(self.seed or 0)

    def load_prior(self, name: str) -> Prior:
        """Apply the limits of the computation, and load the prior with a name or from a file.

        Raises the errors of `load_prior_by_name`.
        """
        self.compute.apply()
        return load_prior_by_name(name, self.device, print_note)


def choose_prior(option: str | None, preset: Preset | None) -> DefaultPrior:
    """Return the prior of a run, and why it is not the preferred one if the user named none.

    If the bundled prior takes the place of the preferred one, a line on standard error says so.

    Args:
        option: Value of the option `--prior`, which is preferred to the preset's prior; None if the
            option was not given.
        preset: Preset on which the run's settings are based, None for the settings of a run record.
    """
    name = option if option is not None or preset is None else PRESET_PRIORS.get(preset)
    if name is not None:
        return DefaultPrior(name)
    default = find_default_prior()
    if default.fallback_error is not None:
        title = message_from_error(default.fallback_error).title
        print_note(f"{title}; the prior {default.name} is used instead")
    return default


def choose_prior_name(option: str | None, preset: Preset | None) -> str:
    """Return the name or file of the prior of a run; see `choose_prior`."""
    return choose_prior(option, preset).name


def choose_preset_priors(presets: Sequence[Preset]) -> dict[Preset, str]:
    """Return the name of each preset's prior; the default prior's for a preset that names none."""
    unnamed = [preset for preset in presets if preset not in PRESET_PRIORS]
    default_name = choose_prior_name(None, unnamed[0]) if unnamed else ""
    return {preset: PRESET_PRIORS.get(preset, default_name) for preset in presets}
